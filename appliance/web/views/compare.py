"""/compare: two messages side by side, by their structure; the same as text (FEATURES E4)."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response

from appliance.export import compare_text
from appliance.model.rows import MessageRow
from appliance.sip.compare import Comparison, compare
from appliance.web import links
from appliance.web.call_download import SANDBOX
from appliance.web.render import page
from appliance.web.shown_message import title
from appliance.web.state import Request
from appliance.web.views import message

ASK = "Which two? /compare takes the ids of two messages as `a` and `b`; a call's page links two of its own."


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two."""

    row: MessageRow
    title: str


@dataclass(frozen=True, slots=True)
class ComparePage:
    """The context of compare.html."""

    left: Side
    right: Side
    comparison: Comparison
    noise: bool
    """Whether noise is shown as any other difference."""
    swapped: str
    other_noise: str
    text: str
    between_us: int


async def show(request: Request) -> Response:
    """Pairs of first lines, headers and lines of the bodies; `?noise=1` shows what every hop changes too."""
    one, other = await _two(request)
    noise = request.query_params.get("noise") == "1"
    more = {"noise": "1"} if noise else {}
    shown = ComparePage(
        left=Side(one, title(one)),
        right=Side(other, title(other)),
        comparison=compare(one.raw or b"", other.raw or b""),
        noise=noise,
        swapped=links.compare(other.id, one.id, **more),
        other_noise=links.compare(one.id, other.id, **({} if noise else {"noise": "1"})),
        text=links.compare(one.id, other.id, ".txt", **more),
        between_us=other.ts - one.ts,
    )
    return page(request, "compare.html", shown)


async def txt(request: Request) -> Response:
    """The differences as text; `?noise=1` with what every hop changes, `?same=1` with what is the same."""
    one, other = await _two(request)
    asked = {name: request.query_params.get(name) == "1" for name in ("noise", "same")}
    body = compare_text.text(one, other, compare(one.raw or b"", other.raw or b""), **asked)
    headers = {
        "Content-Disposition": f'inline; filename="compare-{one.id}-{other.id}.txt"',
        "Content-Security-Policy": SANDBOX,
    }
    return Response(body.encode("utf-8", "replace"), media_type="text/plain; charset=utf-8", headers=headers)


async def _two(request: Request) -> tuple[MessageRow, MessageRow]:
    names = request.query_params.get("a", ""), request.query_params.get("b", "")
    if not all(names):
        raise HTTPException(422, ASK)
    return await message.stored(request, names[0]), await message.stored(request, names[1])
