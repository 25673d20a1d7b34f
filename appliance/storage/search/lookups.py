"""Which indexes of the tables of calls answer a query: pure, from its tree alone.

A call that fulfils the tree is among what the lookups of its `Driver` find, in one of its legs; so only those rows need
be read. A tree without a driver is answered by reading through the calls.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from appliance.matching.fields import PARTIES
from appliance.model.ids import callid_hash
from appliance.model.octets import octets
from appliance.model.rows import CallState
from appliance.query.addresses import dotted_prefix
from appliance.query.tree import (
    Addresses,
    And,
    Exact,
    Node,
    Not,
    Or,
    Pattern,
    Span,
    Term,
    Value,
    Word,
    alternatives,
)
from appliance.storage.search import compare
from appliance.storage.search.condition import Condition

REVERSED = {
    "from_user": "from_reversed",
    "to_user": "to_reversed",
    "ruri_user": "ruri_reversed",
    "pid_user": "pid_reversed",
}
"""Columns of users, and the same users with their octets from the last to the first."""

UNDER_WAY = frozenset({CallState.SETUP.value, CallState.RINGING.value, CallState.ANSWERED.value})
"""States that a call passes through; the column `outcome` has none of them (daily/calls.sql)."""

EXACT, LONG, SHORT, CLASS = range(4)
"""How few rows a lookup is expected to find, the fewest first."""
LONG_OCTETS = 5


@dataclass(frozen=True, slots=True)
class Lookup:
    """Rows of one index that fulfil a condition on its own columns (the hour comes before or behind them)."""

    index: str
    where: Condition
    rank: int
    of_first_leg: bool = False
    """What it is about counts in a joined call's first leg alone (OF_FIRST_LEG)."""


@dataclass(frozen=True, slots=True)
class Driver:
    """What any of these lookups finds. `whole`: what they find is all that the tree asks for."""

    lookups: tuple[Lookup, ...]
    whole: bool

    @property
    def rank(self) -> int:
        return max(lookup.rank for lookup in self.lookups)


def driver(node: Node | None) -> Driver | None:
    """The best driver of a tree; None when some of what it asks for is in no index."""
    match node:
        case And(operands):
            found = [each for each in map(driver, operands) if each is not None]
            return Driver(min(found, key=lambda each: each.rank).lookups, False) if found else None
        case Or(operands):
            return _any(list(map(driver, operands)))
        case Term(field, value):
            one = _TERMS.get(field)
            return None if one is None else _each(value, one)
        case Word(value):
            return _each(value, _word)
        case Not() | None:
            return None


def _any(drivers: Sequence[Driver | None]) -> Driver | None:
    lookups: list[Lookup] = []
    for each in drivers:
        if each is None:
            return None
        lookups += each.lookups
    return Driver(tuple(dict.fromkeys(lookups)), all(each.whole for each in drivers if each)) if lookups else None


def _each(value: Value, one: Callable[[Value], Driver | None]) -> Driver | None:
    return _any([one(each) for each in alternatives(value)])


def _users(*columns: str) -> Callable[[Value], Driver | None]:
    def one(value: Value) -> Driver | None:
        if value == Exact("") and len(columns) > 1:  # it asks for calls that have none of them
            return Driver((Lookup(columns[0], compare.text(columns[:1], value), SHORT),), False)
        return _whole([_user(column, value) for column in columns])

    return one


def _whole(lookups: Sequence[Lookup | None]) -> Driver | None:
    found = [lookup for lookup in lookups if lookup is not None]
    return Driver(tuple(found), True) if len(found) == len(lookups) else None


def _user(column: str, value: Value) -> Lookup | None:
    """By the beginning of the value, or by its end if more is known of that."""
    if isinstance(value, Exact):
        return Lookup(column, compare.text((column,), value), EXACT)
    if not isinstance(value, Pattern) or not (value.pieces[0] or value.pieces[-1]):
        return None
    if len(value.pieces[0]) >= len(value.pieces[-1]):
        return _by_beginning(column, value)
    pieces = tuple(_backwards(piece) for piece in reversed(value.pieces))
    return _by_beginning(REVERSED[column], Pattern(pieces))


def _backwards(piece: str) -> str:
    return octets(piece)[::-1].decode("utf-8", "surrogateescape")


def _by_beginning(column: str, value: Pattern) -> Lookup:
    rank = LONG if len(octets(value.pieces[0])) >= LONG_OCTETS else SHORT
    return Lookup(column, compare.text((column,), value), rank)


def _address(*columns: str) -> Callable[[Value], Driver | None]:
    def one(value: Value) -> Driver | None:
        return _whole([_in_index(column, value) for column in columns])

    return one


def _in_index(column: str, value: Value) -> Lookup | None:
    match value:
        case Addresses(first, last, None) if first == last:
            return Lookup(column, compare.addresses(((column, ""),), value), EXACT)
        case Addresses(first, last, None) if dotted_prefix(first, last) is not None:
            return Lookup(column, compare.addresses(((column, ""),), value), SHORT)
        case Pattern(pieces) if pieces[0]:
            return _by_beginning(column, value)
        case _:
            return None


def _status(value: Value) -> Driver | None:
    if not isinstance(value, Span):
        return None
    return _whole([Lookup("status", compare.number("status", value), CLASS, of_first_leg=True)])


def _state(value: Value) -> Driver | None:
    if not isinstance(value, Exact):
        return None
    if value.text in UNDER_WAY:
        return Driver((Lookup("outcome", Condition("outcome IS NULL"), CLASS, of_first_leg=True),), False)
    return _whole([Lookup("outcome", compare.text(("outcome",), value), CLASS, of_first_leg=True)])


def _callid(value: Value) -> Driver | None:
    if not isinstance(value, Exact):
        return None
    callid = octets(value.text)
    where = Condition("hash = %s AND callid = %s", (callid_hash(callid), callid[:255]))
    return _whole([Lookup("callid", where, EXACT)])


def _word(value: Value) -> Driver | None:
    """A bare word, as plan.py understands it."""
    if isinstance(value, Addresses):
        return _address("source_ip", "destination_ip")(value)
    if not isinstance(value, Exact):
        return None  # a part of a Call-ID is in no index
    user, at, _ = value.text.rpartition("@")
    found = [_users(*PARTIES)(value), _callid(value)]
    if at:
        of_record = _users("from_user", "to_user")(Exact(user))
        found.append(of_record and Driver(of_record.lookups, False))
    return _any(found)


_TERMS: Mapping[str, Callable[[Value], Driver | None]] = {
    "from": _users("from_user", "pid_user"),
    "to": _users("to_user"),
    "ruri": _users("ruri_user"),
    "user": _users(*PARTIES),
    "callid": _callid,
    "src": _address("source_ip"),
    "dst": _address("destination_ip"),
    "status": _status,
    "state": _state,
}
"""Fields that have an index in the tables of calls."""

FIELDS = frozenset(_TERMS)
