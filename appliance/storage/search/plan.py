"""A tree of the query against one table: a Condition for the database, and what is left for Python.

`Tables` says which other tables there are: a message field in a table of calls, and a call field in a
table of messages, is a question to those by the Call-ID's hash (each term for itself).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from appliance.matching.fields import PARTIES, WHOLE_CALL
from appliance.matching.kinds import KINDS_OF_CALLS, names
from appliance.model.ids import HASH_MASK, callid_hash, hour_key
from appliance.model.kinds import CALL_METHODS, DailyTable, Kind, calls_table, day_start_us, quality_table
from appliance.model.octets import octets
from appliance.query.fields import FIELDS
from appliance.query.tree import (
    Addresses,
    And,
    Exact,
    Node,
    Not,
    Or,
    Term,
    Value,
    Word,
    alternatives,
    asks_for_a_port,
)
from appliance.storage.search import columns, compare
from appliance.storage.search.condition import FALSE, TRUE, Condition, all_of, any_of, opposite
from appliance.storage.search.question import Unsearchable

Leaf = Callable[[Term | Word], Condition]

HASH = f"callid_key & {HASH_MASK}"
"""Of a message's Call-ID."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The daily tables that exist, by name, and from when messages are asked."""

    names: frozenset[str]
    from_us: int

    def of_calls(self, days: Iterable[date]) -> list[str]:
        return [calls_table(day) for day in days if calls_table(day) in self.names]

    def of_quality(self, days: Iterable[date]) -> list[str]:
        return [quality_table(day) for day in days if quality_table(day) in self.names]

    def of_messages(self, days: Iterable[date], kinds: Sequence[Kind]) -> list[DailyTable]:
        tables = (DailyTable(day, kind) for day in days for kind in kinds)
        return [table for table in tables if table.name in self.names]


def condition(node: Node, leaf: Leaf) -> Condition:
    """The whole tree in SQL, its leaves as `leaf` makes them."""
    match node:
        case And(operands):
            return all_of(condition(operand, leaf) for operand in operands)
        case Or(operands):
            return any_of(condition(operand, leaf) for operand in operands)
        case Not(operand):
            return opposite(condition(operand, leaf))
        case _:
            return leaf(node)


def message_leaf(tables: Tables, table: DailyTable) -> Leaf:
    """How a leaf is asked of a table of messages."""

    def leaf(node: Term | Word) -> Condition:
        if isinstance(node, Word):
            return _word_of_message(node.value, table.kind)
        if node.field == "kind":
            return TRUE if names(node.value, table.kind) else FALSE
        if node.field == "callid" and isinstance(node.value, Exact):
            return callid_of_message(node.value)
        if node.field in columns.SIP:
            test = (columns.SIP if table.kind.is_sip else columns.PACKET).get(node.field)
            return test(node.value) if test else FALSE
        if node.field in columns.OF_REPORTS:
            return _reports(tables, _around(table.day), node, HASH)
        return FALSE if table.kind is Kind.REGISTRATION else call_of(tables, table.day, node)

    return leaf


def quality_leaf(tables: Tables, day: date) -> Leaf:
    """How a leaf is asked of a table of quality."""

    def leaf(node: Term | Word) -> Condition:
        if isinstance(node, Word):
            return _word(node.value, (), "callid", (columns.SOURCE, columns.DESTINATION), callid_of_message)
        if node.field in ("callid", "leg"):
            return compare.each(node.value, _callid)
        test = columns.QUALITY.get(node.field)
        return test(node.value) if test else call_of(tables, day, node)

    return leaf


def call_leaf(tables: Tables, day: date, hashes: Sequence[int] = ()) -> Leaf:
    """How a leaf is asked of a table of calls; `hashes`: of Call-IDs, if only messages of these are to be read."""

    def leaf(node: Term | Word) -> Condition:
        if isinstance(node, Word):
            return _word_of_call(node.value)
        if node.field == "callid" and isinstance(node.value, Exact):
            return callid_of_call(node.value)
        if node.field in columns.CALL and not asks_for_a_port(node.value):
            own = columns.CALL[node.field](node.value)
            return any_of([own, _messages_of_call(tables, day, node, hashes)]) if node.field in WHOLE_CALL else own
        if node.field in columns.OF_REPORTS:
            return _reports(tables, (day, day + timedelta(days=1)), node, "hash")
        return _messages_of_call(tables, day, node, hashes)

    return leaf


def _callid(value: Value) -> Condition:
    return callid_of_message(value) if isinstance(value, Exact) else columns.QUALITY["callid"](value)


