"""/live: messages, lines of logs and reports as they are stored, or calls as they are settled, that fit a query. The
page shows the last minute; with JavaScript a stream of server-sent events (/live/rows) goes on from there.

    event: rows    {"html": a table whose rows are new, the newest first}
    event: rates   {"words": "showing 40 of 1,900/s · …"}      every second
    event: over    {"words": why the stream ends}
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from appliance.model.quality import LogRow, QualityRow
from appliance.model.rows import CallRow, MessageRow, Page, Rows, Total
from appliance.query.errors import QueryError
from appliance.query.tree import Node
from appliance.storage.audit import Action
from appliance.storage.connection import DatabaseError
from appliance.web import asking, audit_trail, chosen_columns
from appliance.web.asking import Asked, Problem
from appliance.web.chosen_columns import Chosen
from appliance.web.columns import Column
from appliance.web.live import asked as watched
from appliance.web.live.hub import TooMany
from appliance.web.live.told import Shown
from appliance.web.live.watcher import Watcher
from appliance.web.middleware.sessions import identify
from appliance.web.render import page
from appliance.web.state import Request, now_us

PATH = "/live"
SINCE = "-1m"
FIRST_ROWS = 40
UPDATE_SECONDS = 0.25
RATES_EVERY = 4
"""Updates between two rates."""
IDENTIFY_EVERY = 20
"""Updates between two looks whether the session goes on."""
SIGNED_OUT = "You were signed out: sign in to go on watching."
RESTARTED = "hepbox restarts."
RETRY_MS = 2000


@dataclass(frozen=True, slots=True)
class LivePage:
    """The context of live.html."""

    asked: Asked
    found: Page | None
    problem: Problem | None
    columns: tuple[Column, ...]
    widths: Mapping[str, int]
    query: dict[str, str]


async def show(request: Request) -> Response:
    """The page; 422 when the query cannot be watched."""
    asked = _asked(request)
    found, problem, chosen = None, None, chosen_columns.default(asked.view)
    try:
        chosen = await chosen_columns.of_request(request, asked.view)
        watched.read(asked.q, asked.view, request.state["names"].aliases)
        asked = asking.resolved(asked, now_us())
        found = await asking.answer(request, asked)
    except asking.PROBLEMS as error:
        problem = asking.problem_of(error, asked)
    if found is not None:
        await audit_trail.write(request, Action.SEARCHED, asked.words)
    query = {name: value for name, value in (("q", asked.q), ("view", asked.view)) if value not in ("", "messages")}
    shown = LivePage(asked, found, problem, chosen.columns, chosen.widths, query)
    return page(request, "live.html", shown, status=problem.status if problem else 200)


async def rows(request: Request) -> Response:
    """The stream; what is wrong with the query, or with one stream more, is said in it."""
    headers, asked = {"X-Accel-Buffering": "no"}, _asked(request)
    try:
        root = watched.read(asked.q, asked.view, request.state["names"].aliases)
        chosen = await chosen_columns.of_request(request, asked.view)
    except (QueryError, asking.BadArgument) as error:
        return Response(_event("over", words=str(error)), 200, headers, "text/event-stream")
    await audit_trail.write(request, Action.SEARCHED, f"live {asked.view} {asked.q}")
    return _Events(_stream(request, asked, chosen, root), headers)


class _Events(StreamingResponse):
    """Ends the stream itself at once when nobody reads it any more."""

    def __init__(self, events: AsyncGenerator[str, None], headers: dict[str, str]) -> None:
        super().__init__(events, 200, headers, "text/event-stream")
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._events):
            await super().__call__(scope, receive, send)


def _asked(request: Request) -> Asked:
    view = request.query_params.get("view", "")
    asked = asking.of({"q": request.query_params.get("q", "")}, FIRST_ROWS)
    return replace(asked, from_=SINCE, view=view if view in watched.VIEWS else watched.VIEWS[0])


async def _stream(request: Request, asked: Asked, chosen: Chosen, root: Node | None) -> AsyncGenerator[str, None]:
    identity, hub = request.state["identity"], request.state["hub"]
    assert identity is not None
    try:
        watcher = hub.watch(identity.user.id, root, asked.view)
    except TooMany as error:
        yield _event("over", words=str(error))
        return
    try:
        yield f"retry: {RETRY_MS}\n\n"
        async with aclosing(_events(request, asked, chosen, watcher)) as events:
            async for event in events:
                yield event
    finally:
        hub.leave(watcher)
        request.state["counts"].add("live_rows_dropped_total", watcher.dropped)


async def _events(request: Request, asked: Asked, chosen: Chosen, watcher: Watcher) -> AsyncGenerator[str, None]:
    turn = 0
    while not request.state["leaving"].is_set():
        found = watcher.take()
        if found:
            yield _event("rows", html=_table(request, asked, chosen, found))
        if turn % RATES_EVERY == 0:
            yield _event("rates", words=_words(request, watcher))
        turn += 1
        if turn % IDENTIFY_EVERY == 0 and not await _is_signed_in(request):
            yield _event("over", words=SIGNED_OUT)
            return
        await asyncio.sleep(UPDATE_SECONDS)
    yield _event("over", words=RESTARTED, again=True)


async def _is_signed_in(request: Request) -> bool:
    """As long as nobody can be asked, whoever was is."""
    try:
        return await identify(request) is not None
    except (DatabaseError, OSError):
        return True


def _words(request: Request, watcher: Watcher) -> str:
    return "waiting for the buffer" if request.state["hub"].hears is False else watcher.rates.words


def _table(request: Request, asked: Asked, chosen: Chosen, found: Sequence[Shown]) -> str:
    """The rows as the result table has them."""
    page = Page(_alike(found, asked.view), None, Total(len(found), True))
    context = {"asked": asked, "found": page, "columns": chosen.columns, "widths": chosen.widths, "path": PATH}
    return request.state["templates"].get_template("parts/_rows.html").render(context)


def _event(name: str, **data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def _alike(found: Sequence[Shown], view: str) -> Rows:
    """Rows of one view are of one kind."""
    if view == "calls":
        return tuple(row for row in found if isinstance(row, CallRow))
    if view == "quality":
        return tuple(row for row in found if isinstance(row, QualityRow))
    if view == "logs":
        return tuple(row for row in found if isinstance(row, LogRow))
    return tuple(row for row in found if isinstance(row, MessageRow))
