"""Names of addresses in a query: `src:carrier-a`, `group:carriers` become the addresses that they stand for."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase

from appliance.model.aliases import Alias, Aliases
from appliance.query.errors import QueryError
from appliance.query.fields import FIELDS, Type
from appliance.query.regex import compiled
from appliance.query.tree import (
    Addresses,
    And,
    AnyOf,
    Exact,
    Node,
    Not,
    Or,
    Pattern,
    Query,
    Regex,
    Term,
    Value,
    Word,
    alternatives,
    asks_for_a_port,
    leaves,
)

GROUP = "group"
_ENDS = ("src", "dst")
_ENDS_OF_REGISTRATIONS = ("ip",)


def with_aliases(query: Query, aliases: Aliases, view: str) -> Query:
    """The query as a view asks it: with addresses alone, and without groups. Raises QueryError."""
    return Query(None if query.root is None else _node(query.root, aliases, view))


def asks_for_names(query: Query) -> bool:
    """Whether it has any that aliases tell."""
    return any(isinstance(leaf, Term) and _is_named(leaf) for leaf in leaves(query.root))


def _is_named(term: Term) -> bool:
    if term.field == GROUP:
        return True
    return FIELDS[term.field].type is Type.ADDRESS and any(isinstance(one, Exact) for one in alternatives(term.value))


def _node(node: Node, aliases: Aliases, view: str) -> Node:
    match node:
        case And(operands):
            return And(tuple(_node(operand, aliases, view) for operand in operands))
        case Or(operands):
            return Or(tuple(_node(operand, aliases, view) for operand in operands))
        case Not(operand):
            return Not(_node(operand, aliases, view))
        case Term(field, value, header, position) if field == GROUP:
            ranges = _ranges(_of_groups(value, aliases, position))
            ends = _ENDS_OF_REGISTRATIONS if view == "registrations" else _ENDS
            asked = [Term(end, _listed(part), position=position) for end in ends for part in _by_port(ranges)]
            return Or(tuple(asked)) if len(asked) > 1 else asked[0]
        case Term(field, value, header, position) if FIELDS[field].type is Type.ADDRESS:
            return Term(field, _addresses(field, value, aliases, position), header, position)
        case Term() | Word():
            return node


def _addresses(field: str, value: Value, aliases: Aliases, position: int) -> Value:
    found: list[Value] = []
    for one in alternatives(value):
        if not isinstance(one, Exact):
            found.append(one)
            continue
        named = aliases.named(one.text)
        if not named:
            known = (*aliases.names, *aliases.groups)
            hint = "write 10.0.0.1, 10.0.0.0/8, 10.0.* or the name of an alias"
            raise _unknown(f"{field} is searched by IP address: {one.text} is none, and no alias; {hint}", one.text,
                           known, position + len(field) + 1)  # fmt: skip
        found += _ranges(named)
    return _listed(found)


def _of_groups(value: Value, aliases: Aliases, position: int) -> list[Alias]:
    found: list[Alias] = []
    for one in alternatives(value):
        groups = [group for group in aliases.groups if _fits(one, group)]
        if not groups:
            there = f"there are {', '.join(aliases.groups[:20])}" if aliases.groups else "no alias is in a group yet"
            word = one.text if isinstance(one, Exact) else ""
            raise _unknown(f"there is no such group of aliases: {there}", word, aliases.groups, position)
        found += [alias for group in groups for alias in aliases.of_group(group)]
    return found


def _fits(value: Value, group: str) -> bool:
    match value:
        case Exact(text):
            return text.casefold() == group.casefold()
        case Pattern(pieces):
            escaped = ("".join(f"[{one}]" if one in "[?*" else one for one in piece) for piece in pieces)
            return fnmatchcase(group.casefold(), "*".join(escaped).casefold())
        case Regex(source):
            return compiled(source.encode(), case_sensitive=False).search(group.encode()) is not None
        case _:
            return False


def _unknown(sentence: str, word: str, known: Sequence[str], position: int) -> QueryError:
    near = get_close_matches(word, known, 1)
    return QueryError(sentence, position, near[0] if near and " " not in near[0] else None, word or None)


def _ranges(aliases: Iterable[Alias]) -> list[Value]:
    ranges = (Addresses(one.network[0], one.network[-1], one.port or None) for one in aliases)
    return list(dict.fromkeys(ranges))


def _by_port(ranges: Sequence[Value]) -> list[list[Value]]:
    """Those of any port, which indexes of calls answer, and the others, which they do not."""
    parts = [[one for one in ranges if asks_for_a_port(one) is with_port] for with_port in (False, True)]
    return [part for part in parts if part]


def _listed(values: Sequence[Value]) -> Value:
    return values[0] if len(values) == 1 else AnyOf(tuple(values))
