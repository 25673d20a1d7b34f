import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.calls.copies import distinct, fold_copies
from appliance.calls.order import ordered
from appliance.model.rows import MessageRow
from tests.calls.made import brief, flow
from tests.calls.recorded import by_callid, recorded
from tests.captures import load_json

PROXIED = (
    "0 A>P INVITE", "1 P>A 100 INVITE", "2 P>B INVITE", "30 B>P 180 INVITE", "31 P>A 180 INVITE", "900 B>P 200 INVITE",
    "901 P>A 200 INVITE", "930 A>P ACK", "931 P>B ACK", "5000 B>P BYE by=callee", "5001 P>A BYE by=callee",
    "5020 A>P 200 BYE", "5021 P>B 200 BYE",
)  # fmt: skip


def check(*lines: str, expected: tuple[str, ...] | None = None) -> None:
    """The lines stand in the order that is expected; their times contradict it."""
    rows = flow(*lines)
    shuffled = random.Random(7).sample(rows, len(rows))
    assert brief(ordered(shuffled)) == list(expected or brief(rows))


def test_a_request_comes_before_its_response_though_stamped_later() -> None:
    check("3 A>P INVITE", "1 P>A 100 INVITE")


def test_a_request_comes_before_its_response_whatever_the_clocks_say() -> None:
    request, response = flow("3600000 A>P INVITE", "0 P>A 486 INVITE")
    assert brief(ordered([response, request])) == ["A>P INVITE", "P>A 486 INVITE"]


def test_messages_with_one_stamp_come_in_the_order_of_their_transactions() -> None:
    rows = [replace(row, ts=0, filed_ts=0, arrival_ts=0, id=str(99 - n)) for n, row in enumerate(flow(*PROXIED[:9]))]
    found = brief(ordered(rows))
    assert found.index("A>P INVITE") == 0
    assert found.index("P>B INVITE") < found.index("B>P 180 INVITE") < found.index("P>A 180 INVITE")
    assert (
        found.index("B>P 200 INVITE") < found.index("P>A 200 INVITE") < found.index("A>P ACK") < found.index("P>B ACK")
    )


def test_what_a_host_received_comes_before_what_it_relayed() -> None:
    check("2 A>P INVITE", "1 P>B INVITE", "40 B>P 180 INVITE", "39 P>A 180 INVITE")


def test_relays_of_an_agent_with_another_clock_are_put_right() -> None:
    here = flow("0 A>P INVITE", "300 P>A 200 INVITE")
    there = flow("-1490 P>B INVITE id=x", "-1300 B>P 200 INVITE id=y", node="far")
    assert brief(ordered([*here, *there])) == ["A>P INVITE", "P>B INVITE", "B>P 200 INVITE", "P>A 200 INVITE"]


def test_a_provisional_comes_before_the_final_and_the_final_before_its_ack() -> None:
    check("0 A>B INVITE", "12 B>A 100 INVITE", "11 B>A 180 INVITE", "10 B>A 200 INVITE", "9 A>B ACK")


def test_the_ack_of_a_failure_follows_it_on_its_own_hop() -> None:
    check(
        "0 A>P INVITE", "1 P>B INVITE", "20 B>P 486 INVITE", "19 P>B ACK", "22 P>A 486 INVITE", "21 A>P ACK",
    )  # fmt: skip


def test_a_cancel_follows_its_invite() -> None:
    check("2 A>B INVITE", "1 A>B CANCEL", "3 B>A 200 CANCEL", "4 B>A 487 INVITE", "5 A>B ACK")


def test_the_invite_with_credentials_follows_the_challenge_and_its_ack() -> None:
    check("0 A>P INVITE", "5 P>A 407 INVITE", "7 A>P ACK", "6 A>P INVITE cseq=2", "9 P>A 100 INVITE cseq=2")


def test_disorder_beyond_the_tolerance_is_none() -> None:
    rows = flow("0 A>B INVITE", "20 B>A 200 INVITE", "400 B>A 180 INVITE")
    assert brief(ordered(rows))[1:] == ["B>A 200 INVITE", "B>A 180 INVITE"]


def test_a_retransmitted_request_does_not_hold_back_the_response() -> None:
    check("0 A>B INVITE", "490 B>A 100 INVITE", "500 A>B INVITE")


def test_the_fork_that_rings_after_the_other_was_answered_stays_there() -> None:
    check("0 A>P INVITE", "50 P>A 200 INVITE to_tag=one", "60 P>A 180 INVITE to_tag=two")


