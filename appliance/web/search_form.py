"""The search form: the fields of the query line in groups, filled from the line."""

from collections.abc import Mapping
from dataclasses import dataclass

from appliance.query.errors import QueryError
from appliance.query.fields import FIELDS
from appliance.query.form import FORM_FIELDS, WORDS, form_from_line, line_from_form

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


def filled(line: str) -> list[FormGroup]:
    """The form with the line's values; empty where the line cannot be read or says more than the form can."""
    try:
        values = form_from_line(line) or {}
    except QueryError:
        values = {}
    words = FormField(WORDS, _LABELS[WORDS], "Words that stand alone in the line.", "", values.get(WORDS, ""), ())
    groups = [FormGroup(legend, tuple(_field(name, values) for name in names)) for legend, names in _GROUPS]
    return [FormGroup("Anywhere", (words,)), *groups]


def line_of(query: Mapping[str, str]) -> str:
    """The query line that the form's inputs say."""
    values = {name.removeprefix(PREFIX): value for name, value in query.items() if name.startswith(PREFIX)}
    return line_from_form(values)


def _field(name: str, values: Mapping[str, str]) -> FormField:
    assert name in FORM_FIELDS
    field = FIELDS[name]
    example = field.example.partition(":")[2]
    return FormField(name, _LABELS[name], field.help, example, values.get(name, ""), field.choices)
