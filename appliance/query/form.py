"""The search form and the query line are two ways to edit one query.

`line_from_form` makes the line that the filled-in fields mean; `form_from_line` fills the fields back in. What no field
can say (OR, NOT, a field twice, a field without a place) stands in `words`, as the line writes it, so nothing is lost.
"""

import re
from collections.abc import Collection, Mapping

from appliance.query.errors import QueryError
from appliance.query.fields import FIELDS, Field
from appliance.query.parse import parse
from appliance.query.printed import printed, printed_value
from appliance.query.tree import And, Node, Or, Query, Term, Word

FORM_FIELDS: tuple[str, ...] = (
    "from",
    "to",
    "ruri",
    "user",
    "domain",
    "contact",
    "pai",
    "authuser",
    "diversion",
    "callid",
    "leg",
    "correlation",
    "method",
    "status",
    "ua",
    "src",
    "dst",
    "ip",
    "port",
    "via",
    "node",
    "proto",
    "kind",
    "state",
    "custom1",
    "custom2",
    "custom3",
    "text",
)
"""Fields of the form, in its order; `words` beside them holds bare words and whatever else a line says."""

WORDS = "words"

_ITEM = re.compile(r'(/(?:[^/\\]|\\.)+/(?=;|$))|((?:"(?:[^"\\]|\\.)*"|\\.|[^;])*)', re.DOTALL)
_NEEDS_QUOTES = re.compile(r'[\s()"]')


def line_from_form(values: Mapping[str, str]) -> str:
    """The line of the filled-in fields; blanks and parentheses in a value are quoted for its writer.

    What is wrong with a value is found by parsing the line. Names that are no field of the form are left out.
    """
    terms = [
        f"{name}:{_typed(values[name].strip(), FIELDS[name])}" for name in FORM_FIELDS if values.get(name, "").strip()
    ]
    words = values.get(WORDS, "").strip()
    if words and terms and not _joins(words):
        words = f"({words})"
    return " ".join([*([words] if words else []), *terms])


def form_from_line(line: str, fields: Collection[str] = FORM_FIELDS) -> dict[str, str]:
    """The form's values for a line; `fields` are those that have a place. Raises QueryError."""
    root = parse(line).root
    operands = root.operands if isinstance(root, And) else (root,) if root else ()
    values: dict[str, str] = {}
    rest: list[Node] = []
    for operand in operands:
        if isinstance(operand, Term) and operand.field in fields and operand.field not in values:
            values[operand.field] = printed_value(FIELDS[operand.field], operand.value)
        else:
            rest.append(operand)
    if rest:
        values[WORDS] = printed(Query(rest[0] if len(rest) == 1 else And(tuple(rest))))
    return values


def is_plain(words: str) -> bool:
    """Whether `words` of a form are nothing but bare words."""
    root = parse(words).root
    operands = root.operands if isinstance(root, And) else (root,)
    return all(operand is None or isinstance(operand, Word) for operand in operands)


def _typed(value: str, field: Field) -> str:
    """A form's value as the line needs it: whole when it can be read, else quoted item by item."""
    if not _NEEDS_QUOTES.search(value) or _reads(field, value):
        return value
    return ";".join(regex or _quoted(text.strip()) for regex, text in _ITEM.findall(value) if regex or text.strip())


def _joins(words: str) -> bool:
    """Whether what is written beside it does not change what it means."""
    try:
        return not isinstance(parse(words).root, Or)
    except QueryError:
        return False


def _reads(field: Field, value: str) -> bool:
    try:
        root = parse(f"{field.name}:{value}").root
    except QueryError:
        return False
    return isinstance(root, Term)


def _quoted(text: str) -> str:
    return text if not _NEEDS_QUOTES.search(text) else '"' + text.replace('"', '\\"') + '"'
