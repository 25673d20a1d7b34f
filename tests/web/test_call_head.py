from appliance.calls.fold import fold
from appliance.calls.numbers import Numbering
from appliance.web.call_head import TABS, Head
from tests.calls.made import flow


def test_the_tabs_are_those_that_addresses_name() -> None:
    assert [name for name, _ in TABS] == ["flow", "messages", "why", "quality", "logs", "export"]


def test_parties_come_from_the_first_message_when_nothing_is_settled() -> None:
    row = flow("0 A>P INVITE from_user=alice to_user= to_domain=example.com")[0]
    head = Head("c1", None, row, 1, 0, None, (), None, False)
    assert (head.from_user, head.to_user) == ("alice", "example.com")
    assert Head("c1", None, None, 0, 0, None, (), None, False).from_user == ""


def test_the_head_says_what_happened_in_a_sentence() -> None:
    rows = tuple(flow("0 A>P INVITE", "90 P>A 486 INVITE"))
    head = Head("c1@made", None, rows[0], 2, 0, None, (), None, False, rows)
    assert head.why == "100 called 200 and found the line busy: 486 Reason from 10.0.0.16 90 ms after the INVITE."
    assert Head("c1@made", None, rows[0], 2, 0, None, (), None, False).why == ""


def test_the_countries_of_the_numbers_have_their_names() -> None:
    (call,) = fold(flow("0 A>P INVITE from_user=+37167123456 ruri_user=100"), 0, Numbering().countries)
    head = Head("c1", call, None, 1, 0, None, (), None, False)
    assert head.countries == (("LV", "Latvia"), ("", ""))
    assert Head("c1", None, None, 0, 0, None, (), None, False).countries == (("", ""), ("", ""))
