"""/statistics: calls by where they come from and go to, by country, agent and time, with the figures of RFC 6076."""

import csv as csv_module
import io
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.responses import JSONResponse, RedirectResponse, Response

from appliance.calls.measures import MEASURES, Measure, Tally
from appliance.export.as_csv import defused
from appliance.export.moments import zone_name
from appliance.query.errors import QueryError, TimeError
from appliance.query.times import TimeRange, time_range
from appliance.storage import call_groups
from appliance.storage.audit import Action
from appliance.storage.search import Question
from appliance.web import audit_trail, links, statistics, typed_times
from appliance.web.asking import BadArgument
from appliance.web.call_figures import shown as figure_words
from appliance.web.call_figures import title as figure_title
from appliance.web.render import page
from appliance.web.state import Request, now_us
from appliance.web.statistics import Line
from appliance.web.wording import minute

PATH = "/statistics"
DEFAULT_FROM, DEFAULT_BY = "-1d", "source"
MOST_LINES = 200
"""Of the page; files have all."""


@dataclass(frozen=True, slots=True)
class StatisticsPage:
    """The context of statistics.html; `where` is q, by, from or to when there is a problem."""

    asked: Mapping[str, str]
    query: Mapping[str, str]
    problem: str = ""
    where: str = ""
    range_words: str = ""
    lines: Sequence[Line] = ()
    more: int = 0
    """Lines that are not shown."""
    total: int = 0
    all_figures: Sequence[tuple[Measure, str, str]] = ()
    """Of all calls: each figure in words, and its formula with the numbers in it."""
    measures: tuple[Measure, ...] = MEASURES
    titles: Mapping[str, str] = field(default_factory=lambda: statistics.TITLES)
    notes: Sequence[str] = ()
    everything: str = ""
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class _Found:
    lines: list[Line]
    whole: Tally
    notes: tuple[str, ...]
    range_: TimeRange


async def show(request: Request) -> Response:
    """The table; 422 when range or line cannot be understood."""
    if typed_times.is_typed(request.query_params):
        return RedirectResponse(links.with_query(PATH, typed_times.settled(request.query_params, now_us())), 303)
    begun, asked = time.perf_counter(), _asked(request)
    query = {name: value for name, value in asked.items() if value}
    try:
        found = await _counted(request, asked)
    except BadArgument as error:
        return page(request, "statistics.html", StatisticsPage(asked, query, str(error), error.where), status=422)
    absolute = links.absolute(found.range_)
    await audit_trail.write(request, Action.SEARCHED, f"statistics {absolute['from']}..{absolute['to']} {asked['q']}")
    shown = StatisticsPage(
        asked,
        query,
        range_words=f"{minute(found.range_.from_us)} – {minute(found.range_.to_us)} {zone_name(found.range_.to_us)}",
        lines=found.lines[:MOST_LINES],
        more=max(0, len(found.lines) - MOST_LINES),
        total=found.whole.total,
        all_figures=[(one, figure_words(one, found.whole), figure_title(one, found.whole)) for one in MEASURES],
        notes=found.notes,
        everything=links.search(asked["q"], absolute["from"], absolute["to"], "calls"),
        took_ms=(time.perf_counter() - begun) * 1000,
    )
    return page(request, "statistics.html", shown)


async def csv(request: Request) -> Response:
    """All groups for a spreadsheet; times are milliseconds, ratios percent."""
    asked = _asked(request)
    try:
        found = await _counted(request, asked)
    except BadArgument as error:
        return page(request, "statistics.html", StatisticsPage(asked, asked, str(error), error.where), status=422)
    await audit_trail.write(request, Action.EXPORTED, f"statistics.csv {asked['by']} {asked['q']}")
    written = io.StringIO(newline="")
    writer = csv_module.writer(written)
    writer.writerow([asked["by"] or DEFAULT_BY, "calls", *(f"{one.name} {one.unit}" for one in MEASURES)])
    for line in found.lines:
        figures = ("" if value is None else f"{value:.1f}" for value in line.figures)
        writer.writerow([defused(line.name), line.calls, *figures])
    headers = {"Content-Disposition": 'attachment; filename="statistics.csv"'}
    return Response(written.getvalue().encode("utf-8", "replace"), media_type="text/csv", headers=headers)


async def json(request: Request) -> Response:
    """The same for programs."""
    asked = _asked(request)
    try:
        found = await _counted(request, asked)
    except BadArgument as error:
        return JSONResponse({"error": {"code": "bad_argument", "message": str(error), "where": error.where}}, 422)
    await audit_trail.write(request, Action.EXPORTED, f"statistics.json {asked['by']} {asked['q']}")
    groups = [_as_json(line.name, line.calls, line.figures) for line in found.lines]
    whole = _as_json("", found.whole.total, statistics.figures(found.whole))
    return JSONResponse(
        {"by": asked["by"] or DEFAULT_BY, "from": found.range_.from_us, "to": found.range_.to_us, "all": whole,
         "groups": groups, "notes": list(found.notes)}
    )  # fmt: skip


def _as_json(name: str, calls: int, figures: Sequence[float | None]) -> dict[str, object]:
    measured = {
        f"{one.name.lower()}_{'percent' if one.unit == '%' else 'ms'}": None if value is None else round(value, 2)
        for one, value in zip(MEASURES, figures, strict=True)
    }
    return {"name": name, "calls": calls, **measured}


def _asked(request: Request) -> dict[str, str]:
    return {name: request.query_params.get(name, "").strip() for name in ("q", "by", "from", "to")}


async def _counted(request: Request, asked: Mapping[str, str]) -> _Found:
    """Raises BadArgument."""
    by, aliases = asked["by"] or DEFAULT_BY, request.state["names"].aliases
    if by not in statistics.TITLES:
        raise BadArgument(f"calls are counted by {', '.join(statistics.TITLES)}, not by {by[:40]}", "by")
    try:
        range_ = time_range(asked["from"] or DEFAULT_FROM, asked["to"] or None, now_us())
        headers = request.state["settings"].sip.custom_headers
        question = Question(asked["q"], range_.from_us, range_.to_us, custom_headers=headers, aliases=aliases)
        groups = await call_groups.counted(
            request.state["database"], question, statistics.column_of(by), statistics.namer(by, aliases)
        )
    except TimeError as error:
        raise BadArgument(error.message, error.where) from error
    except QueryError as error:
        raise BadArgument(f"character {error.position + 1}: {error.message}", "q") from error
    made = statistics.lines(by, groups.tallies, asked["q"], links.absolute(range_))
    return _Found(made, statistics.whole(groups.tallies), groups.notes, range_)
