"""The view `calls`: one row a call, in the tables of the day that each began.

Joined legs are one row, that of the earliest; each term is true when it is of any leg (OF_FIRST_LEG apart).

What an index answers is found by its keys (lookups, keys), as long as they are few. What is frequent, and what is in no
index, is found by reading calls from the newest to the oldest, slice by slice.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from appliance.model.kinds import calls_table, day_of
from appliance.model.rows import Looked, Total
from appliance.query.tree import Node, Term, Word
from appliance.storage import daily_tables
from appliance.storage.connection import Database, Row
from appliance.storage.search import call_statements, looked, lookups, plan, reading
from appliance.storage.search.any_leg import FIRST
from appliance.storage.search.call_statements import CallStatements
from appliance.storage.search.clock import Clock
from appliance.storage.search.condition import TRUE, Condition, all_of
from appliance.storage.search.cursor import CallKey
from appliance.storage.search.keys import Key, Keys, among
from appliance.storage.search.lookups import CLASS
from appliance.storage.search.slices import Slices, hours_of
from appliance.storage.search.source import Found, Span
from appliance.storage.search.statements import TimeOver, select

AT_ONCE, AT_ONCE_WITH_MESSAGES = 500, 50
"""Keys whose rows are read together; of a call with its messages there are a day's 24 keys each."""
ALL = 1 << 62


