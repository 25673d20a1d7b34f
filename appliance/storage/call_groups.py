"""Calls counted by where they come from or go to, by country, agent, hour or day (FEATURES H2).

Grouped by the database a day at a time, from the newest; what the time does not reach is said. By address each leg
counts where it went; else joined legs are one call.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from appliance.calls.measures import Tally
from appliance.model.ids import HOUR_US
from appliance.model.kinds import DAY_US
from appliance.model.octets import text
from appliance.storage.connection import Database
from appliance.storage.search import catalogue, plan, root_of
from appliance.storage.search.any_leg import CALL
from appliance.storage.search.ask import days_of, source_of
from appliance.storage.search.clock import Clock
from appliance.storage.search.condition import Condition
from appliance.storage.search.question import Limits, Question
from appliance.storage.search.source import Span
from appliance.storage.search.statements import TimeOver, select

By = Literal["source", "destination", "from_country", "to_country", "user_agent", "hour", "day"]
SECONDS = 10.0
MOST_ROWS = 100_000
"""(group, state, final response) of one day."""
APART = frozenset({"source", "destination"})
_EXPRESSIONS: Mapping[By, str] = {
    "source": "source_ip",
    "destination": "destination_ip",
    "from_country": "from_country",
    "to_country": "to_country",
    "user_agent": "user_agent",
    "hour": f"started DIV {HOUR_US} * {HOUR_US}",
    "day": f"started DIV {DAY_US} * {DAY_US}",
}
"""All that may stand in the statement: nothing else is grouped by."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Tallies by name; of hours and days the name is the first microsecond. Notes say what was not counted."""

    tallies: dict[str, Tally]
    notes: tuple[str, ...] = ()


async def counted(
    database: Database,
    question: Question,
    by: By,
    named: Callable[[str], str] = lambda name: name,
    seconds: float = SECONDS,
) -> Groups:
    """Calls that a query finds; groups of one `named` are one. Raises QueryError, DatabaseError."""
    question = replace(question, view="calls", cursor=None, legs="apart" if by in APART else "joined")
    clock, root, span = Clock(seconds), root_of(question), Span(question.from_us, question.to_us, None)
    names = await catalogue.names(database)
    source, _ = source_of(database, "", question, root, plan.Tables(names, span.from_us), span, Limits())
    tallies: dict[str, Tally] = {}
    days = days_of(span, names)
    for day in days:
        places = source.places(day)
        if places is None:
            return Groups({}, ("what is read from the messages themselves cannot be counted",))
        try:
            whole = [await _add(database, table, where, by, named, clock, tallies) for table, where in places]
        except TimeOver:
            return Groups(tallies, (_not_counted(day, days[-1]),))
        if not all(whole):
            return Groups(tallies, (f"{day} has too many groups: not all of them are counted",))
    return Groups(tallies)


async def _add(
    database: Database, table: str, where: Condition, by: By, named: Callable[[str], str], clock: Clock,
    tallies: dict[str, Tally],
) -> bool:  # fmt: skip
    """Whether all of a day's table was counted."""
    sql = (
        f"SELECT {_EXPRESSIONS[by]}, state, COALESCE(status, 0), COUNT(*), COALESCE(SUM(talk_ms), 0),"  # noqa: S608
        f" COUNT(talk_ms), COALESCE(SUM(pdd_ms), 0), COUNT(pdd_ms) FROM `{table}` AS {CALL} WHERE {where.sql}"
        f" GROUP BY 1, 2, 3 LIMIT {MOST_ROWS + 1:d}"
    )
    rows = await select(database, Condition(sql, where.arguments), clock.left)
    for group, state, status, count, talked, talks, waited, waits in rows[:MOST_ROWS]:
        name = text(group) if isinstance(group, bytes) else str(int(group))
        tally = tallies.setdefault(named(name), Tally())
        tally.statuses[text(state), int(status)] += int(count)
        tally.talked_ms += int(talked)
        tally.talks += int(talks)
        tally.waited_ms += int(waited)
        tally.waits += int(waits)
    return len(rows) <= MOST_ROWS


def _not_counted(day: date, last: date) -> str:
    days = f"{day}" if day == last else f"{last} to {day}"
    return f"the time for this was over; not counted (or not to the end): {days}; choose a shorter time"
