"""`hepbox call CALLID`: one call as text, JSON, SVG, PNG or pcap, on standard output or in a file."""

import json
import sys
import textwrap
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from appliance.cli.app import Config, DataDir, app
from appliance.cli.instance import WRONG_USAGE, fail, read_settings, site_of, with_database
from appliance.export import as_json, ladder_png, ladder_svg, ladder_text, pcap
from appliance.export.ladder_png import PictureError
from appliance.export.prepared import Prepared, prepared
from appliance.model.ids import call_key
from appliance.model.octets import octets, shown
from appliance.model.quality import QualityRow
from appliance.storage import audit, leg_edits
from appliance.storage import messages as stored
from appliance.storage.audit import Action
from appliance.storage.connection import Database
from appliance.storage.messages import MOST_MESSAGES, FoundCall
from appliance.web import call_reports
from appliance.why.explain import explain
from appliance.why.finding import Explanation


class Format(StrEnum):
    """What a call can be written as."""

    TEXT = "text"
    JSON = "json"
    SVG = "svg"
    PNG = "png"
    PCAP = "pcap"
    SIPP_UAC = "sipp-uac"
    SIPP_UAS = "sipp-uas"


LATER = (Format.SIPP_UAC, Format.SIPP_UAS)
COMMAND = "command line"
"""Who joined or cut a leg, where it was a command."""
BINARY = (Format.PNG, Format.PCAP)

CallId = Annotated[str, typer.Argument(metavar="CALLID", help="the Call-ID as it stands in the messages")]
As = Annotated[Format, typer.Option("--format", help="what to write")]
Join = Annotated[str | None, typer.Option("--join", metavar="OTHER", help="say that this Call-ID is a leg of the call")]
Cut = Annotated[str | None, typer.Option("--cut", metavar="OTHER", help="say that this Call-ID is no leg of the call")]
OneLeg = Annotated[bool, typer.Option("--one", help="only this Call-ID, without the other legs of its call")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="file to write", show_default="standard output")]


@app.command()
def call(
    callid: CallId,
    format_: As = Format.TEXT,
    output: Output = None,
    join: Join = None,
    cut: Cut = None,
    one: OneLeg = False,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Show one call with all its legs: its ladder as text, or another format. Or say which calls are its legs."""
    if join is not None or cut is not None:
        _decide(callid, join, cut, config, data_dir)
        return
    if format_ in LATER:
        fail(f"--format {format_} comes with a later version; text, json, svg, png and pcap are there", WRONG_USAGE)
    if output is None and format_ in BINARY and sys.stdout.isatty():
        fail(f"{format_} is no text for a terminal; name a file with -o", WRONG_USAGE)
    found, reports = _find(callid, one, format_ is Format.JSON, config, data_dir)
    call_ready = prepared(found.messages)
    files = _written(found, call_ready, reports, format_)
    if output is None and len(files) > 1:
        fail(f"this call has {len(files)} pictures; name a file with -o", WRONG_USAGE)
    _save(files, output)
    if len(found.messages) >= MOST_MESSAGES:
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


def _find(
    callid: str, one: bool, with_reports: bool, config: Path | None, data_dir: Path | None
) -> tuple[FoundCall, list[QualityRow]]:
    settings = read_settings(config, data_dir)
    site = site_of(settings)

    async def read(database: Database) -> tuple[FoundCall, list[QualityRow]] | None:
        found = await stored.call(database, site, octets(callid), only=[callid] if one else None)
        if found is None:
            return None
        if not with_reports:
            return found, []
        return found, await call_reports.reported(database, site, found.callids, found.call, found.messages)

    found = with_database(settings, read)
    if found is None:
        fail(f"nothing is stored of Call-ID {shown(callid)!r}; `hepbox search` finds calls by parts of it")
    return found


def _written(found: FoundCall, call_ready: Prepared, reports: list[QualityRow], format_: Format) -> list[bytes]:
    """One file, or one for each page of a long picture."""
    ladder, rows = call_ready.ladder, call_ready.messages
    match format_:
        case Format.TEXT:
            return [f"{_sentence(_why(found, call_ready))}\n\n{ladder_text.text(ladder)}".encode()]
        case Format.SVG:
            return [ladder_svg.svg_file(ladder, title=f"Call {found.callid}").encode()]
        case Format.PCAP:
            return [pcap.pcap(rows)]
        case Format.PNG:
            return _pictures(call_ready, found.callid)
        case _:
            logs = call_reports.logs_among(rows)
            legs, possible = as_json.legs(found.legs), as_json.legs(found.possible)
            why = _why(found, call_ready)
            whole = as_json.whole_call(
                found.call, found.callid, rows, found.others, True, reports, logs, why, legs, possible
            )
            return [json.dumps(whole, indent=2, ensure_ascii=False).encode() + b"\n"]


def _why(found: FoundCall, call_ready: Prepared) -> Explanation:
    return explain(call_ready.messages, found.call, time.time_ns() // 1000)


def _sentence(why: Explanation) -> str:
    """What happened, no wider than the ladder below."""
    return textwrap.fill(shown(why.sentence), ladder_text.WIDTH, break_long_words=False, break_on_hyphens=False)


def _pictures(call_ready: Prepared, callid: str) -> list[bytes]:
    ladder = call_ready.ladder
    try:
        return [ladder_png.png(ladder, page, f"Call {callid}") for page in range(ladder_png.pages(ladder))]
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
