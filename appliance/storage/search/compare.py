"""A value of the query against columns: the only place where what was typed meets a column's name.

Columns are named by our own tables alone (columns.py); values become parameters, as octets. VARBINARY
compares by octets; where case does not count both sides are read as Latin-1, which keeps every octet and
folds its letters: those of ASCII, and of text that is Latin-1 (two texts of UTF-8 never become one by that).
"""

import re
from collections.abc import Callable, Sequence

from appliance.matching.widths import width
from appliance.model.octets import octets
from appliance.query.addresses import dotted_prefix
from appliance.query.tree import Address, Addresses, AnyOf, Exact, Pattern, Regex, Span, Value
from appliance.storage.search.condition import FALSE, Condition, all_of, any_of


def each(value: Value, one: Callable[[Value], Condition]) -> Condition:
    """One value, or any of a list."""
    return any_of([one(item) for item in value.values]) if isinstance(value, AnyOf) else one(value)


def text(columns: Sequence[str], value: Value, *, folded: bool = False) -> Condition:
    """Any of these columns is, looks like or contains the value; all of them are empty when that is asked."""
    return each(
        value,
        lambda item: (all_of if item == Exact("") else any_of)([_text(column, item, folded) for column in columns]),
    )


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
    return octets(typed)[: width(column)]


def escaped(plain: bytes) -> bytes:
    """Octets that LIKE … ESCAPE '|' takes as they are."""
    return plain.replace(b"|", b"||").replace(b"%", b"|%").replace(b"_", b"|_")


def listed(column: str, value: Value, *, before: bytes = b"", separator: str = ",") -> Condition:
    """A column of words joined by a separator holds the value; case does not count. `before` begins every word."""
    return each(value, lambda item: _listed(column, item, before, separator))


def _listed(column: str, value: Value, before: bytes, separator: str) -> Condition:
    apart = f"CONCAT('{separator}', {column}, '{separator}')"
    mark = separator.encode("ascii")
    match value:
        case Pattern() if value.is_anything and not before:
            return Condition(f"{column} <> ''")
        case Exact(typed):
            return _like(apart, b"%" + mark + escaped(before + octets(typed)) + mark + b"%", folded=True)
        case Pattern(pieces):
            # a star stays within its word, which LIKE cannot say
            inside = (b"[^" + mark + b"]*").join(re.escape(octets(piece)) for piece in pieces)
            source = b"(?s)" + mark + re.escape(before) + inside + mark
            return _holds(apart, source)
        case Regex():
            return _text(column, value, folded=True)
        case _:
            return FALSE


def _holds(what: str, source: bytes) -> Condition:
    return Condition(f"{_latin1(what)} COLLATE latin1_general_ci REGEXP {_latin1('%s')}", (source,))


def media(column: str, value: Value) -> Condition:
    """A session in short (sip/session.py) has a medium at the address: `;TYPE ADDRESS:PORT CODECS`."""
    return each(value, lambda item: _media(column, item))


def _media(column: str, value: Value) -> Condition:
    match value:
        case Pattern() if value.is_anything:
            return Condition(f"{column} LIKE %s", (b"%;%",))
        case Addresses(first, last, port) if first == last:
            address = f"[{first}]" if first.version == 6 else str(first)
            return _like(
                column, b"%;% " + escaped(f"{address}:{'' if port is None else f'{port} '}".encode()) + b"%", True
            )
        case Addresses(first, last, port) if (prefix := dotted_prefix(first, last)) is not None:
            where = re.escape(prefix) + rb"[0-9.]*:" + (b"[0-9]+" if port is None else b"%d" % port)
            return _holds(column, b";[^ ;]+ " + where + b" ")
        case Pattern(pieces):
            inside = b"[^ ;]*".join(re.escape(octets(piece)) for piece in pieces)
            return _holds(column, rb";[^ ;]+ \[?" + inside + rb"\]?(?::[0-9]+)? ")
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
    prefix = dotted_prefix(first, last)
    if prefix is not None:
        return Condition(f"{column} LIKE %s ESCAPE '|'", (prefix + b"%",))
    number_of = f"INET6_ATON({_latin1(column)})"
    sql = f"((LENGTH({number_of}) = {len(first.packed)} AND {number_of} BETWEEN %s AND %s) IS TRUE)"
    return Condition(sql, (first.packed, last.packed))
