"""A piece of a WHERE clause with its parameters; never NULL, so that NOT is its opposite."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL made of our own words alone; everything that a person typed is in `arguments`."""

    sql: str
    arguments: tuple[object, ...] = ()


TRUE = Condition("1=1")
FALSE = Condition("1=0")


def all_of(conditions: Iterable[Condition]) -> Condition:
    """AND; without what is always true."""
    kept = [each for each in conditions if each != TRUE]
    return FALSE if FALSE in kept else _joined(" AND ", kept, TRUE)


def any_of(conditions: Iterable[Condition]) -> Condition:
    """OR; without what is never true."""
    kept = [each for each in conditions if each != FALSE]
    return TRUE if TRUE in kept else _joined(" OR ", kept, FALSE)


def opposite(condition: Condition) -> Condition:
    """NOT."""
    if condition in (TRUE, FALSE):
        return FALSE if condition == TRUE else TRUE
    return Condition(f"NOT ({condition.sql})", condition.arguments)


def _joined(word: str, conditions: list[Condition], empty: Condition) -> Condition:
    if not conditions:
        return empty
    if len(conditions) == 1:
        return conditions[0]
    arguments = tuple(argument for each in conditions for argument in each.arguments)
    return Condition(f"({word.join(each.sql for each in conditions)})", arguments)
