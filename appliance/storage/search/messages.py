"""The view `messages`: one row a stored packet, of the SIP tables and of the kinds that `kind:` names.

A Call-ID has an index. What else a message holds is found by reading messages from the newest to the oldest, slice by
slice, so that a search that must stop keeps what it found and says where it is.
"""

from collections.abc import Sequence
from datetime import date

from appliance.matching.kinds import kinds_asked
from appliance.model.kinds import DailyTable, Kind
from appliance.model.rows import Looked
from appliance.query.tree import Node
from appliance.storage.connection import Database, Row
from appliance.storage.rows import columns_of, message_row
from appliance.storage.search import looked, plan, reading
from appliance.storage.search.clock import Clock
from appliance.storage.search.condition import FALSE, TRUE, Condition, all_of
from appliance.storage.search.cursor import MessageKey
from appliance.storage.search.slices import Slices
from appliance.storage.search.source import Found, Span, counting
from appliance.storage.search.statements import TimeOver, select


class Messages:
    """Messages that fulfil a tree and are filed within the span."""

    def __init__(
        self,
        database: Database,
        site: str,
        tables: plan.Tables,
        root: Node | None,
        span: Span,
        kinds: Sequence[Kind] | None = None,
    ) -> None:
        """`kinds` are those that the tree names, unless they are said."""
        self.stopped_at: MessageKey | None = None
        self._database = database
        self._site = site
        self._tables = tables
        self._root = root
        self._span = span
        self._kinds = kinds_asked(root) if kinds is None else kinds
        self._slices = Slices()
        self._through: dict[str, list[tuple[int, int]]] = {}

    async def of_day(self, day: date, most: int, seconds: float) -> list[Found]:
        asked, clock = self._asked(day), Clock(seconds)
        start, end = self._span.of_day(day)
        found: list[Found] = []
        read_through = reading.reads_messages(self._root)
        parts = self._slices.of(start, end, oldest_first=self._span.oldest_first)
        for low, high in parts if read_through else [(start, end)]:
            took = Clock(0)
            try:
                rows = await self._part(day, asked, low, high, most - len(found), clock)
            except TimeOver:
                if not self._through:
                    raise
                self.stopped_at = self._span.before(low, high)
                return found
            found += rows
            full = len(found) >= most
            if read_through:
                part = self._span.until(found[-1].key, low, high) if full else (low, high)
                for table, _ in asked:
                    self._through.setdefault(table.name, []).append(part)
            if full:
                break
            self._slices.took(took.used_ms / 1000)
        return found

    async def looked(self) -> tuple[Looked, ...]:
        why = looked.without_index(self._root, ())
        tables = self._through.items()
        return tuple(
            [await looked.read_through(self._database, name, "micro_ts", parts, why) for name, parts in tables]
        )

    async def _part(
        self, day: date, asked: Sequence[tuple[DailyTable, Condition]], low: int, high: int, most: int, clock: Clock
    ) -> list[Found]:
        """The first within a part of a day."""
        found: list[Found] = []
        part = Condition("micro_ts >= %s AND micro_ts < %s", (low, high))
        for table, where in asked:
            rows = await select(
                self._database, page_of(table, all_of([part, where]), most, self._span.direction), clock.left
            )
            found += [Found(key_of(table, values), message_row(self._site, table.kind, day, values)) for values in rows]
        return self._span.sorted(found)[:most]

    def places(self, day: date) -> list[tuple[str, Condition]]:
        return [(table.name, where) for table, where in self._asked(day)]

    def counts(self, day: date, most: int) -> list[Condition] | None:
        return [counting(table.name, where, most) for table, where in self._asked(day)]

    def _asked(self, day: date) -> list[tuple[DailyTable, Condition]]:
        tables = self._tables.of_messages([day], self._kinds)
        asked = [(table, where_in(self._tables, table, self._root, self._span)) for table in tables]
        return [(table, where) for table, where in asked if where != FALSE]


def where_in(tables: plan.Tables, table: DailyTable, root: Node | None, span: Span) -> Condition:
    """The condition of a tree on one table, within the span and after its key."""
    asked = TRUE if root is None else plan.condition(root, plan.message_leaf(tables, table))
    return all_of([within(span, table), asked])


def within(span: Span, table: DailyTable) -> Condition:
    """Rows of the span that follow its key in the order (micro_ts, id, kind)."""
    start, end = span.of_day(table.day)
    inside = Condition("micro_ts >= %s AND micro_ts < %s", (start, end))
    if span.after is None:
        return inside
    micro_ts, row, kind = span.after
    further = span.further
    comes_later = str(table.kind) > kind if span.oldest_first else str(table.kind) < kind
    same = "=" if comes_later else ""
    return all_of([inside, Condition(f"(micro_ts {further} %s OR id {further}{same} %s)", (micro_ts, row))])


def page_of(
    table: DailyTable, where: Condition, most: int, direction: str, more_columns: Sequence[Condition] = ()
) -> Condition:
    """SELECT of the first rows; `more_columns` are conditions whose truth is wanted beside the row's columns."""
    columns = ", ".join([*columns_of(table.kind), *(column.sql for column in more_columns)])
    arguments = [argument for column in more_columns for argument in column.arguments]
    sql = (
        f"SELECT {columns} FROM `{table.name}` WHERE {where.sql}"  # noqa: S608
        f" ORDER BY micro_ts {direction}, id {direction} LIMIT {most:d}"
    )
    return Condition(sql, (*arguments, *where.arguments))


def key_of(table: DailyTable, values: Row) -> MessageKey:
    return values[0], values[1], str(table.kind)
