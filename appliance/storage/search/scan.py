"""Messages whose octets must be read: in the order of the span, within limits of time and number.

The part of the tree that columns can answer is asked of the database; of the rest, the raw terms are tried
here on each message, and the others come with the row as columns that are true or false.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date

from appliance.matching import raw
from appliance.matching.kinds import kinds_asked
from appliance.model.kinds import DailyTable, Kind
from appliance.model.rows import Looked
from appliance.query.tree import And, Node, Not, Or, Term
from appliance.storage import raw as stored
from appliance.storage.connection import Database, Row
from appliance.storage.rows import columns_of, message_row
from appliance.storage.search import looked, plan
from appliance.storage.search.beside import Beside, split
from appliance.storage.search.clock import LEAST_SECONDS, Clock
from appliance.storage.search.condition import FALSE, TRUE, Condition, all_of
from appliance.storage.search.cursor import MessageKey
from appliance.storage.search.messages import key_of, page_of, within
from appliance.storage.search.question import Limits
from appliance.storage.search.slices import Slices
from appliance.storage.search.source import Found, Span
from appliance.storage.search.statements import TimeOver, select
from appliance.storage.texts import INDEX_BITS, row_id

FIRST_US = 5_000_000
LEAST_US = 1000
LEAST_AT_ONCE, MOST_AT_ONCE = 1000, 20_000
"""Messages of a slice: fewer octets are not worth a turn, more keep too much in memory."""
IDS_AT_ONCE = 2000


class Scan:
    """Messages that fulfil a tree with raw terms, filed within the span."""

    def __init__(
        self,
        database: Database,
        site: str,
        tables: plan.Tables,
        root: Node,
        span: Span,
        limits: Limits,
        kinds: Sequence[Kind] | None = None,
    ) -> None:
        self._database = database
        self._site = site
        self._tables = tables
        self._by_columns, self._by_reading = split(root)
        self._kinds = kinds_asked(root) if kinds is None else kinds
        self._span = span
        self._limit = self._messages_left = limits.text_messages
        self._slices = Slices(FIRST_US)
        self.stopped_at: MessageKey | None = None
        self._why = looked.without_index(self._by_reading, ())
        self._through: dict[str, Looked] = {}

    async def of_day(self, day: date, most: int, seconds: float) -> list[Found]:
        found: list[Found] = []
        clock = Clock(seconds)
        asked = [_Asked(self._tables, table, self._by_columns, self._by_reading, self._span)
                 for table in self._tables.of_messages([day], self._kinds)]  # fmt: skip
        for low, high in self._slices.of(*self._span.of_day(day), oldest_first=self._span.oldest_first):
            over = self._messages_left <= 0 or (clock.left == 0 and self._messages_left < self._limit)
            took = Clock(0)
            try:
                part = None if over else await self._part(day, asked, low, high, most - len(found), clock)
            except TimeOver:
                if not self._through:
                    raise
                over, part = True, None
            if over:
                self.stopped_at = self._span.before(low, high)
                return found
            if part is None:
                self._slices.shorten(high - low)
                continue
            found += part
            if len(found) >= most:
                return found
            self._slices.took(took.used_ms / 1000)
        return found

    async def _part(
        self, day: date, asked: "Sequence[_Asked]", low: int, high: int, most: int, clock: Clock
    ) -> list[Found] | None:
        """The first of a slice; None when it has too many messages to be read at once."""
        blocks = [(place, await self._blocks(place, low, high, clock)) for place in asked]
        messages = sum(count for _, numbers in blocks for count in numbers.values())
        if messages > max(LEAST_AT_ONCE, min(MOST_AT_ONCE, self._messages_left)) and high - low > LEAST_US:
            return None
        found: list[Found] = []
        for place, numbers in blocks:
            found += await self._rows(place, day, low, high, list(numbers), most, clock)
        self._messages_left -= messages
        self._note(blocks, low, high)
        return self._span.sorted(found)[:most]

    def _note(self, blocks: "Sequence[tuple[_Asked, dict[int, int]]]", low: int, high: int) -> None:
        for place, numbers in blocks:
            name, before = place.table.name, self._through.get(place.table.name)
            rows = sum(numbers.values()) + (before.rows if before else 0)
            start, end = (min(low, before.from_us), max(high, before.to_us)) if before else (low, high)
            self._through[name] = Looked(name, (), rows, exact=True, why=self._why, from_us=start, to_us=end)

    async def looked(self) -> tuple[Looked, ...]:
        return tuple(self._through.values())

    def places(self, day: date) -> list[tuple[str, Condition]] | None:
        return None

    def counts(self, day: date, most: int) -> list[Condition] | None:
        return None

    async def _blocks(self, place: "_Asked", low: int, high: int, clock: Clock) -> dict[int, int]:
        """How many messages that the columns leave lie in which block."""
        wanted = place.blocks(low, high)
        if wanted is None:
            return {}
        return dict(await select(self._database, wanted, max(clock.left, LEAST_SECONDS)))

    async def _rows(
        self, place: "_Asked", day: date, low: int, high: int, blocks: Sequence[int], most: int, clock: Clock
    ) -> list[Found]:
        """Rows of a slice whose messages fulfil the tree."""
        await place.read(self._database, blocks)
        payloads = {row: payload for block in blocks for row, payload in place.possible[block].items()}
        found: list[Found] = []
        ids = sorted(payloads)
        for start in range(0, len(ids), IDS_AT_ONCE):
            wanted = place.page(low, high, ids[start : start + IDS_AT_ONCE], most)
            for values in await select(self._database, wanted, max(clock.left, LEAST_SECONDS)):
                if place.test(values, payloads[values[1]]):
                    row = message_row(self._site, place.table.kind, day, values[: place.width])
                    found.append(Found(key_of(place.table, values), row))
        return found


class _Asked:
    """One table with its statements and its tests."""

    def __init__(
        self,
        tables: plan.Tables,
        table: DailyTable,
        by_columns: Node | None,
        by_reading: Node | None,
        span: Span,
    ) -> None:
        leaf = plan.message_leaf(tables, table)
        self.table = table
        self.width = len(columns_of(table.kind))
        asked = TRUE if by_columns is None else plan.condition(by_columns, leaf)
        self._where = all_of([within(span, table), asked])
        self._direction = span.direction
        self._fulfilled = Beside(by_reading, raw.matcher) if by_reading is not None else None
        self._beside = [leaf(node) for node in self._fulfilled.told] if self._fulfilled is not None else []
        self._may_be = _may_be(by_reading, True)
        self._needles = raw.needed(by_reading)
        self.possible: dict[int, dict[int, bytes]] = {}
        """By block that was read, and in it by row id, the octets that may fulfil the tree: slices share blocks."""

    async def read(self, database: Database, blocks: Sequence[int]) -> None:
        """Try the messages of blocks that were not read yet."""
        unread = [block for block in blocks if block not in self.possible]
        for start in range(0, len(unread), stored.BLOCKS_AT_ONCE):
            some = unread[start : start + stored.BLOCKS_AT_ONCE]
            part = await stored.blocks(database, self.table, some, self._needles)
            self.possible |= await asyncio.to_thread(self._tried, part)
            for block in some:
                self.possible.setdefault(block, {})

    def _tried(self, read: Sequence[tuple[int, Sequence[bytes]]]) -> dict[int, dict[int, bytes]]:
        return {
            block: {row_id(block, index): octets for index, octets in enumerate(payloads) if self._may_be(octets)}
            for block, payloads in read
        }

    def test(self, values: Row, payload: bytes) -> bool:
        """Whether a row of `page` fulfils the tree with these octets."""
        return self._fulfilled is None or self._fulfilled.fulfilled(values[self.width :], payload)

    def blocks(self, low: int, high: int) -> Condition | None:
        """SELECT of (block, messages in it)."""
        if self._where == FALSE:
            return None
        where = all_of([Condition("micro_ts >= %s AND micro_ts < %s", (low, high)), self._where])
        sql = f"SELECT id >> {INDEX_BITS}, COUNT(*) FROM `{self.table.name}` WHERE {where.sql} GROUP BY 1"  # noqa: S608
        return Condition(sql, where.arguments)

    def page(self, low: int, high: int, ids: Sequence[int], most: int) -> Condition:
        """SELECT of these rows; all of them when columns have still to tell."""
        among = Condition(f"micro_ts >= %s AND micro_ts < %s AND id IN ({','.join(map(str, ids))})", (low, high))
        return page_of(
            self.table, all_of([among, self._where]), len(ids) if self._beside else most, self._direction, self._beside
        )


def _may_be(node: Node | None, wanted: bool) -> Callable[[bytes], bool]:
    """Whether a tree may be true (or false, if that is wanted) of these octets, whatever its columns say."""
    match node:
        case And(operands) | Or(operands):
            parts = [_may_be(operand, wanted) for operand in operands]
            if isinstance(node, And) == wanted:
                return lambda payload: all(part(payload) for part in parts)
            return lambda payload: any(part(payload) for part in parts)
        case Not(operand):
            return _may_be(operand, not wanted)
        case Term() if raw.is_raw(node):
            matches = raw.matcher(node)
            return lambda payload: matches(payload) is wanted
        case _:
            return lambda payload: True