def callid_of_message(value: Exact) -> Condition:
    """In a table of messages or of quality, by its index."""
    callid = octets(value.text)
    keys = tuple(hour_key(hour, callid_hash(callid)) for hour in range(24))
    marks = ",".join(["%s"] * len(keys))
    return Condition(f"(callid_key IN ({marks}) AND callid = %s)", (*keys, callid[:255]))


def callid_of_call(value: Exact) -> Condition:
    """In a table of calls or of registrations, by its index."""
    callid = octets(value.text)
    hours = ",".join(map(str, range(24)))
    return Condition(f"(hour IN ({hours}) AND hash = %s AND callid = %s)", (callid_hash(callid), callid[:255]))


def _word_of_message(value: Value, kind: Kind) -> Condition:
    parties = PARTIES if kind.is_sip else ()
    return _word(value, parties, "callid", (columns.SOURCE, columns.DESTINATION), callid_of_message)


def _word_of_call(value: Value) -> Condition:
    ends = (("source_ip", ""), ("destination_ip", ""))
    return _word(value, PARTIES, "callid", ends, callid_of_call)


def _word(
    value: Value,
    parties: Sequence[str],
    callid: str,
    ends: Sequence[tuple[str, str]],
    exact_callid: Callable[[Exact], Condition],
) -> Condition:
    def one(item: Value) -> Condition:
        if isinstance(item, Addresses):
            return compare.addresses(ends, item)
        found = [compare.text(parties, item)] if parties else []
        if isinstance(item, Exact):
            user, at, host = item.text.rpartition("@")
            both = _address_of_record(user, host) if at and parties else FALSE
            return any_of([*found, exact_callid(item), both])
        return any_of([*found, compare.text((callid,), item), compare.addresses(ends, item)])

    return compare.each(value, one)


def _address_of_record(user: str, host: str) -> Condition:
    """`alice@example.com` as From or To."""
    return any_of(
        all_of(
            [compare.text((f"{end}_user",), Exact(user)), compare.text((f"{end}_domain",), Exact(host), folded=True)]
        )
        for end in ("from", "to")
    )


def _messages_of_call(tables: Tables, day: date, node: Term, hashes: Sequence[int]) -> Condition:
    """A message of the call fulfils the term: in the table of its first day, or of the day after."""
    days = (day, day + timedelta(days=1))
    kinds = tuple(Kind) if node.field == "kind" else (Kind.CALL,) if _only_in_calls(node) else KINDS_OF_CALLS
    found = []
    keys = ",".join(str(hour_key(hour, hash_)) for hour in range(24) for hash_ in hashes)
    theirs = Condition(f"callid_key IN ({keys})") if hashes else TRUE
    for table in tables.of_messages(days, kinds):
        inner = message_leaf(tables, table)(node)
        if inner != FALSE:
            after = Condition("micro_ts >= %s", (max(tables.from_us, day_start_us(table.day)),))
            found.append(_among(HASH, table.name, all_of([theirs, after, inner]), "hash"))
    return any_of(found)


def _only_in_calls(node: Term) -> bool:
    methods = alternatives(node.value)
    return node.field == "method" and all(
        isinstance(method, Exact) and octets(method.text).upper() in CALL_METHODS for method in methods
    )


def call_of(tables: Tables, day: date, node: Term) -> Condition:
    """The call of a packet of that day fulfils the term: it began then, or on the day before."""
    own = columns.CALL.get(node.field)
    if own is None:
        raise Unsearchable(f"{node.field} cannot be searched: {FIELDS[node.field].help}", node.position)
    inner = own(node.value)
    if inner == FALSE:
        return FALSE
    days = (day, day - timedelta(days=1))
    return any_of(_among("hash", name, inner, HASH) for name in tables.of_calls(days))


def _reports(tables: Tables, days: Iterable[date], node: Term, outer: str) -> Condition:
    """A report of the call fulfils the term."""
    inner = all_of([columns.OF_REPORTS[node.field](node.value), Condition("callid <> ''")])
    return any_of(_among(HASH, name, inner, outer) for name in tables.of_quality(days))


def _around(day: date) -> tuple[date, ...]:
    return day, day - timedelta(days=1), day + timedelta(days=1)


def _among(selected: str, table: str, inner: Condition, outer: str) -> Condition:
    sql = f"({outer} IN (SELECT {selected} FROM `{table}` WHERE {inner.sql}))"  # noqa: S608
    return Condition(sql, inner.arguments)
