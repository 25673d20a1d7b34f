"""`custom1` to `custom3`: the headers of an operator's choice ([sip] custom_headers), by their place in the list."""

from collections.abc import Sequence

from appliance.query.tree import And, Node, Not, Or, Query, Term, Word

FIELDS = ("custom1", "custom2", "custom3")


def with_headers(query: Query, headers: Sequence[str]) -> Query:
    """The query with `header.NAME` for each `customN` that has a header; others stay, for whoever refuses them."""
    return Query(None if query.root is None else _node(query.root, headers))


def header_of(field: str, headers: Sequence[str]) -> str | None:
    """The header's name as the operator wrote it."""
    place = FIELDS.index(field) if field in FIELDS else len(headers)
    return headers[place] if place < len(headers) else None


def _node(node: Node, headers: Sequence[str]) -> Node:
    match node:
        case And(operands):
            return And(tuple(_node(operand, headers) for operand in operands))
        case Or(operands):
            return Or(tuple(_node(operand, headers) for operand in operands))
        case Not(operand):
            return Not(_node(operand, headers))
        case Word():
            return node
        case Term(field, value, position=position):
            header = header_of(field, headers)
            return Term("header", value, header.lower(), position) if header else node
