"""A value of the query against columns: the only place where what was typed meets a column's name.

Columns are named by our own tables alone (columns.py); values become parameters, as octets. VARBINARY
compares by octets; where case does not count both sides are read as Latin-1, which keeps every octet and
folds ASCII letters (octets of UTF-8 beyond ASCII stay what they are).
"""

import re
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address

from appliance.model.octets import octets
from appliance.query.tree import Address, Addresses, AnyOf, Exact, Pattern, Regex, Span, Value
from appliance.storage.search.condition import FALSE, Condition, any_of

DEFAULT_WIDTH = 160
WIDTHS = {
    "callid": 255,
    "leg_facts": 512,
    "callid_aleg": 255,
    "correlation_id": 255,
    "user_agent": 255,
    "reason": 255,
    "diversion": 255,
    "leg_keys": 255,
    "sdp": 255,
    "from_tag": 128,
    "to_tag": 128,
    "reply_reason": 128,
    "content_type": 128,
    "node": 128,
    "method": 64,
    "cseq_method": 32,
}
"""Octets that a column holds: a longer value was cut there, and is looked for as it was cut."""


def each(value: Value, one: Callable[[Value], Condition]) -> Condition:
    """One value, or any of a list."""
    return any_of([one(item) for item in value.values]) if isinstance(value, AnyOf) else one(value)


def text(columns: Sequence[str], value: Value, *, folded: bool = False) -> Condition:
    """Any of these columns is, looks like or contains the value."""
    return each(value, lambda item: any_of([_text(column, item, folded) for column in columns]))


def _text(column: str, value: Value, folded: bool) -> Condition:
    match value:
        case Exact(typed) if not folded:
            return Condition(f"{column} = %s", (_cut(column, typed),))
        case Exact(typed):
            return _like(column, escaped(_cut(column, typed)), folded)
        case Pattern() if value.is_anything:
            return Condition(f"{column} <> ''")
        case Pattern(pieces):
            return _like(column, b"%".join(escaped(octets(piece)) for piece in pieces), folded)
        case Regex(source):
            collation = "latin1_general_ci" if folded else "latin1_bin"
            # (?s): a dot is any octet, as where texts are searched
            argument = b"(?s)" + octets(source)
            return Condition(f"{_latin1(column)} COLLATE {collation} REGEXP {_latin1('%s')}", (argument,))
        case _:
            return FALSE


def _like(column: str, pattern: bytes, folded: bool) -> Condition:
    if folded:
        return Condition(f"{_latin1(column)} COLLATE latin1_general_ci LIKE {_latin1('%s')} ESCAPE '|'", (pattern,))
    return Condition(f"{column} LIKE %s ESCAPE '|'", (pattern,))


def _latin1(what: str) -> str:
    return f"CONVERT({what} USING latin1)"


def _cut(column: str, typed: str) -> bytes:
    return octets(typed)[: WIDTHS.get(column, DEFAULT_WIDTH)]


def escaped(plain: bytes) -> bytes:
    """Octets that LIKE … ESCAPE '|' takes as they are."""
    return plain.replace(b"|", b"||").replace(b"%", b"|%").replace(b"_", b"|_")


def listed(column: str, value: Value, *, before: bytes = b"") -> Condition:
    """A column of words joined by commas holds the value; case does not count. `before` begins every word."""
    return each(value, lambda item: _listed(column, item, before))


def _listed(column: str, value: Value, before: bytes) -> Condition:
    with_commas = f"CONCAT(',', {column}, ',')"
    match value:
        case Pattern() if value.is_anything and not before:
            return Condition(f"{column} <> ''")
        case Exact(typed):
            return _like(with_commas, b"%," + escaped(before + octets(typed)) + b",%", folded=True)
        case Pattern(pieces):
            # a star stays within its word, which LIKE cannot say
            inside = b"[^,]*".join(re.escape(octets(piece)) for piece in pieces)
            source = b"(?s)," + re.escape(before) + inside + b","
            return Condition(f"{_latin1(with_commas)} COLLATE latin1_general_ci REGEXP {_latin1('%s')}", (source,))
        case Regex():
            return _text(column, value, folded=True)
        case _:
            return FALSE


def number(column: str, value: Value, *, nullable: bool = False, unit: int = 1) -> Condition:
    """A number within the span; the column counts in `unit`s of the value (1000 for milliseconds)."""
    return each(value, lambda item: _number(column, item, nullable, unit))


def _number(column: str, value: Value, nullable: bool, unit: int) -> Condition:
    match value:
        case Pattern() if value.is_anything:
            return Condition(f"{column} IS NOT NULL")
        case Span(low, high, low_open, high_open):
            bounds = []
            if low is not None:
                # in whole units: what lies above 3.2 ms is 4 ms and more
                least = low if unit == 1 else (int(low) // unit if low_open else -(-int(low) // unit))
                bounds.append(Condition(f"{column} {'>' if low_open else '>='} %s", (least,)))
            if high is not None:
                most = high if unit == 1 else (-(-int(high) // unit) if high_open else int(high) // unit)
                bounds.append(Condition(f"{column} {'<' if high_open else '<='} %s", (most,)))
            sql = " AND ".join(bound.sql for bound in bounds)
            arguments = tuple(argument for bound in bounds for argument in bound.arguments)
            return Condition(f"(({sql}) IS TRUE)" if nullable else f"({sql})", arguments)
        case _:
            return FALSE


def addresses(columns: Sequence[tuple[str, str]], value: Value) -> Condition:
    """Any of these (address column, port column) lies in the range; without a port column ports are not asked."""
    return each(value, lambda item: any_of([_addresses(ip, port, item) for ip, port in columns]))


def _addresses(column: str, port_column: str, value: Value) -> Condition:
    match value:
        case Addresses(first, last, port):
            found = _range(column, first, last)
            if port is None or not port_column:
                return found
            return Condition(f"({found.sql} AND {port_column} = %s)", (*found.arguments, port))
        case _:
            return _text(column, value, folded=False)


def _range(column: str, first: Address, last: Address) -> Condition:
    if first == last:
        return Condition(f"{column} = %s", (str(first).encode("ascii"),))
    prefix = _dotted_prefix(first, last)
    if prefix is not None:
        return Condition(f"{column} LIKE %s ESCAPE '|'", (prefix,))
    number_of = f"INET6_ATON({_latin1(column)})"
    sql = f"((LENGTH({number_of}) = {len(first.packed)} AND {number_of} BETWEEN %s AND %s) IS TRUE)"
    return Condition(sql, (first.packed, last.packed))


def _dotted_prefix(first: Address, last: Address) -> bytes | None:
    """`10.%` for 10.0.0.0/8: four times as quick as reading every address."""
    if not isinstance(first, IPv4Address):
        return None
    for octets_same in (1, 2, 3):
        same, rest = first.packed[:octets_same], 4 - octets_same
        if first.packed == same + bytes(rest) and last.packed == same + b"\xff" * rest:
            return ".".join(map(str, same)).encode("ascii") + b".%"
    return None
