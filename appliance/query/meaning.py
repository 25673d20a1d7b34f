"""What a query asks for, as one English sentence: shown under the line, beside saved searches, and read aloud."""

import re
from collections.abc import Sequence

from appliance.query.addresses import printed_addresses
from appliance.query.errors import QueryError
from appliance.query.fields import FIELDS, Home, Type
from appliance.query.nouns import NOUNS, ROWS
from appliance.query.numbers import printed_duration, printed_number, printed_status
from appliance.query.parse import parse
from appliance.query.printed import printed_word
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
    alternatives,
    asks_for_a_port,
)

_CONTAINED = frozenset({"text", "via", "diversion"})
"""Fields in which a plain value is looked for anywhere."""
_MORE = {Type.DURATION: ("longer", "shorter"), Type.STATUS: ("higher", "lower")}
_SAME = re.compile(r"is (?!from|in|at|more|less|longer|shorter|higher|lower|known|not|empty)")
"""Of several predicates like this the verb is said once."""
_CALL_WORDS = {"status": "final response", "domain": "From or To host"}


def of_line(line: str, view: str) -> str:
    """The sentence of a line; empty when it cannot be read."""
    try:
        return meaning(parse(line), view)
    except QueryError:
        return ""


def meaning(query: Query, view: str = "calls") -> str:
    """`Calls whose From user begins with "+49" and whose final response is 5xx.`"""
    rows = ROWS[view]
    match query.root:
        case Not(Not(operand)):
            return meaning(Query(operand), view)
        case None:
            return f"All {rows}."
        case Not(operand):
            return f"All {rows} but those {_clause(operand, view)}."
        case root:
            return f"{rows[:1].upper()}{rows[1:]} {_clause(root, view)}."


def _clause(node: Node, view: str, *, inside: bool = False) -> str:
    match node:
        case And(operands):
            clause = _both(operands, view)
        case Or(operands):
            clause = " or ".join(_clause(operand, view, inside=True) for operand in operands)
        case Not(operand):
            return f"other than those {_clause(operand, view, inside=True)}"
        case Term():
            return _term(node, view)
        case Word(value):
            if isinstance(value, Exact):
                return f"with {_quoted(value.text)} as a party, Call-ID or address"
            where = "an address" if _is_address(value) else "a party, Call-ID or address"
            return f"with {where} that {_predicate(None, value)}"
    return f"({clause})" if inside else clause


def _is_address(value: Value) -> bool:
    each = alternatives(value)
    return all(isinstance(one, Addresses) for one in each)


def _both(operands: Sequence[Node], view: str) -> str:
    wanted = [_clause(operand, view, inside=True) for operand in operands if not isinstance(operand, Not)]
    unwanted = [_clause(operand.operand, view, inside=True) for operand in operands if isinstance(operand, Not)]
    clause = _listed(wanted, "and")
    if unwanted:
        those = _listed([f"those {each}" for each in unwanted], "and")
        clause += f", without {those}" if wanted else f"other than {those}"
    return clause


def _term(term: Term, view: str) -> str:
    field = FIELDS[term.field]
    noun = f"{term.header.title()} header" if term.header else NOUNS[term.field]
    if view == "calls":
        noun = _CALL_WORDS.get(term.field, noun)
    said = f"whose {noun} {_predicate(term, term.value)}"
    if view == "calls" and (field.home is Home.MESSAGE or asks_for_a_port(term.value)):
        return f"with a message {said}"
    return f"of a call {said}" if view != "calls" and field.home is Home.CALL and not _own(term, view) else said


def _own(term: Term, view: str) -> bool:
    return view == "quality" and term.field in ("mos", "loss", "jitter", "codec")


def _predicate(term: Term | None, value: Value) -> str:
    if isinstance(value, AnyOf):
        each = list(dict.fromkeys(_predicate(term, one) for one in value.values))
        if all(_SAME.match(one) for one in each):
            each = [each[0], *(one.removeprefix("is ") for one in each[1:])]
        return _listed(each, "or")
    match value:
        case Exact(text):
            contained = term is not None and (term.field in _CONTAINED or bool(term.header))
            verb = "contains" if contained and term is not None and not term.header else "is"
            return f"{verb} {text if term is not None and _is_of_ours(term) else _quoted(text)}"
        case Pattern() if value.is_anything:
            return "is not empty" if term is None or FIELDS[term.field].type is Type.TEXT else "is known"
        case Pattern(pieces):
            return _pattern(pieces)
        case Regex(source):
            return f"matches /{source}/"
        case Addresses():
            return _address(value)
        case Span():
            return _span(Type.NUMBER if term is None else FIELDS[term.field].type, value)
    raise AssertionError("a list holds no list")


def _is_of_ours(term: Term) -> bool:
    """Whether its values are words of a list, which need no quotation marks."""
    return FIELDS[term.field].type is Type.CHOICE or term.field in ("method", "cseq")


def _pattern(pieces: tuple[str, ...]) -> str:
    match pieces:
        case (first, ""):
            return f"begins with {_quoted(first)}"
        case ("", last):
            return f"ends with {_quoted(last)}"
        case ("", middle, ""):
            return f"contains {_quoted(middle)}"
        case _:
            return f"looks like {printed_word(Pattern(pieces))}"


def _address(value: Addresses) -> str:
    printed = printed_addresses(value)
    if value.first == value.last:
        return f"is {printed}"
    return f"is in {printed}" if "/" in printed else f"is from {value.first} to {value.last}"


def _span(kind: Type, span: Span) -> str:
    one = {Type.STATUS: printed_status, Type.DURATION: printed_duration}.get(kind, printed_number)
    longer, shorter = _MORE.get(kind, ("more", "less"))
    if span.low is None:
        return f"is {shorter} than {_bound(one(span))}" if span.high_open else f"is at most {_bound(one(span))}"
    if span.high is None:
        return f"is {longer} than {_bound(one(span))}" if span.low_open else f"is at least {_bound(one(span))}"
    first, dots, last = one(span).partition("..")
    return f"is from {_spaced(first)} to {_spaced(last)}" if dots else f"is {_spaced(first)}"


def _bound(printed: str) -> str:
    return _spaced(printed.lstrip("<>="))


def _spaced(printed: str) -> str:
    """`3 s` for `3s`."""
    return re.sub(r"([0-9])([a-z]+)$", r"\1 \2", printed) if not printed.endswith("x") else printed


def _quoted(text: str) -> str:
    return f"“{text}”" if text else "empty"


def _listed(words: Sequence[str], last: str) -> str:
    if len(words) < 3:
        return f" {last} ".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
