"""`hepbox call CALLID`: one call as text, JSON, a picture, pcap, a SIPp scenario or a report, on standard output or in
a file."""

import sys
import textwrap
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from appliance.cli.app import Config, DataDir, app
from appliance.cli.instance import WRONG_USAGE, fail, read_settings, site_of, with_database
from appliance.export import as_json, ladder_png, ladder_svg, ladder_text, pcap, ticket
from appliance.export.ladder_png import PictureError
from appliance.export.material import Material, explained
from appliance.export.prepared import in_order, ladder_of
from appliance.export.report import bundle, page
from appliance.export.sipp.scenario import scenario
from appliance.export.sipp.side import Side
from appliance.export.sipp.steps import NoScenario
from appliance.model.ids import call_key
from appliance.model.octets import octets, shown
from appliance.storage import aliases, audit, leg_edits, notes, pins
from appliance.storage import messages as stored
from appliance.storage.audit import Action
from appliance.storage.connection import Database
from appliance.storage.messages import MOST_MESSAGES
from appliance.web import call_reports
from appliance.web.call_download import material_of as material
from appliance.web.found_call import FoundCall, named, names_of, own_notes


class Format(StrEnum):
    """What a call can be written as."""

    TEXT = "text"
    MESSAGES = "messages"
    JSON = "json"
    SVG = "svg"
    PNG = "png"
    PCAP = "pcap"
    SIPP_UAC = "sipp-uac"
    SIPP_UAS = "sipp-uas"
    REPORT = "report"
    ZIP = "zip"


class Legs(StrEnum):
    """What belongs to the call."""

    ALL = "all"
    ONE = "one"


COMMAND = "command line"
"""Who joined or cut a leg, where it was a command."""
WITH_REPORTS = (Format.JSON, Format.REPORT, Format.ZIP)
BINARY = (Format.PNG, Format.PCAP, Format.ZIP)

CallId = Annotated[str, typer.Argument(metavar="CALLID", help="the Call-ID as it stands in the messages")]
As = Annotated[
    Format,
    typer.Option(
        "--format", help="what to write; text is the ladder, messages the same with every message, report HTML"
    ),
]
Of = Annotated[Legs, typer.Option("--legs", help="the joined call, or what has this Call-ID alone")]
Join = Annotated[str | None, typer.Option("--join", metavar="OTHER", help="say that this Call-ID is a leg of the call")]
Cut = Annotated[str | None, typer.Option("--cut", metavar="OTHER", help="say that this Call-ID is no leg of the call")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="file to write", show_default="standard output")]


