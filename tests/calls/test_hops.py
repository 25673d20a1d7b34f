import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.calls.copies import fold_copies
from appliance.calls.hops import Hop, clocks, hops
from appliance.model.rows import MessageRow
from tests.calls.made import at, flow, seen_by
from tests.calls.test_fold import messages

THROUGH = (
    "0 A>P INVITE", "1 P>A 100 INVITE", "2 P>B INVITE", "80 B>P 180 INVITE", "82 P>A 180 INVITE",
    "2000 B>P 200 INVITE", "2003 P>A 200 INVITE", "2010 A>P ACK", "2011 P>B ACK", "9000 A>P BYE cseq=2",
    "9001 P>A 200 BYE cseq=2",
)  # fmt: skip


def brief(found: list[Hop]) -> list[tuple[str, int | None]]:
    """`A>P` and the final response."""
    return [(f"{letter(hop.source_ip)}>{letter(hop.destination_ip)}", hop.status) for hop in found]


def letter(ip: str) -> str:
    return chr(64 + int(ip.rsplit(".", 1)[1]))


def test_a_proxied_call_has_a_hop_for_each_pair_of_hosts() -> None:
    caller, carrier = hops(flow(*THROUGH))
    assert brief([caller, carrier]) == [("A>P", 200), ("P>B", 200)]
    assert (caller.first_us, caller.answered_us, caller.pdd_ms, caller.answer_ms) == (at(0), at(2003), 82, 2003)
    assert (carrier.first_us, carrier.answered_us, carrier.pdd_ms, carrier.answer_ms) == (at(2), at(2000), 78, 1998)
    assert (carrier.proto, carrier.nodes, carrier.branch) == ("udp", ("tap",), "z9hG4bK-10.0.0.16-10.0.0.2-1-INVITE")


def test_each_carrier_that_a_proxy_tried_has_its_own_answer() -> None:
    found = hops(
        flow(
            "0 A>P INVITE",
            "2 P>B INVITE",
            "20 B>P 503 INVITE",
            "21 P>B ACK",
            "22 P>C INVITE",
            "90 C>P 486 INVITE",
            "91 P>C ACK",
            "92 P>A 486 INVITE",
            "93 A>P ACK",
        )
    )
    assert brief(found) == [("A>P", 486), ("P>B", 503), ("P>C", 486)]


def test_the_hops_are_in_the_order_of_the_call_when_a_later_one_was_captured_first() -> None:
    rows = flow(*THROUGH)
    early = seen_by([row for row in rows if "10.0.0.2" in (row.source_ip, row.destination_ip)], "core", -40_000)
    near = [row for row in rows if "10.0.0.2" not in (row.source_ip, row.destination_ip)]
    found = hops([*early, *near])
    assert brief(found) == [("A>P", 200), ("P>B", 200)]
    assert [hop.nodes for hop in found] == [("tap",), ("core",)]


def test_answers_that_come_from_other_ports_or_addresses_belong_to_their_branch() -> None:
    rows = [replace(row, proto="tcp", source_port=40_000 + place) for place, row in enumerate(flow(*THROUGH))]
    assert brief(hops(rows)) == [("A>P", 200), ("P>B", 200)]
    translated = [
        replace(row, source_ip="192.0.2.9") if row.source_ip == "10.0.0.2" and not row.is_request else row
        for row in rows
    ]
    assert brief(hops(translated)) == [("A>P", 200), ("P>B", 200)]


def test_a_challenged_invite_and_the_next_are_one_hop() -> None:
    (hop,) = hops(
        flow(
            "0 A>P INVITE",
            "5 P>A 407 INVITE",
            "6 A>P ACK",
            "10 A>P INVITE cseq=2",
            "70 P>A 180 INVITE cseq=2",
            "1010 P>A 200 INVITE cseq=2",
        )
    )
    assert (hop.status, hop.invites, hop.first_us, hop.pdd_ms, hop.answer_ms) == (200, 2, at(0), 60, 1000)


