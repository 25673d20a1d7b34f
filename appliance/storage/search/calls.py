"""The view `calls`: one row a call, in the tables of the day that each began.

Joined legs are one row, that of the earliest; each term is true when it is of any leg (columns.OF_FIRST_LEG apart).
Legs that are not the first are few among all calls and found by the same indexes, so they are asked first, and their
groups' numbers stand in the statement: an OR with a subquery would keep the database from using any index.
"""

from datetime import date

from appliance.model.kinds import calls_table
from appliance.query.tree import Node
from appliance.storage.connection import Database
from appliance.storage.rows import CALL_COLUMNS, call_row
from appliance.storage.search import plan
from appliance.storage.search.condition import FALSE, TRUE, Condition, all_of
from appliance.storage.search.cursor import MessageKey
from appliance.storage.search.other_legs import FIRST, OtherLegs
from appliance.storage.search.source import Found, Span, counting
from appliance.storage.search.statements import select


class Calls:
    """Calls that fulfil a tree and began within the span."""

    stopped_at: MessageKey | None = None

    def __init__(
        self, database: Database, tables: plan.Tables, root: Node | None, span: Span, apart: bool = False
    ) -> None:
        """`apart`: each leg is a row."""
        self._database = database
        self._tables = tables
        self._root = root
        self._span = span
        self._apart = apart
        self._legs = OtherLegs(database, tables, span)

    async def of_day(self, day: date, most: int, seconds: float) -> list[Found]:
        if not self._apart:
            await self._legs.look(self._root, day, seconds)
        where = self._where(day)
        if where == FALSE:
            return []
        columns = ", ".join(CALL_COLUMNS)
        sql = (
            f"SELECT hash, {columns} FROM `{calls_table(day)}` WHERE {where.sql}"  # noqa: S608
            f" ORDER BY started DESC, hash DESC LIMIT {most:d}"
        )
        rows = await select(self._database, Condition(sql, where.arguments), seconds)
        calls = [(values[0], call_row(values[1:])) for values in rows]
        return [Found((call.started, number, ""), call) for number, call in calls]

    def counts(self, day: date, most: int) -> list[Condition] | None:
        where = self._where(day)
        return [] if where == FALSE else [counting(calls_table(day), where, most)]

    def _where(self, day: date) -> Condition:
        if calls_table(day) not in self._tables.names:
            return FALSE
        leaf = plan.call_leaf(self._tables, day)
        if not self._apart:
            leaf = self._legs.leaf(leaf, day)
        asked = TRUE if self._root is None else plan.condition(self._root, leaf)
        return all_of([_within(self._span, day), TRUE if self._apart else FIRST, asked])


def _within(span: Span, day: date) -> Condition:
    start, end = span.of_day(day)
    within = Condition("started >= %s AND started < %s", (start, end))
    if span.after is None:
        return within
    started, number, _ = span.after
    return all_of([within, Condition("(started < %s OR hash < %s)", (started, number))])
