from hypothesis import given
from hypothesis import strategies as st

from appliance.calls.causes import MOST, causes


def test_both_causes_of_one_header_are_kept_in_their_order() -> None:
    assert causes(['SIP;cause=486;text="Busy, here", Q.850;cause=17']) == ("SIP/486", "Q.850/17")


def test_a_cause_is_named_once() -> None:
    assert causes(["Q.850;cause=16", "q.850 ; text=x ; CAUSE = 016"]) == ("Q.850/16",)


def test_a_comma_in_quotes_divides_nothing() -> None:
    assert causes(['SIP;text="a, Q.850;cause=1";cause=200']) == ("SIP/200",)


def test_what_is_no_reason_gives_no_cause() -> None:
    assert causes(["", "SIP", "SIP;cause=", "SIP;cause=x", ";cause=5", "SIP;cause=123456", '"']) == ()


def test_there_are_not_more_than_fit() -> None:
    assert len(causes([f"SIP;cause={number}" for number in range(50)])) == MOST


@given(st.lists(st.text()))
def test_any_text_is_taken(reasons: list[str]) -> None:
    assert all("/" in cause and "," not in cause for cause in causes(reasons))
