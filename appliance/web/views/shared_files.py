"""/s/TOKEN/FILE: the files of a shared call, through the same redaction as its page."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from starlette.responses import Response

from appliance.export import as_csv, ladder_png, ladder_svg, ladder_text, messages_text, pcap
from appliance.model.octets import octets
from appliance.storage.audit import Action
from appliance.web import audit_trail, errors, share_gate, shared_call
from appliance.web.call_download import SANDBOX, file_name
from appliance.web.shared_call import Shown
from appliance.web.state import Request
from appliance.web.wording import sentence


async def show(request: Request) -> Response:
    """The ladder as flow.svg, flow.png and flow.txt, the messages as messages.pcap and messages.txt, and what reports
    measured as quality.csv."""
    began = time.monotonic()
    share = await share_gate.found(request)
    if share is None or not share_gate.is_unlocked(request, share):
        return await share_gate.refused(request, began)
    shown = await shared_call.load(request, share)
    made = _FILES.get(request.path_params["file"])
    if shown is None or made is None:
        return await share_gate.refused(request, began)
    suffix, kind, write = made
    await audit_trail.write(request, Action.SHARE_OPENED, f"share {share.id} {request.path_params['file']}")
    try:
        body = await write(request, shown)
    except ladder_png.PictureError as error:
        return errors.answer(request, 503, sentence(str(error)))
    return await share_gate.refused(request, began) if body is None else _file(shown, suffix, kind, body)


def _file(shown: Shown, suffix: str, kind: str, body: bytes) -> Response:
    attached = "attachment" if suffix in ("pcap", "quality.csv") else "inline"
    headers = {
        "Content-Disposition": f'{attached}; filename="{file_name(shown.as_found(), suffix)}"',
        "Content-Security-Policy": SANDBOX,
    }
    return Response(body, media_type=kind, headers=headers)


async def _svg(_request: Request, shown: Shown) -> bytes | None:
    return ladder_svg.svg_file(shown.ladder, link=lambda message: f"#m-{message}").encode("utf-8")


async def _png(request: Request, shown: Shown) -> bytes | None:
    drawn, number = shown.ladder, request.query_params.get("page", "1")
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:6]) <= ladder_png.pages(drawn)):
        return None
    return await asyncio.to_thread(ladder_png.png, drawn, int(number) - 1)


async def _flow_txt(_request: Request, shown: Shown) -> bytes | None:
    return ladder_text.text(shown.ladder).encode("utf-8")


async def _quality(_request: Request, shown: Shown) -> bytes | None:
    return octets(as_csv.text("quality", shown.quality)) if shown.quality else None


async def _pcap(_request: Request, shown: Shown) -> bytes | None:
    return pcap.pcap(shown.messages)


async def _txt(_request: Request, shown: Shown) -> bytes | None:
    return octets(messages_text.text(shown.messages))


_FILES: dict[str, tuple[str, str, Callable[[Request, Shown], Awaitable[bytes | None]]]] = {
    "flow.svg": ("svg", "image/svg+xml", _svg),
    "flow.png": ("png", "image/png", _png),
    "flow.txt": ("flow.txt", "text/plain; charset=utf-8", _flow_txt),
    "messages.pcap": ("pcap", "application/vnd.tcpdump.pcap", _pcap),
    "messages.txt": ("txt", "text/plain; charset=utf-8", _txt),
    "quality.csv": ("quality.csv", "text/csv; charset=utf-8", _quality),
}
