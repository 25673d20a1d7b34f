"""The search form and the query line are two ways to edit one query.

`line_from_form` makes the line that the filled-in fields mean; `form_from_line` fills the fields back in
from a line that is nothing but one term per field joined by AND, and tells by None that the form is too
narrow for the line.
"""

import re
from collections.abc import Mapping

from appliance.query.errors import QueryError
from appliance.query.fields import FIELDS, Field
from appliance.query.parse import parse
from appliance.query.printed import printed, printed_value
from appliance.query.tree import And, Or, Query, Term, Word

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
"""Fields of the form, in its order; `words` beside them holds bare words."""

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


def form_from_line(line: str) -> dict[str, str] | None:
    """The form's values for a line, or None when the line says more than the form can. Raises QueryError."""
    root = parse(line).root
    operands = root.operands if isinstance(root, And) else (root,) if root else ()
    values: dict[str, str] = {}
    words: list[Word] = []
    for operand in operands:
        if isinstance(operand, Word):
            words.append(operand)
        elif isinstance(operand, Term) and operand.field in FORM_FIELDS and operand.field not in values:
            values[operand.field] = printed_value(FIELDS[operand.field], operand.value)
        else:
            return None
    if words:
        values[WORDS] = printed(Query(words[0] if len(words) == 1 else And(tuple(words))))
    return values


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
