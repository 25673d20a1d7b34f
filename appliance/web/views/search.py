"""/search: one query as a page. The address is the whole state."""

import asyncio
import time
from dataclasses import dataclass, replace

from starlette.responses import PlainTextResponse, RedirectResponse, Response

from appliance.model.rows import Page
from appliance.storage.audit import Action
from appliance.storage.search import VIEWS, Limits
from appliance.web import asking, audit_trail, links
from appliance.web.asking import Asked, Problem
from appliance.web.columns import OF_VIEW, Column
from appliance.web.render import page
from appliance.web.search_form import PREFIX, FormGroup, filled, line_of
from appliance.web.state import Request, now_us
from appliance.web.views.search_files import MOST_ROWS

PAGE_ROWS = 100
QUICK = Limits(seconds=1.0, count_seconds=0.3)
"""For the counts of the views that were not asked for."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The context of search.html."""

    asked: Asked
    found: Page | None
    problem: Problem | None
    columns: tuple[Column, ...]
    form: list[FormGroup]
    form_values: dict[str, str]
    """The same by the inputs' names, for the form of a page that is not loaded anew."""
    form_open: bool
    took_ms: float
    counts: dict[str, str]
    older: str | None
    newest: str | None
    permanent: str | None
    most_in_file: int
    query: dict[str, str]


async def show(request: Request) -> Response:
    """The page, or its results alone for htmx; 422 when the query cannot be understood."""
    if any(name.startswith("f.") for name in request.query_params):
        return RedirectResponse(_line_address(request), 303)
    asked = asking.of(request.query_params, PAGE_ROWS)
    begun = time.perf_counter()
    found, problem = None, None
    try:
        asked = asking.resolved(asked, now_us())
        found = await asking.answer(request, asked)
    except asking.PROBLEMS as error:
        problem = asking.problem_of(error, asked)
    took_ms = (time.perf_counter() - begun) * 1000
    if found is not None:
        await audit_trail.write(request, Action.SEARCHED, asked.words)
        counts = {asked.view: _count(found), **await _other_counts(request, asked)}
    else:
        counts = {}
    shown = _context(request, asked, found, problem, took_ms, counts)
    status = problem.status if problem else 200
    here = {"HX-Push-Url": links.with_query("/search", shown.query)}
    return page(request, "search.html", shown, block="results", status=status, headers=here)


def _context(
    request: Request,
    asked: Asked,
    found: Page | None,
    problem: Problem | None,
    took_ms: float,
    counts: dict[str, str],
) -> SearchPage:
    query = {name: value for name, value in request.query_params.items() if name in asking.NAMES and value}
    form = filled(asked.q)
    older = (
        links.with_query("/search", {**query, **asked.absolute}, cursor=found.next) if found and found.next else None
    )
    newest = links.with_query("/search", query, cursor=None) if asked.cursor else None
    permanent = links.with_query("/search", {**query, **asked.absolute}, cursor=None) if found else None
    return SearchPage(
        asked=asked,
        found=found,
        problem=problem,
        columns=OF_VIEW[asked.view],
        form=form,
        form_values={f"{PREFIX}{field.name}": field.value for group in form for field in group.fields if field.value},
        form_open=request.query_params.get("form") == "1",
        took_ms=took_ms,
        counts=counts,
        older=older,
        newest=newest,
        permanent=permanent,
        most_in_file=MOST_ROWS,
        query=query,
    )


def _count(found: Page) -> str:
    return f"{found.total.count}" if found.total.exact else f"{found.total.count}+"


async def _other_counts(request: Request, asked: Asked) -> dict[str, str]:
    """How many rows the other views have, when that is quickly known."""
    if asked.cursor or asking.reads_texts(asked.q):
        return {}
    others = [view for view in VIEWS if view != asked.view]
    counts = await asyncio.gather(*(_quick_count(request, replace(asked, view=view, limit=1)) for view in others))
    return {view: count for view, count in zip(others, counts, strict=True) if count}


async def _quick_count(request: Request, asked: Asked) -> str:
    """Empty when the view cannot be asked this, or not in time."""
    try:
        found = await asking.answer(request, asked, QUICK)
    except asking.PROBLEMS:
        return ""
    return _count(found) if not found.notes else ""


async def line(request: Request) -> Response:
    """The query line that the form's fields say, as plain text."""
    return PlainTextResponse(line_of(request.query_params))


def _line_address(request: Request) -> str:
    kept = {name: request.query_params.get(name, "") for name in ("from", "to", "view")}
    return links.search(line_of(request.query_params), kept["from"], kept["to"], kept["view"])
