"""Quality over many calls (FEATURES F3): the worst calls, nodes, addresses, codecs and hours of a range.

Added up by the database a day at a time, from the newest; what the time does not reach is said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from appliance.model.aliases import NONE
from appliance.model.ids import HOUR_US
from appliance.model.kinds import DAY_US, day_of, day_start_us, quality_table
from appliance.model.octets import text
from appliance.query.aliased import with_aliases
from appliance.query.parse import parse
from appliance.storage import daily_tables
from appliance.storage.connection import Database
from appliance.storage.search import allowed, plan
from appliance.storage.search.clock import Clock
from appliance.storage.search.condition import FALSE, Condition, all_of
from appliance.storage.search.quality import where_in
from appliance.storage.search.source import Span
from appliance.storage.search.statements import TimeOver, select

By = Literal["call", "node", "address", "codec", "hour"]
MOST_GROUPS = 1000
"""Groups of one day that are added up: the worst of them."""
SECONDS = 10.0

_GROUPS: dict[str, tuple[tuple[str, str], ...]] = {
    "call": (("callid", "callid <> ''"),),
    "node": (("node", "1=1"),),
    "address": (
        ("source_ip", "source_ip <> ''"),
        ("destination_ip", "destination_ip <> '' AND destination_ip <> source_ip"),
    ),
    "codec": (("codec", "codec <> ''"),),
    "hour": ((f"micro_ts DIV {HOUR_US}", "1=1"),),
}
"""What rows are grouped by, and which rows have it; an address counts what it sends and what it receives."""
_MEASURES = ("mos_hundredths", "loss_milli_percent", "jitter_us")


@dataclass(frozen=True, slots=True)
class WorstRow:
    """What was reported of the streams of one call, node, address, codec or hour; None where nothing was measured."""

    name: str
    """Call-ID, node, address, codec; the hour as `2026-11-23T12:00:00+00:00`."""
    last_us: int
    """Time of the newest report."""
    reports: int
    """Reported streams."""
    calls: int
    """Call-IDs among them, each day's for itself."""
    mos_worst: float | None
    mos_average: float | None
    loss_worst_percent: float | None
    loss_average_percent: float | None
    jitter_worst_ms: float | None
    jitter_average_ms: float | None


@dataclass(frozen=True, slots=True)
class Worst:
    """Rows, the worst first; notes are sentences about what was not looked at."""

    rows: tuple[WorstRow, ...]
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Sum:
    """(worst, sum, number) of each of _MEASURES."""

    last_us: int
    reports: int
    calls: int
    measures: list[tuple[float | None, float, int]]

    def add(self, other: "_Sum") -> None:
        self.last_us = max(self.last_us, other.last_us)
        self.reports += other.reports
        self.calls += other.calls
        for place, pick in enumerate((min, max, max)):
            (worst, total, number), (more_worst, more, count) = self.measures[place], other.measures[place]
            worsts = [one for one in (worst, more_worst) if one is not None]
            self.measures[place] = (pick(worsts) if worsts else None, total + more, number + count)


async def over(
    database: Database,
    names: Iterable[str],
    by: By,
    from_us: int,
    to_us: int,
    line: str = "",
    limit: int = 100,
    seconds: float = SECONDS,
) -> Worst:
    """The worst of [from_us, to_us) among the reports that a query line of the view `quality` finds.

    By the lowest MOS, then by the greatest loss; hours are in order of time. Raises QueryError, DatabaseError.
    """
    root = with_aliases(parse(line), NONE, "quality").root
    allowed.check(root, "quality")
    tables, span, clock = plan.Tables(frozenset(names), from_us), Span(from_us, to_us, None), Clock(seconds)
    sums: dict[object, _Sum] = {}
    notes: tuple[str, ...] = ()
    kept = _days(tables, from_us, to_us)
    for day in kept:
        try:
            await _add_day(database, day, by, where_in(tables, day, root, span), clock, sums)
        except TimeOver:
            days = f"{day}" if day == kept[-1] else f"{kept[-1]} to {day}"
            notes = (f"the time for this was over; not looked at (or not to the end): {days}; choose a shorter time",)
            break
    rows = [_row(name, found) for name, found in sums.items()]
    ordered = sorted(rows, key=lambda row: row.name) if by == "hour" else sorted(rows, key=_badness)
    return Worst(tuple(ordered[:limit]), notes)


def _days(tables: plan.Tables, from_us: int, to_us: int) -> list[date]:
    """Days of the range that have a table, newest first; a range may reach over centuries."""
    named = (daily_tables.parsed(name) for name in tables.names)
    days = {table.day for table in named if table is not None and table.name == quality_table(table.day)}
    return sorted(
        (day for day in days if from_us < day_start_us(day) + DAY_US and day_start_us(day) < to_us), reverse=True
    )


async def _add_day(
    database: Database, day: date, by: By, where: Condition, clock: Clock, sums: dict[object, _Sum]
) -> None:
    if where == FALSE:
        return
    for group, has in _GROUPS[by]:
        asked = all_of([where, Condition(has)])
        for values in await select(database, _statement(day, group, asked), clock.left):
            found = _sum_of(values[1:])
            if values[0] in sums:
                sums[values[0]].add(found)
            else:
                sums[values[0]] = found


def _statement(day: date, group: str, where: Condition) -> Condition:
    picks = zip(("MIN", "MAX", "MAX"), _MEASURES, strict=True)
    measured = ", ".join(f"{pick}({column}), SUM({column}), COUNT({column})" for pick, column in picks)
    sql = (
        f"SELECT {group} AS grouped, MAX(micro_ts), COUNT(*), COUNT(DISTINCT NULLIF(callid, '')), {measured}"  # noqa: S608
        f" FROM `{quality_table(day)}` WHERE {where.sql} GROUP BY grouped"
        " ORDER BY MIN(mos_hundredths) IS NULL, MIN(mos_hundredths), MAX(loss_milli_percent) DESC"
        f" LIMIT {MOST_GROUPS}"
    )
    return Condition(sql, where.arguments)


def _sum_of(values: Sequence[int | None]) -> _Sum:
    last_us, reports, calls, *measured = values
    triples = [(measured[place], float(measured[place + 1] or 0), int(measured[place + 2] or 0)) for place in (0, 3, 6)]
    return _Sum(int(last_us or 0), int(reports or 0), int(calls or 0), list(triples))


def _row(name: object, found: _Sum) -> WorstRow:
    mos, loss, jitter = found.measures
    return WorstRow(
        _name(name), found.last_us, found.reports, found.calls,
        _worst(mos, 100), _average(mos, 100), _worst(loss, 1000), _average(loss, 1000),
        _worst(jitter, 1000), _average(jitter, 1000),
    )  # fmt: skip


def _name(name: object) -> str:
    if isinstance(name, int):
        day = day_of(name * HOUR_US)
        return datetime.fromisoformat(f"{day}T{name % 24:02}:00:00+00:00").isoformat()
    return text(name) if isinstance(name, bytes) else str(name)


def _worst(measure: tuple[float | None, float, int], units: int) -> float | None:
    return None if measure[0] is None else measure[0] / units


def _average(measure: tuple[float | None, float, int], units: int) -> float | None:
    return round(measure[1] / measure[2] / units, 3) if measure[2] else None


def _badness(row: WorstRow) -> tuple[float, float, float]:
    mos = 6.0 if row.mos_worst is None else row.mos_worst
    return mos, -(row.loss_worst_percent or 0.0), -(row.jitter_worst_ms or 0.0)
