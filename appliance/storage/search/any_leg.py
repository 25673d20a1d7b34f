"""Terms of a query that are true of another leg of a joined call than the first, whose row stands for the call.

Asked of each call that has other legs, by the index on what joins them: it costs the same wherever those lie.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from appliance.matching.fields import OF_FIRST_LEG
from appliance.model.kinds import calls_table
from appliance.query.tree import Term, Word
from appliance.storage.search import plan
from appliance.storage.search.condition import FALSE, Condition, any_of

FIRST = Condition("leg = 0")
CALL = "found"
"""What a statement names the table of calls that it reads."""


def leaf(tables: plan.Tables, day: date, hashes: Sequence[int] = ()) -> plan.Leaf:
    """How a term is asked of a call that began on a day: of its first leg, or of any; `hashes` as of plan.call_leaf."""
    own = plan.call_leaf(tables, day, hashes)

    def asked(node: Term | Word) -> Condition:
        mine = own(node)
        return any_of([mine, _of_others(tables, day, node, hashes)]) if _is_of_any_leg(node) else mine

    return asked


def _of_others(tables: plan.Tables, day: date, node: Term | Word, hashes: Sequence[int]) -> Condition:
    """A later leg fulfils it: of the same day, or of the next."""
    found = []
    for other in (day, day + timedelta(days=1)):
        table = calls_table(other)
        inner = plan.call_leaf(tables, other, hashes)(node) if table in tables.names else FALSE
        if inner != FALSE:
            sql = (
                f"(legs > 1 AND EXISTS (SELECT 1 FROM `{table}` AS other FORCE INDEX (joined)"  # noqa: S608
                f" WHERE other.joined = {CALL}.joined AND other.leg > 0 AND {inner.sql}))"
            )
            found.append(Condition(sql, inner.arguments))
    return any_of(found)


def _is_of_any_leg(node: Term | Word) -> bool:
    return isinstance(node, Word) or node.field not in OF_FIRST_LEG
