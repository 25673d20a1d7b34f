"""The files of a call: its ladder as SVG, PNG and text, its messages as pcap, text, JSON and for SIPp (FEATURES G)."""

import asyncio
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.responses import Response

from appliance.calls.ladder import Ladder
from appliance.export import as_json, ladder_png, ladder_svg, ladder_text, pcap, ticket
from appliance.export.sipp.scenario import scenario
from appliance.export.sipp.side import Side
from appliance.export.sipp.steps import NoScenario
from appliance.model.octets import octets
from appliance.web import call_download, call_flow, call_reports
from appliance.web.api import v1
from appliance.web.call_download import answer as _file
from appliance.web.call_download import found as _found
from appliance.web.found_call import FoundCall
from appliance.web.state import Request
from appliance.web.wording import sentence


async def flow_svg(request: Request) -> Response:
    """The ladder as a picture that scales."""
    found = await _found(request, "flow.svg")
    drawn = await _ladder(request, found)
    return _file(found, "svg", "image/svg+xml", ladder_svg.svg_file(drawn, title=_title(found)).encode("utf-8"))


async def flow_png(request: Request) -> Response:
    """One page of the ladder; `?page=` picks one of a long call."""
    found = await _found(request, "flow.png")
    drawn = await _ladder(request, found)
    pages = ladder_png.pages(drawn)
    number = request.query_params.get("page", "1")
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:6]) <= pages):
        raise HTTPException(404, f"The picture of this ladder has pages 1 to {pages}.")
    body = await _drawing(ladder_png.png, drawn, int(number) - 1, _title(found))
    return _file(found, f"page-{number}.png" if pages > 1 else "png", "image/png", body)


async def flow_png_zip(request: Request) -> Response:
    """All pages of the ladder in one file."""
    found = await _found(request, "flow.png.zip")
    drawn = await _ladder(request, found)
    body = await _drawing(ladder_png.archive, drawn, call_download.file_name(found, ""), _title(found))
    return _file(found, "png.zip", "application/zip", body, attached=True)


async def flow_txt(request: Request) -> Response:
    """The ladder as plain text."""
    found = await _found(request, "flow.txt")
    body = ladder_text.text(await _ladder(request, found))
    return _file(found, "flow.txt", "text/plain; charset=utf-8", body.encode("utf-8"))


async def messages_pcap(request: Request) -> Response:
    """The messages as packets, for Wireshark."""
    found = await _found(request, "messages.pcap")
    return _file(found, "pcap", "application/vnd.tcpdump.pcap", pcap.pcap(found.messages), attached=True)


async def messages_txt(request: Request) -> Response:
    """The ladder and the messages as they were on the wire, with times and addresses: for a ticket."""
    found = await _found(request, "messages.txt")
    body = ticket.text(await call_download.material(request, found))
    return _file(found, "txt", "text/plain; charset=utf-8", octets(body))


async def messages_json(request: Request) -> Response:
    """The call in the API's words, with the text of every message."""
    found = await _found(request, "messages.json")
    body = v1.dump(as_json.of_material(await call_download.material(request, found)))
    return _file(found, "json", "application/json", body.encode("utf-8"), attached=True)


async def sipp_uac(request: Request) -> Response:
    """The caller's side as a scenario for SIPp."""
    return await _scenario(request, Side.CALLER)


async def sipp_uas(request: Request) -> Response:
    """The callee's side."""
    return await _scenario(request, Side.CALLEE)


async def _scenario(request: Request, side: Side) -> Response:
    found = await _found(request, f"sipp-{side}.xml")
    try:
        body = scenario(found.messages, side).encode("ascii")
    except NoScenario as error:
        raise HTTPException(422, sentence(str(error))) from error
    return _file(found, f"sipp-{side}.xml", "application/xml", body, attached=True)


async def _ladder(request: Request, found: FoundCall) -> Ladder:
    return call_flow.for_file(request, found, await call_reports.quality_of(request, found))


def _title(found: FoundCall) -> str:
    return f"Call {found.callid}"


async def _drawing(draw: Callable[..., bytes], *arguments: object) -> bytes:
    """What a process of its own draws, waited for in a thread."""
    try:
        return await asyncio.to_thread(draw, *arguments)
    except ladder_png.PictureError as error:
        raise HTTPException(503, sentence(str(error))) from error
