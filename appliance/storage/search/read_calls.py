"""The view `calls` when messages must be read: `text:`, `header.NAME:` and their like, true when a message of the call
fulfils them, each term for itself.

What columns answer is asked first (search/calls.py); of the calls that are left, from the newest to the oldest, the
messages are read and tried, within limits of time and number.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from appliance.matching.kinds import KINDS_OF_CALLS
from appliance.model.ids import HOUR_US, hour_key
from appliance.model.kinds import DAY_US, DailyTable, calls_table, day_of, day_start_us
from appliance.model.rows import CallRow, Looked
from appliance.query.tree import Node
from appliance.storage.connection import Database
from appliance.storage.search import plan
from appliance.storage.search.beside import Beside
from appliance.storage.search.calls import Calls
from appliance.storage.search.clock import LEAST_SECONDS, Clock
from appliance.storage.search.condition import Condition
from appliance.storage.search.cursor import CallKey
from appliance.storage.search.octet_truths import OctetTruths
from appliance.storage.search.question import Limits
from appliance.storage.search.slices import hours_of
from appliance.storage.search.source import Found, Span
from appliance.storage.search.statements import TimeOver, select

CALLS_AT_ONCE = 200
MOST_AT_ONCE = 200_000
"""Messages that are looked for together; of a single call with more as many are tried."""
AROUND_US = HOUR_US
"""Messages of a call are looked for so long before and after what its record knows of it."""

_Leg = tuple[int, int, int]
"""hash, started and ended of one Call-ID."""


class ReadCalls:
    """Calls that fulfil a tree with raw terms and began within the span."""

    def __init__(
        self,
        database: Database,
        tables: plan.Tables,
        by_columns: Node | None,
        by_reading: Node,
        span: Span,
        limits: Limits,
        apart: bool = False,
    ) -> None:
        self.stopped_at: CallKey | None = None
        self._database = database
        self._tables = tables
        self._apart = apart
        self._truths = OctetTruths(database)
        self._beside = Beside(by_reading, self._truths.of)
        self._calls = Calls(database, tables, by_columns, span, apart, self._beside.told)
        self._messages_left = limits.text_messages
        self._last: CallKey | None = None

    async def of_day(self, day: date, most: int, seconds: float) -> list[Found]:
        clock, found = Clock(seconds), list[Found]()
        while True:
            try:
                part = await self._calls.of_day(day, CALLS_AT_ONCE, max(clock.left, LEAST_SECONDS))
                found += await self._fulfilling(day, part, clock)
            except TimeOver:
                if self._last is None:
                    raise
                self.stopped_at = self._last
                return found
            if len(found) >= most:
                return found[:most]
            if part:
                self._last = part[-1].key
                self._calls.go_on(self._last)
            if len(part) < CALLS_AT_ONCE:
                self.stopped_at = self._calls.stopped_at
                return found
            if clock.left == 0 or self._messages_left <= 0:
                self.stopped_at = self._last
                return found

    def places(self, day: date) -> list[tuple[str, Condition]] | None:
        return None

    async def looked(self) -> tuple[Looked, ...]:
        return await self._calls.looked()

    async def _fulfilling(self, day: date, found: Sequence[Found], clock: Clock) -> list[Found]:
        calls = {each.key: each.row for each in found if isinstance(each.row, CallRow)}
        legs = await self._legs(day, calls, clock)
        messages = await self._messages([leg for of_call in legs.values() for leg in of_call], clock)
        if len(found) > 1 and any(len(of_table) == MOST_AT_ONCE for of_table in messages.values()):
            parts = found[: len(found) // 2], found[len(found) // 2 :]
            return [each for part in parts for each in await self._fulfilling(day, part, clock)]
        self._truths.forget()
        for table, of_table in messages.items():
            await self._truths.read(table, of_table)
            self._messages_left -= len(of_table)
        told = self._calls.told
        hashes = {key: {hash_ for hash_, *_ in of_call} for key, of_call in legs.items()}
        return [each for each in found if self._beside.fulfilled(told.get(each.key, ()), hashes[each.key])]

    async def _legs(self, day: date, calls: Mapping[CallKey, CallRow], clock: Clock) -> dict[CallKey, list[_Leg]]:
        """Of each call its own Call-ID, and those of its later legs: of the same day, or of the next."""
        legs = {key: [(key[1], row.started, row.ended)] for key, row in calls.items()}
        joined = {row.joined: key for key, row in calls.items() if row.legs > 1 and not self._apart}
        for other in (day, day + timedelta(days=1)):
            if not joined or calls_table(other) not in self._tables.names:
                continue
            sql = (
                f"SELECT joined, hash, started, ended FROM `{calls_table(other)}` FORCE INDEX (joined)"  # noqa: S608
                f" WHERE joined IN ({','.join(['%s'] * len(joined))}) AND leg > 0"
            )
            for number, *leg in await self._select(Condition(sql, tuple(joined)), clock):
                legs[joined[number]].append((leg[0], leg[1], leg[2]))
        return legs

    async def _messages(self, legs: Sequence[_Leg], clock: Clock) -> dict[DailyTable, list[tuple[int, int]]]:
        """(hash, row id) of what the tables of the day on which each began hold of it, and those of the next."""
        keys: dict[date, list[int]] = defaultdict(list)
        for hash_, started, ended in legs:
            for day in (day_of(started), day_of(started) + timedelta(days=1)):
                low, high = max(started - AROUND_US, day_start_us(day)), max(started, ended) + AROUND_US
                keys[day] += [hour_key(hour, hash_) for hour in hours_of(low, min(high, day_start_us(day) + DAY_US))]
        found = {}
        for table in self._tables.of_messages(keys, KINDS_OF_CALLS):
            if keys[table.day]:
                found[table] = await self._of_keys(table, keys[table.day], clock)
        return found

    async def _of_keys(self, table: DailyTable, keys: Sequence[int], clock: Clock) -> list[tuple[int, int]]:
        sql = (
            f"SELECT {plan.HASH}, id FROM `{table.name}` WHERE callid_key IN ({','.join(map(str, keys))})"  # noqa: S608
            f" AND micro_ts >= %s LIMIT {MOST_AT_ONCE:d}"
        )
        rows = await self._select(Condition(sql, (self._tables.from_us,)), clock)
        return [(row[0], row[1]) for row in rows]

    async def _select(self, wanted: Condition, clock: Clock) -> list[tuple[int, ...]]:
        return await select(self._database, wanted, max(clock.left, LEAST_SECONDS))
