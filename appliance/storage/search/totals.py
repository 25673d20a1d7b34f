"""How many rows a search has over all of its days: what costs little to know first, the rest while there is time."""

from collections.abc import Sequence
from datetime import date

from appliance.model.rows import Total
from appliance.storage.connection import Database
from appliance.storage.search.clock import Clock
from appliance.storage.search.question import Limits
from appliance.storage.search.source import Countable, Counting, Source
from appliance.storage.search.statements import TimeOver, select


async def counted(database: Database, source: Source, days: Sequence[date], limits: Limits) -> Total:
    """Of all days, as far as the time for it reaches."""
    clock, most = Clock(limits.count_seconds), limits.count_rows + 1
    if not isinstance(source, Counting):
        return await _by_statements(database, source, days, most, clock)
    counts: dict[date, Total] = {}
    for quick in (True, False):
        for day in days:
            if day not in counts or not counts[day].exact:
                try:
                    counts[day] = await source.count(day, most, clock.left, quick=quick)
                except TimeOver:
                    return Total(sum(each.count for each in counts.values()), exact=False)
            if sum(each.count for each in counts.values()) >= most:
                return Total(most, exact=False)
    return Total(sum(each.count for each in counts.values()), all(each.exact for each in counts.values()))


async def _by_statements(database: Database, source: Source, days: Sequence[date], most: int, clock: Clock) -> Total:
    count = 0
    for day in days:
        statements = source.counts(day, most) if isinstance(source, Countable) else None
        if statements is None:
            return Total(count, exact=False)
        for statement in statements:
            try:
                rows = await select(database, statement, clock.left)
            except TimeOver:
                return Total(count, exact=False)
            count += rows[0][0] if rows else 0  # none: the table was dropped meanwhile
            if count >= most:
                return Total(most, exact=False)
    return Total(count, exact=True)