def test_a_spiral_through_one_host_ends_in_an_order() -> None:
    lines = ("0 A>P INVITE", "1 P>S INVITE", "2 S>P INVITE", "3 P>B INVITE", "3 B>P 200 INVITE", "4 P>S 200 INVITE")
    check(*lines)
    mixed = [replace(row, ts=0, filed_ts=0, arrival_ts=0) for row in flow(*lines)]
    assert sorted(brief(ordered(mixed))) == sorted(brief(mixed))


def test_a_message_held_back_comes_straight_after_the_one_it_waits_for_and_others_stay() -> None:
    rows = flow("5 A>P INVITE", "1 P>A 100 INVITE", "2 X>Y OPTIONS cseq=9", "6 X>Y OPTIONS cseq=10")
    assert brief(ordered(rows)) == ["X>Y OPTIONS", "A>P INVITE", "P>A 100 INVITE", "X>Y OPTIONS"]


def test_equal_stamps_fall_back_on_arrival_then_id() -> None:
    rows = flow("0 A>B INFO cseq=3 arrives=9 from_tag=x", "0 A>B INFO cseq=3 arrives=8 from_tag=y")
    assert [row.from_tag for row in ordered(rows)] == ["y", "x"]


@given(st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_input_does_not_count(random_: random.Random) -> None:
    rows = [replace(row, ts=row.ts + random_.randrange(-3000, 3000)) for row in flow(*PROXIED)]
    rows = [replace(row, filed_ts=row.ts) for row in rows]
    expected = ordered(rows)
    assert ordered(random_.sample(rows, len(rows))) == expected


@given(st.lists(st.integers(-4_000, 4_000), min_size=len(PROXIED), max_size=len(PROXIED)))
@settings(max_examples=150, deadline=None)
def test_no_stamp_jitter_breaks_a_transaction(jitters: list[int]) -> None:
    rows = flow(*PROXIED)
    rows = [replace(r, ts=r.ts + jitter, filed_ts=r.ts + jitter) for r, jitter in zip(rows, jitters, strict=True)]
    found = brief(ordered(rows))
    for hops in (("A>P INVITE", "P>B INVITE", "B>P 180 INVITE", "P>A 180 INVITE", "P>A 200 INVITE"),
                 ("A>P INVITE", "P>A 100 INVITE", "P>A 180 INVITE"),
                 ("B>P 200 INVITE", "P>A 200 INVITE", "A>P ACK", "P>B ACK"),
                 ("B>P BYE", "P>A BYE", "A>P 200 BYE", "P>B 200 BYE")):  # fmt: skip
        assert [one for one in found if one in hops] == list(hops)


@pytest.mark.parametrize("name", sorted(load_json("tshark_dialogs")["files"]))
def test_a_complete_capture_keeps_its_order(name: str) -> None:
    for rows in by_callid(recorded(name)).values():
        assert ordered(rows) == rows


@pytest.mark.parametrize(
    "name", ["irontec-sngrep/tests/ipv6frag.pcap", "NormB-sipnab/tests/pcap-samples/sip-proxy.pcap"]
)
@given(random_=st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_a_recorded_proxy_whose_stamps_lost_their_microseconds_keeps_its_transactions(
    name: str, random_: random.Random
) -> None:
    rows = [_coarse(row) for row in fold_copies(recorded(name))]
    found = ordered(random_.sample(rows, len(rows)))
    place = {row.id: number for number, row in enumerate(found)}
    for one in found:
        for other in found:
            if not one.is_request and other.is_request and one.via_branch == other.via_branch:
                same = (one.cseq, one.cseq_method, one.source_ip) == (other.cseq, other.method, other.destination_ip)
                assert not same or place[other.id] < place[one.id]


def _coarse(row: MessageRow) -> MessageRow:
    stamp = row.ts // 5000 * 5000
    return replace(row, ts=stamp, filed_ts=stamp, arrival_ts=0)


def test_two_thousand_messages_of_one_call_keep_their_order() -> None:
    turns = [flow(*(f"{line} cseq={turn}" for line in PROXIED)) for turn in range(160)]
    rows = [
        replace(row, id=f"{turn:03}-{row.id}", ts=row.ts + turn * 10**7, filed_ts=row.ts + turn * 10**7)
        for turn, part in enumerate(turns)
        for row in part
    ]
    assert len(rows) > 2000
    assert ordered(reversed(rows)) == distinct(rows) == rows
