from dataclasses import replace

import pytest

from appliance.matching import fields
from appliance.model.rows import MessageRow
from appliance.query.fields import FIELDS
from appliance.query.tree import Exact, Span
from appliance.query.values import read_value, read_word
from appliance.storage.search import columns
from tests.calls.made import flow
from tests.storage.search.stored import A_CALL

(INVITE, BUSY) = flow("0 A>B INVITE", "9 B>A 486 INVITE")


def test_the_fields_are_those_that_the_tables_are_asked() -> None:
    assert set(fields.PACKET) == set(columns.PACKET)
    assert set(fields.SIP) == set(columns.SIP)
    assert set(fields.CALL) == set(columns.CALL)
    assert set(fields.OF_REPORTS) == set(columns.OF_REPORTS)


@pytest.mark.parametrize(
    ("name", "typed", "row", "found"),
    [
        ("method", "invite", INVITE, True),
        ("method", "*", BUSY, False),
        ("status", "4xx", BUSY, True),
        ("status", "*", INVITE, False),
        ("cseq", "INVITE", BUSY, True),
        ("cseq", "1..9", INVITE, True),
        ("diversion", "bob", replace(INVITE, diversion="<sip:Bob@x>;reason=busy"), True),
        ("problems", "bad-via", replace(INVITE, problems=("no-cseq", "bad-via")), True),
    ],
)
def test_a_field_looks_at_its_columns(name: str, typed: str, row: MessageRow, found: bool) -> None:
    assert fields.SIP[name](read_value(FIELDS[name], typed, 0))(row) is found


@pytest.mark.parametrize(
    ("name", "typed", "found"),
    [
        ("q850", "10..20", True),
        ("q850", ">16", False),
        ("cause", "16", True),
        ("dur", "10s", True),
        ("talk", "7s", True),
        ("pdd", ">1s", False),
        ("codec", "pcma", True),
        ("mos", "*", False),
        ("hungup", "caller", True),
        ("state", "completed", True),
    ],
)
def test_a_call_has_its_outcome(name: str, typed: str, found: bool) -> None:
    assert fields.CALL[name](read_value(FIELDS[name], typed, 0))(A_CALL) is found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("alice", True),
        ("alice@EXAMPLE.com", True),
        ("alice@example.org", False),
        ("10.0.0.0/8", True),
        ("call-1*", True),
        ('"call-1@pc33"', True),
        ("*0.0.2", True),
        ("carol", False),
    ],
)
def test_a_bare_word_is_looked_for_in_parties_call_id_and_addresses(typed: str, found: bool) -> None:
    assert fields.word(read_word(typed, 0), fields.PARTIES, with_port=False)(A_CALL) is found


def test_a_value_of_another_sort_is_never_fulfilled() -> None:
    assert not fields.SIP["status"](Exact("x"))(BUSY)
    assert not fields.SIP["from"](Span(1, 2))(INVITE)
