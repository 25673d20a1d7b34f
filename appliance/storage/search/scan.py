"""Messages whose octets must be read: from the newest to the oldest, within limits of time and number.

The part of the tree that columns can answer is asked of the database; of the rest, the raw terms are tried
here on each message, and the others come with the row as columns that are true or false.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date

from appliance.model.kinds import DailyTable, Kind
from appliance.query.tree import And, Node, Not, Or, Term, Word, leaves
from appliance.storage import raw as stored
from appliance.storage.connection import Database, Row
from appliance.storage.rows import columns_of, message_row
from appliance.storage.search import plan, raw
from appliance.storage.search.clock import LEAST_SECONDS, Clock
from appliance.storage.search.condition import FALSE, TRUE, Condition, all_of
from appliance.storage.search.cursor import MessageKey
from appliance.storage.search.messages import key_of, page_of, within
from appliance.storage.search.question import Limits
from appliance.storage.search.source import Found, Span
from appliance.storage.search.statements import select
from appliance.storage.texts import DamagedBlock

AT_ONCE = 1000
"""Messages whose octets are read together."""

Test = Callable[[Row, bytes], bool]


def is_needed(root: Node | None) -> bool:
    """Whether the tree has a term that no column answers."""
    return any(isinstance(leaf, Term) and raw.is_raw(leaf) for leaf in leaves(root))


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
        self._kinds = plan.kinds_asked(root) if kinds is None else kinds
        self._span = span
        self._messages_left = limits.text_messages
        self.stopped_at: MessageKey | None = None

    async def of_day(self, day: date, most: int, seconds: float) -> list[Found]:
        found: list[Found] = []
        clock = Clock(seconds)
        asked = [_Asked(self._tables, table, self._by_columns, self._by_reading)
                 for table in self._tables.of_messages([day], self._kinds)]  # fmt: skip
        span = self._span
        while True:
            read = await self._chunk(asked, span, clock)
            for place, key, values, payload in read:
                if place.test(values, payload):
                    row = message_row(self._site, place.table.kind, day, values[: place.width])
                    found.append(Found(key, row))
                if len(found) == most:
                    return found
            if len(read) < AT_ONCE:
                return found
            span = Span(span.from_us, span.to_us, read[-1][1])
            self._messages_left -= len(read)
            if clock.left == 0 or self._messages_left <= 0:
                self.stopped_at = span.after
                return found

    def counts(self, day: date, most: int) -> list[Condition] | None:
        return None

    async def _chunk(
        self, asked: "list[_Asked]", span: Span, clock: Clock
    ) -> "list[tuple[_Asked, MessageKey, Row, bytes]]":
        """The next AT_ONCE messages over all tables, newest first, with their octets."""
        rows = []
        for place in asked:
            wanted = place.page(span)
            if wanted is not None:
                values = await select(self._database, wanted, max(clock.left, LEAST_SECONDS))
                rows += [(place, key_of(place.table, each), each) for each in values]
        rows = sorted(rows, key=lambda row: row[1], reverse=True)[:AT_ONCE]
        octets = await _octets(self._database, [(place.table, values[1]) for place, _, values in rows])
        return [(place, key, values, octets.get((place.table, values[1]), b"")) for place, key, values in rows]


class _Asked:
    """One table with its statement and its test."""

    def __init__(
        self, tables: plan.Tables, table: DailyTable, by_columns: Node | None, by_reading: Node | None
    ) -> None:
        leaf = plan.message_leaf(tables, table)
        self.table = table
        self.width = len(columns_of(table.kind))
        self._where = TRUE if by_columns is None else plan.condition(by_columns, leaf)
        self._beside: list[Condition] = []
        self.test = _test(by_reading, leaf, self._beside, self.width)

    def page(self, span: Span) -> Condition | None:
        where = all_of([within(span, self.table), self._where])
        return None if where == FALSE else page_of(self.table, where, AT_ONCE, self._beside)


def split(root: Node) -> tuple[Node | None, Node | None]:
    """What the columns answer alone, and what needs the octets; both must be true."""
    operands = root.operands if isinstance(root, And) else (root,)
    reading = tuple(operand for operand in operands if is_needed(operand))
    columns = tuple(operand for operand in operands if not is_needed(operand))
    return (And(columns) if columns else None), (And(reading) if reading else None)


def _test(node: Node | None, leaf: plan.Leaf, beside: list[Condition], width: int) -> Test:
    match node:
        case None:
            return lambda values, payload: True
        case And(operands):
            tests = [_test(operand, leaf, beside, width) for operand in operands]
            return lambda values, payload: all(test(values, payload) for test in tests)
        case Or(operands):
            tests = [_test(operand, leaf, beside, width) for operand in operands]
            return lambda values, payload: any(test(values, payload) for test in tests)
        case Not(operand):
            inner = _test(operand, leaf, beside, width)
            return lambda values, payload: not inner(values, payload)
        case Term() if raw.is_raw(node):
            matches = raw.matcher(node)
            return lambda values, payload: matches(payload)
        case Term() | Word():
            beside.append(leaf(node))
            place = width + len(beside) - 1
            return lambda values, payload: bool(values[place])


async def _octets(database: Database, places: list[stored.Place]) -> dict[stored.Place, bytes]:
    """The octets at these places; a block that is damaged has none, and its messages fulfil no raw term."""
    try:
        return await stored.payloads(database, places)
    except DamagedBlock:
        found: dict[stored.Place, bytes] = {}
        for place in places:
            with suppress(DamagedBlock):
                found |= await stored.payloads(database, [place])
        return found
