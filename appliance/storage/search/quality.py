"""The view `quality`: one row a stream that a report tells of."""

from datetime import date

from appliance.model.kinds import quality_table
from appliance.query.tree import Node
from appliance.storage.connection import Database
from appliance.storage.rows import QUALITY_COLUMNS, quality_row
from appliance.storage.search import plan
from appliance.storage.search.condition import FALSE, TRUE, Condition, all_of
from appliance.storage.search.cursor import StreamKey
from appliance.storage.search.source import Found, Span, counting
from appliance.storage.search.statements import select


class Quality:
    """Reported streams that fulfil a tree and are filed within the span."""

    stopped_at: StreamKey | None = None

    def __init__(self, database: Database, site: str, tables: plan.Tables, root: Node | None, span: Span) -> None:
        self._database = database
        self._site = site
        self._tables = tables
        self._root = root
        self._span = span

    async def of_day(self, day: date, most: int, seconds: float) -> list[Found]:
        where = where_in(self._tables, day, self._root, self._span)
        if where == FALSE:
            return []
        order = self._span.direction
        sql = (
            f"SELECT {', '.join(QUALITY_COLUMNS)} FROM `{quality_table(day)}` WHERE {where.sql}"  # noqa: S608
            f" ORDER BY micro_ts {order}, id {order}, part {order} LIMIT {most:d}"
        )
        rows = await select(self._database, Condition(sql, where.arguments), seconds)
        return [Found((row[0], row[1], str(row[2])), quality_row(self._site, day, row)) for row in rows]

    def places(self, day: date) -> list[tuple[str, Condition]]:
        where = where_in(self._tables, day, self._root, self._span)
        return [] if where == FALSE else [(quality_table(day), where)]

    def counts(self, day: date, most: int) -> list[Condition] | None:
        where = where_in(self._tables, day, self._root, self._span)
        return [] if where == FALSE else [counting(quality_table(day), where, most)]


def where_in(tables: plan.Tables, day: date, root: Node | None, span: Span) -> Condition:
    """The condition of a tree on the quality of a day, within the span and after its key."""
    if quality_table(day) not in tables.names:
        return FALSE
    asked = TRUE if root is None else plan.condition(root, plan.quality_leaf(tables, day))
    return all_of([_within(span, day), asked])


def _within(span: Span, day: date) -> Condition:
    start, end = span.of_day(day)
    inside = Condition("micro_ts >= %s AND micro_ts < %s", (start, end))
    if span.after is None:
        return inside
    micro_ts, row, part = span.after
    number = int(part) if part.isdigit() else 0
    further = span.further
    later = f"(micro_ts {further} %s OR id {further} %s OR (id = %s AND part {further} %s))"
    after = Condition(later, (micro_ts, row, row, number))
    return all_of([inside, after])
