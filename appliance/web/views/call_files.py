"""The files of a call: its ladder as SVG, PNG and text, its messages as pcap, text and JSON (FEATURES G1, E2)."""

import asyncio
import re

from starlette.exceptions import HTTPException
from starlette.responses import Response

from appliance.calls import ladder
from appliance.calls.ladder import Ladder
from appliance.export import as_json, ladder_png, ladder_svg, ladder_text, messages_text, pcap
from appliance.model.ids import call_key
from appliance.model.octets import octets
from appliance.storage.audit import Action
from appliance.web import audit_trail, found_call
from appliance.web.api import v1
from appliance.web.found_call import FoundCall
from appliance.web.state import Request
from appliance.web.wording import sentence, stamp

SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For files that a browser may open by itself: nothing in them runs, whatever the network sent."""


async def flow_svg(request: Request) -> Response:
    """The ladder as a picture that scales."""
    found = await _found(request, "flow.svg")
    return _file(found, "svg", "image/svg+xml", ladder_svg.svg_file(_ladder(found)).encode("utf-8"))


async def flow_png(request: Request) -> Response:
    """One page of the ladder; `?page=` picks one of a long call."""
    found = await _found(request, "flow.png")
    drawn = _ladder(found)
    pages = ladder_png.pages(drawn)
    number = request.query_params.get("page", "1")
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:6]) <= pages):
        raise HTTPException(404, f"The picture of this ladder has pages 1 to {pages}.")
    try:
        body = await asyncio.to_thread(ladder_png.png, drawn, int(number) - 1)
    except ladder_png.PictureError as error:
        raise HTTPException(503, sentence(str(error))) from error
    return _file(found, f"page-{number}.png" if pages > 1 else "png", "image/png", body)


async def flow_txt(request: Request) -> Response:
    """The ladder as plain text."""
    found = await _found(request, "flow.txt")
    return _file(found, "flow.txt", "text/plain; charset=utf-8", ladder_text.text(_ladder(found)).encode("utf-8"))


async def messages_pcap(request: Request) -> Response:
    """The messages as packets, for Wireshark."""
    found = await _found(request, "messages.pcap")
    return _file(found, "pcap", "application/vnd.tcpdump.pcap", pcap.pcap(found.messages), attached=True)


async def messages_txt(request: Request) -> Response:
    """The messages as they were on the wire, with times and addresses."""
    found = await _found(request, "messages.txt")
    body = messages_text.text(found.messages)
    return _file(found, "txt", "text/plain; charset=utf-8", octets(body))


async def messages_json(request: Request) -> Response:
    """The call and its messages in the API's words."""
    found = await _found(request, "messages.json")
    legs = as_json.legs(found.legs)
    call = as_json.whole_call(found.call, found.callid, found.messages, found.others, legs=legs)
    written = v1.notes_as_json(found.notes)
    body = v1.dump({**call, "notes": written, "messages": [v1.whole_message(row) for row in found.messages]})
    return _file(found, "json", "application/json", body.encode("utf-8"), attached=True)


async def _found(request: Request, what: str) -> FoundCall:
    found = await found_call.find(request)
    await audit_trail.write(request, Action.EXPORTED, f"{what} {call_key(octets(found.callid))}")
    return found


def _ladder(found: FoundCall) -> Ladder:
    return ladder.layout(found.messages)


def _file(found: FoundCall, suffix: str, kind: str, body: bytes, *, attached: bool = False) -> Response:
    how = "attachment" if attached else "inline"
    headers = {
        "Content-Disposition": f'{how}; filename="{file_name(found, suffix)}"',
        "Content-Security-Policy": SANDBOX,
    }
    return Response(body, media_type=kind, headers=headers)


def file_name(found: FoundCall, suffix: str) -> str:
    """`call-2026-11-23-061233-alice-bob.pcap`: says which call and when, in characters that every system takes."""
    first = found.call or (found.messages[0] if found.messages else None)
    parties = [getattr(first, "from_user", ""), getattr(first, "to_user", "")]
    when = re.sub(r"[^0-9]+", "", stamp(found.started or 0)[10:19])
    day = stamp(found.started or 0)[:10]
    words = ["call", day, when, *(re.sub(r"[^A-Za-z0-9+_]+", "", party)[:32] for party in parties)]
    return "-".join(word for word in words if word) + f".{suffix}"
