"""/calls/KEY: a call's ladder with a message beside it, and the tabs messages and export."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup
from starlette.responses import Response

from appliance.calls import ladder
from appliance.calls.marks import split
from appliance.export import ladder_svg
from appliance.model.rows import MessageRow
from appliance.storage.audit import Action
from appliance.web import audit_trail, call_reports, found_call, links
from appliance.web.call_head import TABS, Head, head_of
from appliance.web.columns import MESSAGES, Column
from appliance.web.found_call import FoundCall
from appliance.web.render import page
from appliance.web.shown_message import ShownMessage, shown_message
from appliance.web.state import Request
from appliance.web.views import call_quality
from appliance.web.views.call_quality import Line

MOST_DRAWN = 2000
"""Arrows on one page; the files have all of them."""
MOST_LISTED = 500
"""Messages whose text stands on the messages tab."""


_OF_INVITE = {"ACK": "INVITE", "CANCEL": "INVITE"}


@dataclass(frozen=True, slots=True)
class CallPage:
    """The context of call.html."""

    head: Head
    tab: str
    tabs: tuple[tuple[str, str], ...]
    transactions: str = ""
    """A number for each arrow, equal within one transaction (RFC 3261, 17) over all its hops."""
    heads: str = ""
    body: str = ""
    media: list[Line] = field(default_factory=list)
    not_drawn: int = 0
    selected: ShownMessage | None = None
    before: str = ""
    after: str = ""
    listed: list[ShownMessage] = field(default_factory=list)
    not_listed: int = 0
    columns: tuple[Column, ...] = MESSAGES


async def show(request: Request) -> Response:
    """The ladder with one message beside it; for htmx that message alone."""
    found = await found_call.find(request)
    await _note(request, found)
    wanted = request.query_params.get("message", "")
    place = next((n for n, row in enumerate(found.messages) if row.id == wanted), 0)
    rows = found.messages
    of_arrows, aside = split(rows)
    drawn = ladder.layout((*of_arrows[:MOST_DRAWN], *aside))
    head = head_of(found, request)
    shown = CallPage(
        head=head,
        tab="flow",
        tabs=TABS,
        transactions=_transactions(of_arrows[:MOST_DRAWN]),
        heads=_drawn(ladder_svg.heads(drawn)),
        body=_drawn(ladder_svg.svg(drawn, lambda message: _choosing(head, message))),
        media=await _media(request, found),
        not_drawn=max(0, len(of_arrows) - MOST_DRAWN),
        selected=shown_message(rows[place]) if rows else None,
        before=rows[place - 1].id if place > 0 else "",
        after=rows[place + 1].id if place + 1 < len(rows) else "",
    )
    return page(request, "call.html", shown, block="dock")


async def messages(request: Request) -> Response:
    """Every message of the call with its text."""
    found = await found_call.find(request)
    await _note(request, found)
    listed = [shown_message(row) for row in found.messages[:MOST_LISTED]]
    rest = max(0, len(found.messages) - MOST_LISTED)
    shown = CallPage(head_of(found, request), "messages", TABS, listed=listed, not_listed=rest)
    return page(request, "call.html", shown)


async def export(request: Request) -> Response:
    """The files of the call."""
    found = await found_call.find(request)
    return page(request, "call.html", CallPage(head_of(found, request), "export", TABS))


async def _media(request: Request, found: FoundCall) -> list[Line]:
    """What stands above the ladder; the part for htmx has no ladder."""
    if request.headers.get("hx-request-type") == "partial":
        return []
    return call_quality.lines(await call_reports.quality_of(request, found), found)


def _transactions(rows: Sequence[MessageRow]) -> str:
    """ACK and CANCEL go with the INVITE of their CSeq."""
    numbers: dict[tuple[str, int | None, str], int] = {}
    keys = [(row.callid, row.cseq, _OF_INVITE.get(row.cseq_method, row.cseq_method)) for row in rows]
    return " ".join(str(numbers.setdefault(key, len(numbers))) for key in keys)


def _drawn(svg: str) -> Markup:
    """A drawing comes out of templates that escape everything (export/templates): it is markup already."""
    return Markup(svg)  # noqa: S704


def _choosing(head: Head, message: str) -> str:
    """The address of the call with one message beside the ladder; the fragment marks and finds its arrow."""
    return f"{head.link(message=message)}#m-{message}"


async def _note(request: Request, found: FoundCall) -> None:
    if request.headers.get("hx-request-type") != "partial":
        await audit_trail.write(request, Action.CALL_OPENED, links.call(found.callid))
