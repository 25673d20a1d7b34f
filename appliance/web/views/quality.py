"""/quality: the worst calls, nodes, addresses and codecs of a time, and how it went by the hour (FEATURES F3)."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from appliance.export import quality_svg, scale
from appliance.export.moments import zone_name
from appliance.query.errors import QueryError, TimeError
from appliance.query.times import TimeRange, time_range
from appliance.storage import daily_tables, worst
from appliance.storage.audit import Action
from appliance.storage.worst import By, Worst, WorstRow
from appliance.web import audit_trail, links, typed_times
from appliance.web.render import page
from appliance.web.state import Request, now_us
from appliance.web.wording import minute

DEFAULT_FROM = "-1d"
HOUR_US = 3_600_000_000
MOST_ROWS = 15
MOST_HOURS = 1000
TABLES: tuple[tuple[By, str, str], ...] = (
    ("call", "Worst calls", "Call-ID"),
    ("node", "By node", "Node"),
    ("address", "By address", "Address"),
    ("codec", "By codec", "Codec"),
)
_FIELDS: dict[By, str] = {"call": "callid", "node": "node", "address": "ip", "codec": "codec"}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table, its own page, and the search behind its number of reports."""

    row: WorstRow
    address: str
    reports: str


@dataclass(frozen=True, slots=True)
class Table:
    """What is worst of one sort, worst first."""

    name: str
    title: str
    heading: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class QualityPage:
    """The context of quality.html; `where` is q, from or to when there is a problem."""

    asked: Mapping[str, str]
    problem: str = ""
    where: str = ""
    range_words: str = ""
    tables: Sequence[Table] = ()
    reports: int = 0
    chart: str = ""
    notes: Sequence[str] = ()
    everything: str = ""
    took_ms: float = 0.0


async def show(request: Request) -> Response:
    """The worst calls, nodes, addresses, codecs and each hour; 422 when range or line cannot be understood."""
    if typed_times.is_typed(request.query_params):
        return RedirectResponse(links.with_query("/quality", typed_times.settled(request.query_params, now_us())), 303)
    begun = time.perf_counter()
    asked = {name: request.query_params.get(name, "").strip() for name in ("q", "from", "to")}
    try:
        range_ = time_range(asked["from"] or DEFAULT_FROM, asked["to"] or None, now_us())
        found = await _read(request, asked["q"], range_)
    except TimeError as error:
        return page(request, "quality.html", QualityPage(asked, error.message, error.where), status=422)
    except QueryError as error:
        words = f"Character {error.position + 1}: {error.message}"
        return page(request, "quality.html", QualityPage(asked, words, "q"), status=422)
    absolute = links.absolute(range_)
    await audit_trail.write(request, Action.SEARCHED, f"quality {absolute['from']}..{absolute['to']} {asked['q']}")
    hours = found["hour"].rows
    shown = QualityPage(
        asked=asked,
        range_words=f"{minute(range_.from_us)} – {minute(range_.to_us)} {zone_name(range_.to_us)}",
        tables=[_table(asked["q"], *table, found[table[0]].rows, absolute) for table in TABLES],
        reports=sum(row.reports for row in hours),
        chart=_by_hour(asked["q"], hours, range_),
        notes=list(dict.fromkeys(note for each in found.values() for note in each.notes)),
        everything=_search(asked["q"], absolute),
        took_ms=(time.perf_counter() - begun) * 1000,
    )
    return page(request, "quality.html", shown)


async def _read(request: Request, line: str, range_: TimeRange) -> dict[By, Worst]:
    database = request.state["database"]
    names = await daily_tables.all_names(database)
    span = (range_.from_us, range_.to_us, line)
    found = {by: await worst.over(database, names, by, *span, limit=MOST_ROWS) for by, _, _ in TABLES}
    return {**found, "hour": await worst.over(database, names, "hour", *span, limit=MOST_HOURS)}


def _table(q: str, by: By, title: str, heading: str, rows: Sequence[WorstRow], absolute: Mapping[str, str]) -> Table:
    return Table(by, title, heading, [_line(q, by, row, absolute) for row in rows])


def _line(q: str, by: By, row: WorstRow, absolute: Mapping[str, str]) -> Line:
    narrowed = links.together(q, f"{_FIELDS[by]}:{links.value(row.name)}")
    behind = _search(narrowed, absolute) if row.name else ""
    return Line(row, links.call(row.name, "quality", at=row.last_us) if by == "call" else behind, behind)


def _search(q: str, absolute: Mapping[str, str]) -> str:
    return links.search(q, absolute["from"], absolute["to"], "quality")


def _by_hour(q: str, rows: Sequence[WorstRow], range_: TimeRange) -> Markup:
    known = [(_hour_us(row), row.mos_average, row) for row in rows if row.mos_average is not None]
    if not known:
        return Markup("")
    least = min(known, key=lambda hour: hour[1])
    drawn = [
        quality_svg.Moment(at_us, mos, _title(at_us, row), _hour_link(q, at_us), len(known) > 1 and row is least[2])
        for at_us, mos, row in known
    ]
    label = f"Average MOS by hour, {len(known)} hours, least {least[1]:.2f} at {minute(least[0])} {zone_name(least[0])}"
    span = (min(range_.from_us, known[0][0]), range_.to_us)
    return Markup(quality_svg.curve(quality_svg.METRICS[0], drawn, span, label, hourly=True))  # noqa: S704


def _hour_us(row: WorstRow) -> int:
    return int(datetime.fromisoformat(row.name).timestamp()) * 1_000_000


def _title(at_us: int, row: WorstRow) -> str:
    average, least = (scale.written(value or 0) for value in (row.mos_average, row.mos_worst))
    when = f"{minute(at_us)} {zone_name(at_us)}, one hour"
    return f"{when}\nMOS {average}, worst {least}, {row.reports} reports of {row.calls} calls"


def _hour_link(q: str, at_us: int) -> str:
    return links.search(q, links.moment(at_us), links.moment(at_us + HOUR_US), "quality")
