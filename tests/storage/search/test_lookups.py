import pytest

from appliance.calls.fold import due
from appliance.model.rows import CallState
from appliance.query.parse import parse
from appliance.storage.search.lookups import CLASS, EXACT, LONG, SHORT, UNDER_WAY, Driver, driver
from tests.storage.search.stored import a_call


def found(line: str) -> Driver | None:
    return driver(parse(line).root)


@pytest.mark.parametrize(
    ("line", "indexes", "rank", "whole"),
    [
        ("from:+4930123", "from_user pid_user", EXACT, True),
        ("to:+49*", "to_user", SHORT, True),
        ("to:+49301*", "to_user", LONG, True),
        ("ruri:*1234", "ruri_reversed", SHORT, True),
        ("to:+*34567", "to_reversed", LONG, True),
        ("to:+4930*5", "to_user", LONG, True),
        ("to:1;*2", "to_user to_reversed", SHORT, True),
        ("user:alice", "from_user to_user ruri_user pid_user", EXACT, True),
        ("callid:abc@pc33", "callid", EXACT, True),
        ("src:10.0.0.1", "source_ip", EXACT, True),
        ("dst:10.0.0.0/8", "destination_ip", SHORT, True),
        ("src:10.0.0.*", "source_ip", LONG, True),
        ("status:5xx", "status", CLASS, True),
        ("state:failed;busy", "outcome", CLASS, True),
        ("state:ringing", "outcome", CLASS, False),
        ("state:failed;ringing", "outcome", CLASS, False),
        ("alice", "from_user to_user ruri_user pid_user callid", EXACT, True),
        ("alice@example.com", "from_user to_user ruri_user pid_user callid from_user to_user", EXACT, False),
        ("10.0.0.1", "source_ip destination_ip", EXACT, True),
        ("from:a OR to:b", "from_user pid_user to_user", EXACT, True),
        ("state:failed to:b ua:x", "to_user", EXACT, False),
        ("state:failed to:+49* from:+49301*", "from_user pid_user", LONG, False),
        ("NOT to:b state:failed", "outcome", CLASS, False),
        ("(to:b OR to:c) ua:x", "to_user", EXACT, False),
    ],
)
def test_a_query_has_the_index_that_finds_the_fewest_rows(line: str, indexes: str, rank: int, whole: bool) -> None:
    driven = found(line)
    assert driven is not None
    assert list(dict.fromkeys(lookup.index for lookup in driven.lookups)) == list(dict.fromkeys(indexes.split()))
    assert (driven.rank, driven.whole) == (rank, whole)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "ua:x",
        "to:*",
        "to:*1*",
        "from:/1$/",
        "NOT to:b",
        "to:b OR ua:x",
        "to:b;*1*",
        "status:*",
        "state:*u*",
        "src:10.0.0.1:5060",
        "src:10.0.0.0/22",
        "src:2001:db8::/32",
        "callid:abc*",
        "alice*",
        "pdd:>3s",
        "method:REFER",
    ],
)
def test_what_no_index_answers_has_none(line: str) -> None:
    assert found(line) is None


def test_an_end_is_looked_up_from_its_end() -> None:
    driven = found("to:+4*9_67")
    assert driven is not None
    assert driven.lookups[0].where.arguments == (b"76|_9%4+",)


def test_what_counts_in_the_first_leg_is_marked() -> None:
    driven = found("state:failed OR to:b")
    assert driven is not None
    assert [lookup.of_first_leg for lookup in driven.lookups] == [True, False]


def test_calls_under_way_are_found_among_those_without_an_outcome() -> None:
    driven = found("state:ringing;failed")
    assert driven is not None
    assert [lookup.where.sql for lookup in driven.lookups] == ["outcome IS NULL", "outcome = %s"]
    assert {state for state in CallState if state not in UNDER_WAY} == {
        state for state in CallState if due(a_call("a", state=state)) is None
    }