def test_a_spiral_through_the_same_hosts_is_two_hops() -> None:
    found = hops(
        flow(
            "0 A>P INVITE",
            "1 P>Q INVITE via_branch=z9hG4bKone",
            "2 Q>P INVITE via_branch=z9hG4bKtwo",
            "3 P>Q INVITE via_branch=z9hG4bKthree",
            "9 Q>P 404 INVITE via_branch=z9hG4bKthree",
            "10 P>Q 404 INVITE via_branch=z9hG4bKtwo",
            "11 Q>P 404 INVITE via_branch=z9hG4bKone",
            "12 P>A 404 INVITE",
        )
    )
    assert brief(found) == [("A>P", 404), ("P>Q", 404), ("Q>P", 404), ("P>Q", 404)]


def test_retransmissions_are_those_of_the_hop_and_copies_are_none() -> None:
    rows = flow(
        "0 A>P INVITE",
        "1 P>B INVITE",
        "500 P>B INVITE",
        "1500 P>B INVITE",
        "1600 B>P 200 INVITE",
        "1601 P>A 200 INVITE",
    )
    found = hops([*rows, *seen_by(rows, "core", 2_000)])
    assert [(hop.retransmissions, hop.nodes) for hop in found] == [(0, ("core", "tap")), (2, ("core", "tap"))]


def test_re_invites_and_other_requests_are_no_hops() -> None:
    later = ("3000 A>P INVITE again=1 cseq=3", "3010 P>A 200 INVITE cseq=3", "4000 C>P INVITE again=1 cseq=9")
    assert brief(hops(flow(*THROUGH, *later))) == [("A>P", 200), ("P>B", 200)]
    assert hops(flow("0 A>P REGISTER", "5 P>A 200 REGISTER")) == []


def test_a_hop_is_known_by_its_answers_when_nobody_saw_its_invite() -> None:
    (first, second) = hops(flow(*(line for line in THROUGH if line != "2 P>B INVITE")))
    assert brief([first, second]) == [("A>P", 200), ("P>B", 200)]
    assert (second.invites, second.pdd_ms, second.answer_ms) == (0, None, None)


def test_a_2xx_counts_before_an_earlier_failure_of_another_fork() -> None:
    (hop,) = hops(flow("0 A>P INVITE", "5 P>A 486 INVITE to_tag=x", "9 P>A 200 INVITE to_tag=y"))
    assert hop.status == 200


def test_folded_copies_still_tell_who_saw_a_hop_and_by_which_clock() -> None:
    rows = flow(*THROUGH)
    packets = [*rows, *seen_by(rows[:5], "slow", -1_200_000)]
    (caller, carrier) = hops(fold_copies(packets))
    assert [caller, carrier] == hops(packets)
    assert caller.first_us == at(0)
    assert (caller.nodes, carrier.nodes) == (("slow", "tap"), ("slow", "tap"))
    assert [clock.words for clock in clocks(fold_copies(packets))] == ["slow −1.2 s against tap, from 5 copies"]


def test_each_leg_has_its_own_hops() -> None:
    legs = [*flow(*THROUGH), *flow("3 P>C INVITE", "9 C>P 486 INVITE", callid="c2@made")]
    assert [(hop.callid, hop.status) for hop in hops(legs)] == [("c1@made", 200), ("c1@made", 200), ("c2@made", 486)]


@given(st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_hops_depend_neither_on_order_nor_on_repeated_rows(random_: random.Random) -> None:
    rows = flow(*THROUGH)
    rows += seen_by(rows, "core", random_.randrange(-100_000, 100_000))
    assert hops(random_.sample(rows, len(rows)) + random_.choices(rows, k=3)) == hops(rows)


@pytest.mark.parametrize("with_texts", [True, False])
@given(rows=messages())
@settings(max_examples=150, deadline=None)
def test_whatever_was_stored_makes_hops(with_texts: bool, rows: list[MessageRow]) -> None:
    found = hops(rows if with_texts else [replace(row, raw=None) for row in rows])
    assert all(hop.first_us and hop.retransmissions >= 0 for hop in found)
