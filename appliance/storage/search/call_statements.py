"""What search/calls.py asks of the table of calls of one day. Pure."""

from collections.abc import Sequence
from datetime import date

from appliance.model.kinds import calls_table
from appliance.query.tree import Node, Term, Word
from appliance.storage.connection import Row
from appliance.storage.rows import CALL_COLUMNS, call_row
from appliance.storage.search import any_leg, plan
from appliance.storage.search.any_leg import CALL, FIRST
from appliance.storage.search.condition import TRUE, Condition, all_of
from appliance.storage.search.slices import hours_of, is_of_hours
from appliance.storage.search.source import Found, Span

_COLUMNS = ", ".join(CALL_COLUMNS)


class CallStatements:
    """Of calls that fulfil a tree and began within the span; arguments as of calls.Calls."""

    def __init__(
        self, tables: plan.Tables, root: Node | None, span: Span, apart: bool, beside: Sequence[Term | Word]
    ) -> None:
        self.span = span
        self._tables = tables
        self._root = root
        self._apart = apart
        self._beside = beside

    def page(self, day: date, low: int, high: int, most: int) -> Condition:
        """SELECT of the first within a part of a day."""
        where = all_of([self.within(low, high), self.asked(day)])
        direction = self.span.direction
        index = "PRIMARY" if is_of_hours(low, high) and self._root is not None else "started"
        # an hour is a part of its `started`: named between, the order is that of the index
        order = f" ORDER BY started {direction}, hour {direction}, hash {direction} LIMIT {most:d}"
        return self.select(day, index, where, order)

    def select(self, day: date, index: str, where: Condition, order: str = "") -> Condition:
        """SELECT of what `found` reads."""
        leaf = self._leaf(day)
        beside = [leaf(node) for node in self._beside]
        columns = ", ".join([_COLUMNS, *(each.sql for each in beside)])
        told = tuple(argument for each in beside for argument in each.arguments)
        sql = f"SELECT hash, {columns} FROM {_table(day, index)} WHERE {where.sql}{order}"  # noqa: S608
        return Condition(sql, (*told, *where.arguments))

    def counting(self, day: date, index: str, where: Condition, most: int) -> Condition:
        """SELECT of how many rows there are, up to a bound."""
        rows = f"SELECT 1 FROM {_table(day, index)} WHERE {where.sql} LIMIT {most:d}"  # noqa: S608
        return Condition(f"SELECT COUNT(*) FROM ({rows}) AS counted", where.arguments)  # noqa: S608

    def asked(self, day: date, hashes: Sequence[int] = ()) -> Condition:
        """What a row must fulfil; `hashes` if only rows of these Call-IDs are asked."""
        first = TRUE if self._apart else FIRST
        if self._root is None:
            return first
        return all_of([first, plan.condition(self._root, self._leaf(day, hashes))])

    def within(self, low: int, high: int) -> Condition:
        """A row lies in a part of a day, and the pages before did not have it."""
        hours = Condition(f"hour IN ({','.join(map(str, hours_of(low, high)))})")
        within = Condition("started >= %s AND started < %s", (low, high))
        if self.span.after is None:
            return all_of([hours, within])
        (started, number, _), further = self.span.after, self.span.further
        return all_of([hours, within, Condition(f"(started {further} %s OR hash {further} %s)", (started, number))])

    def _leaf(self, day: date, hashes: Sequence[int] = ()) -> plan.Leaf:
        return (plan.call_leaf if self._apart else any_leg.leaf)(self._tables, day, hashes)


def found(values: Row) -> tuple[Found, Sequence[object]]:
    """A row with its place in the order, and what was told beside it."""
    call = call_row(values[1 : 1 + len(CALL_COLUMNS)])
    return Found((call.started, values[0], ""), call), values[1 + len(CALL_COLUMNS) :]


def _table(day: date, index: str) -> str:
    return f"`{calls_table(day)}` AS {CALL} FORCE INDEX (`{index}`)"