class Calls:
    """Calls that fulfil a tree and began within the span."""

    def __init__(
        self,
        database: Database,
        tables: plan.Tables,
        root: Node | None,
        span: Span,
        apart: bool = False,
        beside: Sequence[Term | Word] = (),
    ) -> None:
        """`apart`: each leg is a row. `beside`: what is told of each row that is found, whether it holds or not."""
        self.stopped_at: CallKey | None = None
        self.told: dict[CallKey, Sequence[object]] = {}
        """What holds `beside` rows of the last `of_day`."""
        self._database = database
        self._tables = tables
        self._root = root
        self._span = span
        self._apart = apart
        self._statements = CallStatements(tables, root, span, apart, beside)
        self._asks_messages = reading.asks_messages(root)
        self._driver = lookups.driver(root)
        self._keys = Keys(database, tables, self._driver, apart) if self._driver is not None else None
        self._looked_ahead = False
        self._by_index: dict[date, int] = {}
        self._through: dict[date, list[tuple[int, int]]] = {}
        self._slices = Slices()

    async def of_day(self, day: date, most: int, seconds: float) -> list[Found]:
        self.told.clear()
        if calls_table(day) not in self._tables.names:
            return []
        clock = Clock(seconds)
        keys = await self._few(day, clock)
        if keys is None:
            return await self._by_reading(day, most, clock)
        return await self._by_keys(day, keys, most, clock)

    def go_on(self, after: CallKey) -> None:
        """Find what comes after this key from now on."""
        self._span = self._statements.span = replace(self._span, after=after)

    def places(self, day: date) -> list[tuple[str, Condition]]:
        if calls_table(day) not in self._tables.names:
            return []
        return [(calls_table(day), self._in_day(day))]

    async def count(self, day: date, most: int, seconds: float, *, quick: bool) -> Total:
        if calls_table(day) not in self._tables.names:
            return Total(0, exact=True)
        clock = Clock(seconds)
        if quick and self._index_counts:
            return await self._count_in_index(day, most, clock)
        keys = await self._few(day, clock)
        if keys is not None:
            return Total(await self._count_keys(day, keys, clock), exact=True)
        if quick:
            return await self._count_in_index(day, most, clock)
        return Total(await self._counted(day, "PRIMARY", self._in_day(day), most, clock), exact=True)

    def _in_day(self, day: date) -> Condition:
        return all_of([self._statements.within(*self._span.of_day(day)), self._statements.asked(day)])

    async def _few(self, day: date, clock: Clock) -> list[Key] | None:
        """Keys within the span that an index finds, in its order."""
        if self._keys is None:
            return None
        start, end = self._span.of_day(day)
        if not self._looked_ahead:
            self._looked_ahead = True
            await self._look_ahead(day, clock)
        found = await self._keys.of_day(day, hours_of(start, end)[0] if end > start else 24, clock)
        keys = [key for key in found or () if start <= key.started < end and self._is_left(key)]
        return found and (keys[::-1] if self._span.oldest_first else keys)

    def _is_left(self, key: Key) -> bool:
        """Whether the pages before did not have it."""
        after = self._span.after
        return after is None or (key[:2] > after[:2] if self._span.oldest_first else key[:2] < after[:2])

    async def _look_ahead(self, newest: date, clock: Clock) -> None:
        """From the day after the newest (its calls may be later legs) to the oldest."""
        assert self._keys is not None
        newest = day_of(self._span.to_us - 1) if self._span.oldest_first else newest
        names = (daily_tables.parsed(name) for name in self._tables.names if name.startswith(daily_tables.CALLS))
        first, last = day_of(self._span.from_us), newest + timedelta(days=0 if self._apart else 1)
        days = sorted({table.day for table in names if table is not None and first <= table.day <= last}, reverse=True)
        oldest = hours_of(*self._span.of_day(days[-1])) if days else range(0)
        await self._keys.look_ahead(days, oldest[0] if oldest else 24, clock)

    async def _by_keys(self, day: date, keys: Sequence[Key], most: int, clock: Clock) -> list[Found]:
        self._by_index[day] = len(keys)
        found: list[Found] = []
        step = most if self._is_whole else self._keys_at_once
        for start in range(0, len(keys), step):
            part = keys[start : start + step]
            where = all_of([among(part), await self._asked_of_keys(day, part, clock)])
            rows = await select(self._database, self._statements.select(day, "PRIMARY", where), clock.left)
            there = {key[:2] for key in part}
            found += self._span.sorted([each for each in map(self._found, rows) if each.key[:2] in there])
            if len(found) >= most:
                break
        return found[:most]

    async def _by_reading(self, day: date, most: int, clock: Clock) -> list[Found]:
        found: list[Found] = []
        start, end = self._span.of_day(day)
        whole = [(start, end)] if end > start else []
        parts = self._slices.of(start, end, oldest_first=self._span.oldest_first) if self._can_be_sliced else whole
        for low, high in parts:
            took = Clock(0)
            try:
                page = self._statements.page(day, low, high, most - len(found))
                rows = await select(self._database, page, clock.left)
            except TimeOver:
                if not (self._through or self._by_index):
                    raise
                self.stopped_at = self._span.before(low, high)
                return found
            self._slices.took(took.used_ms / 1000)
            found += map(self._found, rows)
            full = len(found) >= most
            part = self._span.until(found[-1].key, low, high) if full else (low, high)
            self._through.setdefault(day, []).append(part)
            if full:
                break
        return found

    async def looked(self) -> tuple[Looked, ...]:
        told = {}
        for day, rows in self._by_index.items():
            assert self._driver is not None
            told[day] = looked.by_index(calls_table(day), self._driver, rows)
        if self._root is not None:
            why = looked.MANY if self._driver is not None else looked.without_index(self._root, lookups.FIELDS)
            for day, parts in self._through.items():
                told[day] = await looked.read_through(self._database, calls_table(day), "started", parts, why)
        return tuple(told[day] for day in sorted(told, reverse=True))

    async def _count_keys(self, day: date, keys: Sequence[Key], clock: Clock) -> int:
        if self._is_whole:
            return len(keys)
        count, within = 0, self._statements.within(*self._span.of_day(day))
        for start in range(0, len(keys), self._keys_at_once):
            part = keys[start : start + self._keys_at_once]
            where = all_of([among(part), within, await self._asked_of_keys(day, part, clock)])
            count += await self._counted(day, "PRIMARY", where, ALL, clock)
        return count

    async def _count_in_index(self, day: date, most: int, clock: Clock) -> Total:
        """What an index alone tells of rows that stand for calls."""
        within = all_of([self._statements.within(*self._span.of_day(day)), TRUE if self._apart else FIRST])
        if self._root is None:  # every index of this table holds all of these columns
            return Total(await self._counted(day, "outcome", within, most, clock), exact=True)
        if self._driver is None or not self._driver.whole:
            return Total(0, exact=False)
        counted = 0
        for lookup in self._driver.lookups:
            where = all_of([within, lookup.where])
            counted = max(counted, await self._counted(day, lookup.index, where, most, clock))
            if counted >= most:
                break
        return Total(counted, exact=self._index_counts)

    @property
    def _index_counts(self) -> bool:
        """Whether the entries of one index are the calls that are asked for, each once."""
        if self._driver is None or not self._driver.whole or len(self._driver.lookups) > 1:
            return False
        return self._driver.rank == CLASS and (self._apart or self._driver.lookups[0].of_first_leg)

    async def _counted(self, day: date, index: str, where: Condition, most: int, clock: Clock) -> int:
        wanted = self._statements.counting(day, index, where, most)
        rows = await select(self._database, wanted, clock.left)
        return int(rows[0][0]) if rows else 0

    def _found(self, values: Row) -> Found:
        found, told = call_statements.found(values)
        if told:
            self.told[found.key] = told
        return found

    async def _asked_of_keys(self, day: date, keys: Sequence[Key], clock: Clock) -> Condition:
        """What rows must fulfil whose keys an index told; of messages only theirs are read."""
        if self._is_whole or self._root is None or self._keys is None:
            return TRUE
        return self._statements.asked(day, await self._keys.hashes_of(day, keys, clock) if self._asks_messages else ())

    @property
    def _is_whole(self) -> bool:
        return self._driver is not None and self._driver.whole

    @property
    def _keys_at_once(self) -> int:
        return AT_ONCE_WITH_MESSAGES if self._asks_messages else AT_ONCE

    @property
    def _can_be_sliced(self) -> bool:
        return self._root is not None and not self._asks_messages
