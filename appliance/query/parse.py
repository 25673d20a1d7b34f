"""A query line -> Query, or one QueryError that points at the character.

The grammar of the line is query.lark; this builds the tree, asks `values` what each value means to its
field, and turns the parser's complaints into sentences.
"""

import re
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedInput

from appliance.query.errors import QueryError, correct
from appliance.query.fields import FIELDS, MEANT, Type
from appliance.query.mending import mended
from appliance.query.tree import And, Node, Not, Or, Query, Term, Word, leaves
from appliance.query.values import read_value, read_word

MAX_OCTETS = 4096
MAX_DEPTH = 20
"""ANDs, ORs and NOTs within each other."""
MAX_TERMS = 64

_FIELD = re.compile(r"[A-Za-z][\w.\-]*:")
_HEADER_NAME = re.compile(r"[A-Za-z0-9_\-.]{1,64}")
_SCHEMES = frozenset({"sip", "sips", "tel", "urn"})
_KEYWORD = re.compile(r"(OR|AND|NOT)(?=[\s()]|$)")


def parse(line: str) -> Query:
    """Read a query line. Raises QueryError, and nothing else, whatever the line is."""
    _check_text(line)
    if not line.strip():
        return Query(None)
    try:
        root: Node = _parser().parse(line)  # type: ignore[assignment]
        _check_size(root)
    except UnexpectedInput as error:
        explained = _explained(line, _position(error, line))
        explained.suggestion = explained.corrected = _mended(line, explained.position)
        raise explained from error
    except QueryError as error:
        error.corrected = correct(line, error)
        raise
    return Query(root)


def _mended(line: str, position: int) -> str | None:
    """The line without its one mistake in the grammar, whatever else may be wrong with its values."""
    for candidate in mended(line, position):
        try:
            _parser().parse(candidate)
        except UnexpectedInput:
            continue
        except QueryError:
            return None
        return candidate if candidate.strip() else None
    return None


def _check_text(line: str) -> None:
    try:
        octets = line.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise QueryError("this character is no text", error.start) from error
    if len(octets) > MAX_OCTETS:
        raise QueryError(f"a query may have {MAX_OCTETS} octets, this one has {len(octets)}", len(line))


def _check_size(root: Node) -> None:
    pending: list[tuple[Node, int]] = [(root, 1)]
    while pending:
        node, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise QueryError(f"more than {MAX_DEPTH} groups and NOTs within each other")
        if isinstance(node, Not):
            pending.append((node.operand, depth + 1))
        elif isinstance(node, And | Or):
            pending += [(operand, depth + 1) for operand in node.operands]
    terms = leaves(root)
    if len(terms) > MAX_TERMS:
        raise QueryError(f"a query may have {MAX_TERMS} terms, this one has {len(terms)}", terms[MAX_TERMS].position)


@cache
def _parser() -> Lark:
    grammar = files(__package__).joinpath("query.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", transformer=_Builder())


@v_args(inline=True)
class _Builder(Transformer[Token, Node]):
    """Nodes from the grammar's rules, while it parses: no recursion, however deep the line nests."""

    def any(self, *operands: Node) -> Node:
        return joined(Or, operands)

    def all(self, *operands: Node) -> Node:
        return joined(And, operands)

    def not_(self, operand: Node) -> Node:
        return Not(operand)

    def group(self, node: Node) -> Node:
        return node

    def term(self, field: Token, value: Token) -> Node:
        return _term(str(field)[:-1], str(value), field.start_pos or 0)

    def word(self, value: Token) -> Node:
        position = value.start_pos or 0
        return Word(read_word(str(value), position), position)


def joined(kind: type[And] | type[Or], operands: tuple[Node, ...]) -> Node:
    """One operand as it is; AND in AND and OR in OR become one."""
    if len(operands) == 1:
        return operands[0]
    flat = [inner for each in operands for inner in (each.operands if isinstance(each, kind) else (each,))]
    return kind(tuple(flat))


def _term(name: str, raw: str, position: int) -> Term:
    key, dot, header = name.lower().partition(".")
    field = FIELDS.get(key)
    if field is None or bool(dot) != (key == "header"):
        raise _unknown(name, raw, position)
    if dot and not _HEADER_NAME.fullmatch(header):
        raise QueryError("write the header's name after the dot, as in header.Subject:urgent", position)
    if raw[0] == "!" and field.type is not Type.TEXT:
        meant = f"NOT {name}:{raw[1:]}"
        raise QueryError("what is left out has NOT before its field", position, meant, f"{name}:{raw}")
    return Term(key, read_value(field, raw, position + len(name) + 1), header, position)


def _unknown(name: str, raw: str, position: int) -> QueryError:
    key = name.lower()
    if key == "header":
        return QueryError("write the header's name after a dot, as in header.Subject:urgent", position)
    message = f'there is no field {name}; to look for such text itself put it in quotation marks, "{name}:…"'
    if key in _SCHEMES:
        return QueryError(message, position, raw, f"{name}:{raw}")
    close = get_close_matches(key, FIELDS, n=1)
    return QueryError(message, position, MEANT.get(key, close[0] if close else None))


def _position(error: UnexpectedInput, line: str) -> int:
    position: int | None = getattr(error, "pos_in_stream", None)
    token = getattr(error, "token", None)
    return len(line) if position is None or position < 0 or getattr(token, "type", "") == "$END" else position


def _explained(line: str, position: int) -> QueryError:
    rest = line[position:]
    if not rest.strip():
        return _ended(line)
    if keyword := _KEYWORD.match(rest):
        return QueryError(f'{keyword[1]} has nothing before it; as text write "{keyword[1]}"', position)
    if field := _FIELD.match(rest):
        message = f"{field[0]} wants its value right after it, without a blank; several are written {field[0]}a;b"
        return QueryError(message, position + len(field[0]))
    reasons = {
        '"': "this quotation mark is not closed",
        "\\": "a backslash wants a character after it",
        ")": "this parenthesis closes nothing, or there is nothing in it",
        "(": "a blank is missing before this parenthesis",
        ";": "a list wants a value before its first semicolon",
    }
    return QueryError(reasons.get(rest[0], f"{rest[0]!r} cannot stand here"), position)


def _ended(line: str) -> QueryError:
    """What is missing at the line's end: the value, the operand or the parenthesis."""
    bare = re.sub(r'"(?:[^"\\]|\\.)*"|\\.', lambda found: "x" * len(found[0]), line.rstrip())
    if keyword := re.search(r"(?:^|[\s()])(OR|AND|NOT)$", bare):
        return QueryError(f"{keyword[1]} wants something after it", len(line.rstrip()))
    opened = [place for place, character in enumerate(bare) if character == "("]
    return QueryError("this parenthesis is not closed", opened[0] if opened else len(line))
