"""/search: one query as a page. The address is the whole state."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from starlette.responses import PlainTextResponse, RedirectResponse, Response

from appliance.export import searched
from appliance.model.rows import Page
from appliance.storage.audit import Action
from appliance.storage.search import VIEWS, Limits
from appliance.web import asking, audit_trail, chosen_columns, kept_searches, links, typed_times
from appliance.web.asking import Asked, Problem
from appliance.web.chosen_columns import NARROWEST, WIDEST, Choice, Chosen
from appliance.web.columns import Column
from appliance.web.overview import Overview, overview_of
from appliance.web.patience import while_wanted
from appliance.web.render import page
from appliance.web.search_form import PREFIX, FormGroup, filled, line_of, note
from appliance.web.sorting import newest_first
from appliance.web.state import Request, now_us
from appliance.web.views.search_files import MOST_ROWS

PAGE_ROWS = 100
REFRESH = "hepbox-refresh"
"""A header of table.js: the address stays, and nothing is fetched after."""
QUICK = Limits(seconds=0.15, count_seconds=0.1)
"""For the counts of the views that were not asked for: nobody is to wait for them."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The context of search.html."""

    asked: Asked
    found: Page | None
    problem: Problem | None
    columns: tuple[Column, ...]
    widths: Mapping[str, int]
    choices: list[Choice]
    columns_text: str
    """The columns as an address names them, for links that show the same to others; empty for the default."""
    form: list[FormGroup]
    form_values: dict[str, str]
    """The same by the inputs' names, for the form of a page that is not loaded anew."""
    form_open: bool
    form_note: str
    took_ms: float
    counts: dict[str, str]
    older: str | None
    newest: str | None
    permanent: str | None
    most_in_file: int
    range_words: str
    read: str
    """What had to be read through, in a sentence."""
    query: dict[str, str]
    narrowest: int = NARROWEST
    widest: int = WIDEST
    overview: Overview | None = None
    """None where the page fetches it."""


@while_wanted
async def show(request: Request) -> Response:
    """The page, or its results alone for htmx; 422 when the query cannot be understood."""
    if any(name.startswith("f.") for name in request.query_params):
        return RedirectResponse(_line_address(request), 303)
    if typed_times.is_typed(request.query_params):
        return RedirectResponse(links.with_query("/search", typed_times.settled(request.query_params, now_us())), 303)
    asked = asking.of(request.query_params, PAGE_ROWS)
    refreshing = request.headers.get(REFRESH) == "1"
    begun = time.perf_counter()
    found, problem = None, None
    chosen = chosen_columns.default(asked.view)
    try:
        chosen = await chosen_columns.of_request(request, asked.view)
        asked = asking.resolved(asked, now_us())
        found = await asking.answer(request, asked)
    except asking.PROBLEMS as error:
        problem = asking.problem_of(error, asked)
    took_ms = (time.perf_counter() - begun) * 1000
    if found is not None:
        await audit_trail.write(request, Action.SEARCHED, asked.words)
        await kept_searches.remember(request, asked)
        own = {asked.view: _count(found)} if found.total.count or found.total.exact else {}
        counts = {**own, **await _other_counts(request, asked)}
    else:
        counts = {}
    shown = _context(request, asked, chosen, found, problem, took_ms, counts)
    if found is not None and (shown.query.get("counted") or refreshing):
        shown = replace(shown, overview=await overview_of(request, asked, shown.query))
    status = problem.status if problem else 200
    here = {} if refreshing else {"HX-Push-Url": links.with_query("/search", shown.query)}
    return page(request, "search.html", shown, block="results", status=status, headers=here)


def _context(
    request: Request,
    asked: Asked,
    chosen: Chosen,
    found: Page | None,
    problem: Problem | None,
    took_ms: float,
    counts: dict[str, str],
) -> SearchPage:
    query = asking.kept(request.query_params)
    form = filled(asked.q, request.state["settings"].sip.custom_headers)
    older = (
        links.with_query("/search", {**query, **asked.absolute}, cursor=found.next) if found and found.next else None
    )
    newest = links.with_query("/search", query, cursor=None) if asked.cursor else None
    fixed = {**query, **asked.absolute, **({"columns": chosen.text} if chosen.text else {})}
    permanent = links.with_query("/search", fixed, cursor=None) if found else None
    return SearchPage(
        asked=asked,
        found=found,
        problem=problem,
        columns=chosen.columns,
        widths=chosen.widths,
        choices=chosen_columns.choices(chosen),
        columns_text=chosen.text,
        form=form,
        form_values={f"{PREFIX}{field.name}": field.value for group in form for field in group.fields if field.value},
        form_note=note(asked.q, request.state["settings"].sip.custom_headers),
        form_open=request.query_params.get("form") == "1",
        took_ms=took_ms,
        counts=counts,
        older=older,
        newest=newest,
        permanent=permanent,
        most_in_file=MOST_ROWS,
        range_words=links.SearchLine.of(query).range_words,
        read=searched.sentence(found.plan) if found else "",
        query=query,
    )


def _count(found: Page) -> str:
    return f"{found.total.count}" if found.total.exact else f"{found.total.count}+"


async def _other_counts(request: Request, asked: Asked) -> dict[str, str]:
    """How many rows the other views have, when that is quickly known."""
    if asked.cursor or asking.reads_texts(asked.q):
        return {}
    others = [view for view in VIEWS if view != asked.view]
    counts = await asyncio.gather(*(_quick_count(request, _asked_of(asked, view)) for view in others))
    return {view: count for view, count in zip(others, counts, strict=True) if count}


def _asked_of(asked: Asked, view: str) -> Asked:
    """What tells how many there are: dialogs are not counted but met, each for itself, and a page of them will do."""
    if view == "dialogs":
        return replace(asked, view=view, sort=newest_first(view), limit=PAGE_ROWS, options="apart")
    return replace(asked, view=view, sort=newest_first(view), limit=1)


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
