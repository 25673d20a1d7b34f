"""A tree as the shortest plain line that reads as the same tree."""

import re

from appliance.query.addresses import is_name, printed_addresses
from appliance.query.fields import FIELDS, Field, Type
from appliance.query.numbers import printed_duration, printed_number, printed_status
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
    Span,
    Term,
    Value,
    Word,
)

_PLAIN = re.compile(r"(?!(?:OR|AND|NOT)$)[\w+#@.=~$!?&',:\-]+(?:/[\w+#@.=~$!?&',:\-]+)*")
_PLAIN_WORD = re.compile(r"(?!(?:OR|AND|NOT)$)(?![0-9.]*\.[0-9.]*$)[\w+#@.=~$!?&',\-]+")
_WORD = Field("", Type.TEXT, FIELDS["text"].home, "", "")


def printed(query: Query) -> str:
    """The canonical line: `parse(printed(query)) == query`."""
    return "" if query.root is None else _node(query.root, outermost=True)


def printed_value(field: Field, value: Value) -> str:
    """The text after `field:`."""
    if isinstance(value, AnyOf):
        return ";".join(_one(field, each) for each in value.values)
    return _one(field, value)


def printed_word(value: Value) -> str:
    """The text of a bare word."""
    return printed_value(_WORD, value)


def _node(node: Node, *, outermost: bool = False) -> str:
    match node:
        case Or(operands):
            line = " OR ".join(_node(operand) for operand in operands)
            return line if outermost else f"({line})"
        case And(operands):
            line = " ".join(_node(operand) for operand in operands)
            return line if outermost else f"({line})"
        case Not(operand):
            return f"NOT {_node(operand)}"
        case Word(value):
            return printed_word(value)
        case Term(field, value, header):
            name = f"{field}.{header}" if header else field
            return f"{name}:{printed_value(FIELDS[field], value)}"


def _one(field: Field, value: Value) -> str:
    match value:
        case Exact(text) if field.type is Type.ADDRESS and not is_name(text):
            return _quoted((text,))
        case Exact(text):
            return _text(field, (text,))
        case Pattern(pieces):
            return _text(field, pieces)
        case Regex(source):
            return f"/{_slashes(source)}/"
        case Addresses():
            return printed_addresses(value)
        case Span():
            printers = {Type.STATUS: printed_status, Type.DURATION: printed_duration}
            return printers.get(field.type, printed_number)(value)
        case AnyOf():
            raise AssertionError("a list holds no list")


def _text(field: Field, pieces: tuple[str, ...]) -> str:
    plain = _PLAIN if field.name else _PLAIN_WORD
    if all(plain.fullmatch(piece) or (not piece and len(pieces) > 1) for piece in pieces):
        return "*".join(pieces)
    return _quoted(pieces)


def _quoted(pieces: tuple[str, ...]) -> str:
    return '"' + "*".join(re.sub(r'([*"\\])', r"\\\1", piece) for piece in pieces) + '"'


def _slashes(source: str) -> str:
    return re.sub(r"(\\.)|/", lambda found: found[1] or "\\/", source)