@app.command()
def call(
    callid: CallId,
    format_: As = Format.TEXT,
    legs: Of = Legs.ALL,
    output: Output = None,
    join: Join = None,
    cut: Cut = None,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Show one call with its legs: its ladder as text, or another format. Or say which calls are its legs."""
    if join is not None or cut is not None:
        _decide(callid, join, cut, config, data_dir)
        return
    if output is None and format_ in BINARY and sys.stdout.isatty():
        fail(f"{format_} is no text for a terminal; name a file with -o", WRONG_USAGE)
    found = _find(callid, legs, format_ in WITH_REPORTS, config, data_dir)
    try:
        files = _pictures(found) if format_ is Format.PNG else [WRITERS[format_](found)]
    except NoScenario as error:
        fail(str(error))
    if output is None and len(files) > 1:
        fail(f"this call has {len(files)} pictures; name a file with -o", WRONG_USAGE)
    _save(files, output)
    if format_ is Format.PCAP and (left := sum(not pcap.is_packet(row) for row in found.messages)):
        print(f"hepbox: {left} reports, log lines and events were never packets and are not in it", file=sys.stderr)
    if found.cut:
        print(f"hepbox: only the first {MOST_MESSAGES} stored messages are in it", file=sys.stderr)


def _decide(callid: str, join: str | None, cut: str | None, config: Path | None, data_dir: Path | None) -> None:
    """Exactly one of the two, written down with who did it."""
    other = join if join is not None else cut
    if other is None or (join is not None and cut is not None):
        fail("give one of --join and --cut", WRONG_USAGE)
    change = leg_edits.join if join is not None else leg_edits.cut
    action = Action.LEG_JOINED if join is not None else Action.LEG_CUT

    async def write(database: Database) -> None:
        now_us = time.time_ns() // 1000
        await change(database, octets(callid), None, octets(other), COMMAND, now_us)
        object_ = f"{call_key(octets(callid))} {call_key(octets(other))}"
        await audit.record(database, now_us, COMMAND, action, object_)

    try:
        with_database(read_settings(config, data_dir), write)
    except leg_edits.NoSuchLeg as error:
        fail(f"{error}")


def _find(callid: str, legs: Legs, with_reports: bool, config: Path | None, data_dir: Path | None) -> Material:
    settings = read_settings(config, data_dir)
    site = site_of(settings)

    async def read(database: Database) -> Material | None:
        only = [callid] if legs is Legs.ONE else None
        found = await stored.call(database, site, octets(callid), only=only)
        found = await pins.call(database, octets(callid), None, found, _now_us())
        if found is None:
            return None
        rows = found.messages
        reports = []
        if with_reports:
            reports = await call_reports.reported(database, site, found.callids, found.call, rows)
        cut = len(found.messages) >= MOST_MESSAGES
        call = FoundCall(
            found.callid, found.call, in_order(rows), len(rows), found.others, cut, found.legs, found.possible
        )
        written = own_notes(call, await notes.of_callids(database, call.callids))
        logs = call_reports.logs_among(rows)
        names = names_of(call.messages, await aliases.read(database))
        call = await named(replace(call, notes=tuple(written), names=names), database, site, settings)
        whole = material(call, reports, logs)
        return explained(whole, _now_us())

    found = with_database(settings, read)
    if found is None:
        fail(f"nothing is stored of Call-ID {shown(callid)!r}; `hepbox search` finds calls by parts of it")
    return found


def _json(found: Material) -> bytes:
    """What `GET /api/v1/calls/KEY` answers."""
    return as_json.written(as_json.of_material(found)).encode()


def _svg(found: Material) -> bytes:
    ladder = ladder_of(found.messages, found.names, quality=found.quality)
    return ladder_svg.svg_file(ladder, title=f"Call {found.callid}").encode()


def _text(found: Material) -> bytes:
    """What happened in a sentence, no wider than the ladder below."""
    sentence = textwrap.fill(
        shown(found.sentences[0]), ladder_text.WIDTH, break_long_words=False, break_on_hyphens=False
    )
    return f"{sentence}\n\n{ladder_text.text(ladder_of(found.messages, found.names, quality=found.quality))}".encode()


def _now_us() -> int:
    return time.time_ns() // 1000


WRITERS: Mapping[Format, Callable[[Material], bytes]] = {
    Format.TEXT: _text,
    Format.MESSAGES: lambda found: octets(ticket.text(found)),
    Format.JSON: _json,
    Format.SVG: _svg,
    Format.PCAP: lambda found: pcap.pcap(found.messages),
    Format.SIPP_UAC: lambda found: scenario(found.messages, Side.CALLER).encode(),
    Format.SIPP_UAS: lambda found: scenario(found.messages, Side.CALLEE).encode(),
    Format.REPORT: lambda found: page.html(found, _now_us()).encode("utf-8", "replace"),
    Format.ZIP: lambda found: bundle.bundle(found, _now_us()),
}


def _pictures(found: Material) -> list[bytes]:
    """One for each page of a long call."""
    ladder = ladder_of(found.messages, found.names, quality=found.quality)
    try:
        return [drawn() for drawn in ladder_png.drawings(ladder, f"Call {found.callid}")]
    except PictureError as error:
        fail(str(error))


def _save(files: list[bytes], output: Path | None) -> None:
    """FILE, or FILE-1, FILE-2 … before its suffix when there are several."""
    if output is None:
        sys.stdout.buffer.write(files[0])
        return
    names = [output]
    if len(files) > 1:
        names = [output.with_stem(f"{output.stem}-{number}") for number in range(1, len(files) + 1)]
    try:
        for name, content in zip(names, files, strict=True):
            name.write_bytes(content)
    except OSError as error:
        fail(f"{error.filename}: cannot be written ({error.strerror})")
