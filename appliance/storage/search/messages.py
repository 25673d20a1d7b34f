"""The view `messages`: one row a stored packet, of the SIP tables and of the kinds that `kind:` names."""

from collections.abc import Sequence
from datetime import date

from appliance.model.kinds import DailyTable, Kind
from appliance.query.tree import Node
from appliance.storage.connection import Database, Row
from appliance.storage.rows import columns_of, message_row
from appliance.storage.search import plan
from appliance.storage.search.condition import FALSE, TRUE, Condition, all_of
from appliance.storage.search.cursor import MessageKey
from appliance.storage.search.source import Found, Span, counting
from appliance.storage.search.statements import select


class Messages:
    """Messages that fulfil a tree and are filed within the span."""

    stopped_at: MessageKey | None = None

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
        self._database = database
        self._site = site
        self._tables = tables
        self._root = root
        self._span = span
        self._kinds = plan.kinds_asked(root) if kinds is None else kinds

    async def of_day(self, day: date, most: int, seconds: float) -> list[Found]:
        found: list[Found] = []
        for table, where in self._asked(day):
            rows = await select(self._database, page_of(table, where, most), seconds)
            found += [Found(key_of(table, values), message_row(self._site, table.kind, day, values)) for values in rows]
        return sorted(found, key=lambda each: each.key, reverse=True)[:most]

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
    sign = "<=" if str(table.kind) < kind else "<"
    return all_of([inside, Condition(f"(micro_ts < %s OR id {sign} %s)", (micro_ts, row))])


def page_of(table: DailyTable, where: Condition, most: int, more_columns: Sequence[Condition] = ()) -> Condition:
    """SELECT of the newest rows; `more_columns` are conditions whose truth is wanted beside the row's columns."""
    columns = ", ".join([*columns_of(table.kind), *(column.sql for column in more_columns)])
    arguments = [argument for column in more_columns for argument in column.arguments]
    sql = (
        f"SELECT {columns} FROM `{table.name}` WHERE {where.sql}"  # noqa: S608
        f" ORDER BY micro_ts DESC, id DESC LIMIT {most:d}"
    )
    return Condition(sql, (*arguments, *where.arguments))


def key_of(table: DailyTable, values: Row) -> MessageKey:
    return values[0], values[1], str(table.kind)
