import pytest

from appliance.query.fields import FIELDS, MEANT, Type
from appliance.query.parse import parse
from appliance.query.tree import Term

OF_INTERFACES = [
    "from",
    "to",
    "ruri",
    "user",
    "domain",
    "contact",
    "pai",
    "authuser",
    "diversion",
    "tag",
    "branch",
    "callid",
    "leg",
    "correlation",
    "sessionid",
    "icid",
    "method",
    "status",
    "reason",
    "cseq",
    "event",
    "contenttype",
    "ua",
    "src",
    "dst",
    "ip",
    "port",
    "via",
    "media",
    "node",
    "agent",
    "proto",
    "kind",
    "size",
    "problems",
    "text",
    "header",
    "custom1",
    "custom2",
    "custom3",
    "state",
    "pdd",
    "setup",
    "dur",
    "talk",
    "hungup",
    "cause",
    "q850",
    "warning",
    "retransmissions",
    "legs",
    "codec",
    "mos",
    "loss",
    "jitter",
    "country",
    "fromcountry",
    "tocountry",
    "group",
    "attest",
    "aor",
    "expires",
]


def test_the_fields_are_those_that_others_rely_on() -> None:
    assert sorted(FIELDS) == sorted(OF_INTERFACES)


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_has_a_sentence_of_help_and_an_example_that_is_read(name: str) -> None:
    field = FIELDS[name]
    assert field.help.endswith(".")
    root = parse(field.example).root
    assert isinstance(root, Term)
    assert root.field == name


def test_only_fields_of_choice_have_choices() -> None:
    assert all(bool(field.choices) == (field.type is Type.CHOICE) for field in FIELDS.values())


def test_suggestions_are_fields() -> None:
    assert set(MEANT.values()) <= set(FIELDS)
    assert not set(MEANT) & set(FIELDS)
