"""/calls/KEY: a call's ladder with a message beside it, and the tabs messages and export."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from markupsafe import Markup
from starlette.responses import Response

from appliance.calls.clock import times
from appliance.calls.marks import split
from appliance.calls.partners import partner
from appliance.export import ladder_svg, moments
from appliance.export.prepared import ladder_of
from appliance.model.rows import MessageRow
from appliance.storage.audit import Action
from appliance.web import audit_trail, call_reports, found_call, ladder_bar, links
from appliance.web.call_exports import Exports, exports
from appliance.web.call_flow import RAW, DrawnPage, Flow, anchored, flow_of, page_of, shown_order
from appliance.web.call_head import TABS, Head, head_of
from appliance.web.columns import MESSAGES, Column
from appliance.web.found_call import FoundCall
from appliance.web.ladder_bar import Bar
from appliance.web.render import page
from appliance.web.shown_message import ShownMessage, shown_message
from appliance.web.state import Request
from appliance.web.views import call_quality
from appliance.web.views.call_quality import Line

MOST_LISTED = 500
"""Messages whose text stands on the messages tab."""


@dataclass(frozen=True, slots=True)
class Comparing:
    """Links of a message to what it can be compared with; empty where there is nothing."""

    mark: str
    """Marks it to be compared, or takes the mark away."""
    marked: bool
    compare: str
    """With the marked message."""
    since_mark: str
    partner: str
    """With the same message on its next hop, or where it came from."""


@dataclass(frozen=True, slots=True)
class Docked:
    """One message beside the ladder, and where one goes from it."""

    message: ShownMessage
    number: int
    """As in the ladder; 0 of what is no arrow there."""
    before: str
    """Links; empty where there is none."""
    after: str
    comparing: Comparing
    body: str
    """`open` where the body is unfolded."""


@dataclass(frozen=True, slots=True)
class CallPage:
    """The context of call_messages.html and call_export.html."""

    head: Head
    tab: str
    tabs: tuple[tuple[str, str], ...] = TABS
    listed: list[ShownMessage] = field(default_factory=list)
    not_listed: int = 0
    columns: tuple[Column, ...] = MESSAGES
    exports: Exports | None = None


@dataclass(frozen=True, slots=True)
class FlowPage:
    """The context of call.html."""

    head: Head
    flow: Flow
    drawn: DrawnPage
    bar: Bar
    heads: Markup
    body: Markup
    media: list[Line]
    docked: Docked | None
    raw_next: str
    """Link to the next size of the docked message."""
    pages: list[tuple[int, str]]
    """The pages of a long ladder and their links; empty when there is one."""
    tab: str = "flow"
    tabs: tuple[tuple[str, str], ...] = TABS


@dataclass(frozen=True, slots=True)
class DockPage:
    """The context of the block `dock` alone."""

    docked: Docked | None


async def show(request: Request) -> Response:
    """The ladder with one message beside it; for htmx the message alone, or both without the head."""
    found = await found_call.find(request)
    flow = flow_of(request, found)
    part = request.headers.get("hx-request-type") == "partial"
    if part and not request.headers.get("hx-target", "").endswith("#flow"):
        return page(request, "call.html", DockPage(_docked(request, found, flow)), block="dock")
    if not part:
        await audit_trail.write(request, Action.CALL_OPENED, links.call(found.callid))
    return page(request, "call.html", await _flow_page(request, found, flow), block="flow")


async def messages(request: Request) -> Response:
    """Every message of the call with its text."""
    found = await found_call.find(request)
    await audit_trail.write(request, Action.CALL_OPENED, links.call(found.callid))
    listed = [shown_message(row) for row in found.messages[:MOST_LISTED]]
    rest = max(0, len(found.messages) - MOST_LISTED)
    shown = CallPage(head_of(found, request), "messages", listed=listed, not_listed=rest)
    return page(request, "call_messages.html", shown)


async def export(request: Request) -> Response:
    """The files of the call."""
    found = await found_call.find(request)
    head = head_of(found, request)
    return page(request, "call_export.html", CallPage(head, "export", exports=exports(request, found, head.at)))


async def _flow_page(request: Request, found: FoundCall, flow: Flow) -> FlowPage:
    quality = await call_reports.quality_of(request, found)
    whole = ladder_of(found.messages, found.names, flow.picture, quality)
    docked = _docked(request, found, flow)
    chosen = docked.message.row.id if docked else ""
    drawn = page_of(whole, request.query_params.get("page", ""), chosen)
    here = flow.address(page=drawn.number)
    raw = RAW[(RAW.index(flow.raw) + 1) % len(RAW)]
    return FlowPage(
        head=head_of(found, request),
        flow=flow,
        drawn=drawn,
        bar=ladder_bar.bar(
            found.messages,
            whole,
            found.callid,
            flow.usual,
            lambda picture: flow.address(picture, chosen),
            flow.kept(chosen),
        ),
        heads=_svg(ladder_svg.heads(drawn.ladder)),
        body=_svg(ladder_svg.svg(drawn.ladder, lambda message: anchored(here, message))),
        media=call_quality.lines(quality, found),
        docked=docked,
        raw_next=flow.address(message=chosen, page=drawn.number, raw=raw),
        pages=[(n, flow.address(page=n)) for n in range(1, drawn.of + 1)] if drawn.of > 1 else [],
    )


def _docked(request: Request, found: FoundCall, flow: Flow) -> Docked | None:
    """The message that the address chooses, else the first that is shown."""
    rows = found.messages
    if not rows:
        return None
    order = shown_order(rows, flow.picture)
    wanted = request.query_params.get("message", "")
    row = next((one for one in rows if one.id == wanted), order[0] if order else rows[0])
    places = {one.id: place for place, one in enumerate(rows)}
    here = places[row.id]
    before = [one for one in order if places[one.id] < here]
    after = next((one for one in order if places[one.id] > here), None)
    return Docked(
        message=shown_message(row),
        number=1 + [one.id for one in split(rows)[0]].index(row.id) if row.kind.is_sip else 0,
        before=anchored(flow.address(), before[-1].id) if before else "",
        after=anchored(flow.address(), after.id) if after else "",
        comparing=_comparing(rows, row, flow),
        body=flow.body or request.cookies.get("body", ""),
    )


def _comparing(rows: Sequence[MessageRow], row: MessageRow, flow: Flow) -> Comparing:
    """Its own mark, the comparison with the marked message, and with the one on the next hop."""
    marked = next((one for one in rows if one.id == flow.picture.mark), None)
    on_mark = marked is not None and marked.id == row.id
    other = partner(rows, row)
    at_us = times(rows)
    return Comparing(
        mark=flow.address(replace(flow.picture, mark="" if on_mark else row.id), row.id),
        marked=on_mark,
        compare=links.compare(marked.id, row.id) if marked and not on_mark else "",
        since_mark=moments.span(at_us[row.id] - at_us[marked.id]) if marked and not on_mark else "",
        partner=links.compare(row.id, other.id) if other else "",
    )


def _svg(drawing: str) -> Markup:
    """A drawing comes out of templates that escape everything (export/templates): it is markup already."""
    return Markup(drawing)  # noqa: S704
