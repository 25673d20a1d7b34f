"""Terms of a query that are true of another leg of a joined call than the first, whose row stands for the call."""

from datetime import date, timedelta

from appliance.model.kinds import calls_table, day_start_us
from appliance.query.tree import Node, Term, Word, leaves
from appliance.storage.connection import Database
from appliance.storage.search import columns, plan
from appliance.storage.search.clock import Clock
from appliance.storage.search.condition import FALSE, Condition, all_of, any_of
from appliance.storage.search.source import Span
from appliance.storage.search.statements import select

MOST_GROUPS = 2000
"""Numbers of joined calls that stand in a statement; where a term is of more, the database works them out itself."""
FIRST = Condition("leg = 0")

_Leaf = Term | Word


class OtherLegs:
    """What was found of legs, by day and term."""

    def __init__(self, database: Database, tables: plan.Tables, span: Span) -> None:
        self._database = database
        self._tables = tables
        self._span = span
        self._found: dict[tuple[date, _Leaf], Condition] = {}
        self._joined: dict[date, bool] = {}

    async def look(self, root: Node | None, day: date, seconds: float) -> None:
        """Find the calls that began on a day and have another leg of which a term is true. Raises TimeOver."""
        clock = Clock(seconds)
        for leaf in leaves(root):
            if _is_of_any_leg(leaf) and (day, leaf) not in self._found:
                self._found[day, leaf] = await self._groups(leaf, day, clock)

    def leaf(self, own: plan.Leaf, day: date) -> plan.Leaf:
        """How a term is asked of a joined call: of its first leg, or of any."""

        def asked(node: _Leaf) -> Condition:
            mine = own(node)
            if not _is_of_any_leg(node):
                return mine
            others = self._found.get((day, node))
            return any_of([mine, self._by_subquery(node, day) if others is None else others])

        return asked

    async def _groups(self, leaf: _Leaf, day: date, clock: Clock) -> Condition:
        numbers: set[int] = set()
        for table, where in self._wheres(leaf, day):
            if not await self._has_joined(day if calls_table(day) == table else day + timedelta(days=1), clock):
                continue
            sql = f"SELECT DISTINCT joined FROM `{table}` WHERE {where.sql} LIMIT {MOST_GROUPS + 1}"  # noqa: S608
            rows = await select(self._database, Condition(sql, where.arguments), clock.left)
            numbers.update(number for (number,) in rows)
            if len(numbers) > MOST_GROUPS:
                return self._by_subquery(leaf, day)
        return Condition(f"joined IN ({','.join(map(str, sorted(numbers)))})") if numbers else FALSE

    async def _has_joined(self, day: date, clock: Clock) -> bool:
        if day not in self._joined:
            sql = f"SELECT 1 FROM `{calls_table(day)}` WHERE joined > 0 LIMIT 1"  # noqa: S608
            self._joined[day] = bool(await select(self._database, Condition(sql), clock.left))
        return self._joined[day]

    def _by_subquery(self, leaf: _Leaf, day: date) -> Condition:
        found = [
            Condition(f"(legs > 1 AND joined IN (SELECT joined FROM `{table}` WHERE {where.sql}))", where.arguments)  # noqa: S608
            for table, where in self._wheres(leaf, day)
        ]
        return any_of(found)

    def _wheres(self, leaf: _Leaf, day: date) -> list[tuple[str, Condition]]:
        """Tables of calls, and what holds there for a later leg of a call of this day."""
        since = Condition("leg > 0 AND started >= %s", (max(self._span.from_us, day_start_us(day)),))
        found = []
        for other in (day, day + timedelta(days=1)):
            if calls_table(other) in self._tables.names:
                inner = plan.call_leaf(self._tables, other)(leaf)
                where = all_of([since, inner])
                if where != FALSE:
                    found.append((calls_table(other), where))
        return found


def _is_of_any_leg(leaf: object) -> bool:
    if isinstance(leaf, Word):
        return True
    return isinstance(leaf, Term) and leaf.field not in columns.OF_FIRST_LEG
