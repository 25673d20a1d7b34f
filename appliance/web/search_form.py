"""The search form: the fields of the query line in groups, filled from the line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from appliance.query import custom
from appliance.query.errors import QueryError
from appliance.query.fields import FIELDS
from appliance.query.form import FORM_FIELDS, WORDS, form_from_line, is_plain, line_from_form

PREFIX = "f."
"""Names of the form's inputs begin so: `from` and `to` of an address are times."""

_GROUPS = (
    ("Parties", ("from", "to", "ruri", "user", "domain", "contact", "pai", "authuser", "diversion")),
    ("Network", ("src", "dst", "ip", "port", "via", "proto", "node")),
    ("Message", ("method", "status", "ua", "kind", "text")),
    ("Call", ("callid", "leg", "correlation", "state")),
)
_LABELS = {
    WORDS: "Any party, Call-ID or address",
    "from": "From user",
    "to": "To user",
    "ruri": "R-URI user",
    "user": "Any user",
    "domain": "Any domain",
    "contact": "Contact user",
    "pai": "P-Asserted-Identity",
    "authuser": "Auth user",
    "diversion": "Diversion",
    "callid": "Call-ID",
    "leg": "Other leg's Call-ID",
    "correlation": "Correlation id",
    "method": "Method",
    "status": "Status",
    "ua": "User agent",
    "src": "Source",
    "dst": "Destination",
    "ip": "Either address",
    "port": "Either port",
    "via": "Via",
    "node": "Node",
    "proto": "Transport",
    "kind": "Kind",
    "state": "State of the call",
    "text": "Text in the message",
}


WORDS_HELP = "Words that stand alone in the line, and whatever else it says."
MORE = "The line says more than the fields can: the rest stands in the first one, as it is written in the line."
UNREADABLE = "The line cannot be read as it is; what is filled in here and searched takes its place."


@dataclass(frozen=True, slots=True)
class FormField:
    """One input; `choices` makes it a list to choose from."""

    name: str
    label: str
    help: str
    example: str
    value: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormGroup:
    """A fieldset."""

    legend: str
    fields: tuple[FormField, ...]


def filled(line: str, custom_headers: Sequence[str] = ()) -> list[FormGroup]:
    """The form with the line's values; empty where the line cannot be read.

    The headers of choice have a place each, under their own names.
    """
    try:
        values = form_from_line(line, _places(custom_headers))
    except QueryError:
        values = {}
    words = FormField(WORDS, _LABELS[WORDS], WORDS_HELP, "", values.get(WORDS, ""), ())
    groups = [FormGroup(legend, tuple(_field(name, values) for name in names)) for legend, names in _GROUPS]
    if custom_headers:
        chosen = zip(custom.FIELDS, custom_headers, strict=False)
        groups.append(FormGroup("Headers", tuple(replace(_field(name, values), label=label) for name, label in chosen)))
    return [FormGroup("Anywhere", (words,)), *groups]


def note(line: str, custom_headers: Sequence[str] = ()) -> str:
    """What the form does not show of the line by its fields, as a sentence; empty when it shows all."""
    try:
        words = form_from_line(line, _places(custom_headers)).get(WORDS, "")
        return "" if is_plain(words) else MORE
    except QueryError:
        return UNREADABLE


def _places(custom_headers: Sequence[str]) -> list[str]:
    return [name for name in FORM_FIELDS if name not in custom.FIELDS or custom.header_of(name, custom_headers)]


def line_of(query: Mapping[str, str]) -> str:
    """The query line that the form's inputs say."""
    values = {name.removeprefix(PREFIX): value for name, value in query.items() if name.startswith(PREFIX)}
    return line_from_form(values)


def _field(name: str, values: Mapping[str, str]) -> FormField:
    assert name in FORM_FIELDS
    field = FIELDS[name]
    example = field.example.partition(":")[2]
    return FormField(name, _LABELS.get(name, name), field.help, example, values.get(name, ""), field.choices)
