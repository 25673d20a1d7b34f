from dataclasses import replace

from appliance.calls.partners import in_and_out, partner
from appliance.model.rows import MessageRow
from tests.calls.made import brief, flow

CALL = flow(
    "0 A>P INVITE", "1 P>A 100 INVITE", "2 P>B INVITE", "3 B>P 180 INVITE", "4 P>A 180 INVITE", "5 A>P INVITE cseq=2"
)  # fmt: skip


def told(found: MessageRow | None) -> str:
    return brief([found])[0] if found else ""


def test_what_came_in_is_compared_with_what_went_out() -> None:
    pair = in_and_out(CALL)
    assert pair is not None and brief(pair) == ["A>P INVITE", "P>B INVITE"]


def test_each_message_has_its_like_on_the_next_hop_or_the_one_before() -> None:
    assert [told(partner(CALL, row)) for row in CALL] == [
        "P>B INVITE", "", "A>P INVITE", "P>A 180 INVITE", "B>P 180 INVITE", "",
    ]  # fmt: skip


def test_the_other_leg_of_a_b2bua_is_found() -> None:
    other = replace(flow("2 P>B INVITE cseq=77")[0], callid="other", id="other")
    rows = [CALL[0], other]
    assert partner(rows, CALL[0]) is other
    pair = in_and_out(rows)
    assert pair is not None and pair[1] is other


def test_a_retransmission_is_no_partner_and_neither_is_the_way_back() -> None:
    assert partner(flow("0 A>P INVITE", "500 A>P INVITE"), flow("0 A>P INVITE")[0]) is None
    rows = flow("0 A>P OPTIONS", "5 P>A OPTIONS")
    assert partner(rows, rows[0]) is None


def test_a_call_of_one_hop_has_no_pair() -> None:
    assert in_and_out(flow("0 A>P INVITE", "1 P>A 200 INVITE")) is None
    assert in_and_out([]) is None
    assert partner(CALL, replace(CALL[0], id="unknown")) is None
