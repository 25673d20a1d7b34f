"""Everything of a call in one zip: its report, and each file that it can be taken as."""

import io
import time
import zipfile
from collections.abc import Iterator

from appliance.export import as_json, ladder_png, ladder_svg, messages_text, moments, pcap, ticket
from appliance.export.facts import title
from appliance.export.ladder_png import PictureError
from appliance.export.material import Material
from appliance.export.prepared import ladder_of
from appliance.export.report.page import html
from appliance.export.sipp.scenario import scenario
from appliance.export.sipp.side import Side
from appliance.export.sipp.steps import NoScenario

MOST_PICTURES = 10
"""Pages of the ladder that are drawn; each takes a second."""
PICTURE_SECONDS = 15.0
"""After this no further page is begun: proxies wait for a minute."""
File = tuple[str, bytes]


def bundle(call: Material, made_us: int) -> bytes:
    """The zip; blocks until its pictures are drawn."""
    missing: list[str] = []
    files = [*_files(call, made_us), *_pictures(call, missing), *_scenarios(call, missing)]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [("contents.txt", _contents(call, files, missing, made_us)), *files]:
            entry = zipfile.ZipInfo(name, moments.moment(max(made_us, 315_532_800_000_000)).timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return target.getvalue()


def _files(call: Material, made_us: int) -> Iterator[File]:
    yield "report.html", html(call, made_us).encode()
    yield "call.txt", _plain(ticket.text(call))
    yield "messages.pcap", pcap.pcap(call.messages)
    yield "messages.txt", _plain(messages_text.text(call.messages))
    yield "call.json", as_json.written(as_json.of_material(call)).encode()
    ladder = ladder_of(call.messages, call.names, quality=call.quality)
    yield "flow.svg", ladder_svg.svg_file(ladder, title=f"Call {title(call)}").encode()


def _pictures(call: Material, missing: list[str]) -> Iterator[File]:
    ladder = ladder_of(call.messages, call.names, quality=call.quality)
    pages = ladder_png.pages(ladder)
    end = time.monotonic() + PICTURE_SECONDS
    for page, drawn in enumerate(ladder_png.drawings(ladder, f"Call {title(call)}")):
        if page >= MOST_PICTURES or time.monotonic() > end:
            missing.append(f"pages {page + 1} to {pages} of the picture: flow.svg has the whole ladder")
            return
        try:
            yield f"flow-{page + 1}.png", drawn()
        except PictureError as error:
            missing.append(f"flow-{page + 1}.png: {error}")


def _scenarios(call: Material, missing: list[str]) -> Iterator[File]:
    for side in Side:
        try:
            yield f"sipp-{side.value}.xml", scenario(call.messages, side).encode()
        except NoScenario as error:
            missing.append(f"sipp-{side.value}.xml: {error}")


def _contents(call: Material, files: list[File], missing: list[str], made_us: int) -> bytes:
    lines = [f"Call {title(call)}, written by hepbox at {moments.stamp(made_us)}", ""]
    lines += [f"{name:<16} {WORDS[name.partition('-')[0] if name.startswith('flow-') else name]}" for name, _ in files]
    if missing:
        lines += ["", "Not in it:", *(f"  {words}" for words in missing)]
    return _plain("\n".join([*lines, ""]))


def _plain(text: str) -> bytes:
    return text.encode("utf-8", "replace")


WORDS = {
    "report.html": "the report: facts, ladder, media, logs, messages; open it in a browser",
    "call.txt": "facts, ladder and messages as one text, for a ticket",
    "messages.pcap": "every message as a packet, for Wireshark",
    "messages.txt": "every message as text",
    "call.json": "the call with its messages, reports and lines, for programs",
    "flow.svg": "the ladder, sharp at any size",
    "flow": "the ladder as a picture",
    "sipp-uac.xml": "the caller's side as a scenario for SIPp",
    "sipp-uas.xml": "the callee's side",
}
"""What each file is, by its name."""
