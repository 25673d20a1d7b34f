from dataclasses import replace

from appliance.calls.copies import fold_copies, grouped, retransmitted
from tests.calls.made import flow, seen_by


def test_the_same_octets_on_the_same_hop_from_another_agent_are_a_copy() -> None:
    rows = flow("0 A>P INVITE", "10 P>A 100 INVITE")
    folded = fold_copies([*rows, *seen_by(rows, "other", 30_000)])
    assert [(row.method, row.copies, row.node) for row in folded] == [("INVITE", 2, "tap"), ("100", 2, "tap")]


def test_the_same_agent_within_50_ms_captured_it_twice() -> None:
    assert [row.copies for row in fold_copies(flow("0 A>P INVITE", "50 A>P INVITE"))] == [2]


def test_the_same_agent_later_saw_a_retransmission() -> None:
    folded = fold_copies(flow("0 A>P INVITE", "51 A>P INVITE", "500 A>P INVITE"))
    assert [row.copies for row in folded] == [1, 1, 1]
    assert retransmitted(folded) == {folded[1].id, folded[2].id}


def test_retransmissions_that_two_agents_saw_are_each_one_message_of_two_copies() -> None:
    rows = flow("0 A>P INVITE", "500 A>P INVITE", "1500 A>P INVITE")
    folded = fold_copies([*seen_by(rows, "other", 450_000), *rows])
    assert [row.copies for row in folded] == [2, 2, 2]
    assert len(retransmitted(folded)) == 2


def test_a_copy_whose_agent_missed_the_first_transmission_belongs_to_the_second() -> None:
    rows = flow("0 A>P INVITE", "500 A>P INVITE")
    folded = fold_copies([*rows, *seen_by(rows[1:], "other", 20_000)])
    assert [row.copies for row in folded] == [1, 2]


def test_a_clock_off_by_about_the_time_after_which_it_is_sent_again_makes_no_third_transmission() -> None:
    rows = flow("0 A>P INVITE", "500 A>P INVITE")
    folded = fold_copies([*rows, *seen_by(rows, "other", 700_000)])
    assert [row.copies for row in folded] == [2, 2]


def test_agents_that_missed_different_transmissions_have_right_clocks() -> None:
    rows = flow("0 A>P INVITE", "500 A>P INVITE", "1500 A>P INVITE")
    folded = fold_copies([*rows[:2], *seen_by(rows[1:], "other")])
    assert [row.copies for row in folded] == [1, 2, 1]


def test_other_addresses_are_another_hop() -> None:
    one = flow("0 A>P INVITE")[0]
    other = replace(one, id="other", source_port=5062)
    assert [row.copies for row in fold_copies([one, other])] == [1, 1]
    assert retransmitted([one, other]) == frozenset()


def test_a_row_given_twice_is_no_copy() -> None:
    rows = flow("0 A>P INVITE")
    assert [row.copies for row in fold_copies([*rows, *rows])] == [1]


def test_folding_again_changes_nothing() -> None:
    rows = flow("0 A>P INVITE", "10 A>P INVITE", "700 A>P INVITE")
    once = fold_copies(rows)
    assert fold_copies(once) == once


def test_the_groups_hold_every_packet_once() -> None:
    rows = flow("0 A>P INVITE", "10 A>P INVITE", "700 A>P INVITE", "701 P>A 100 INVITE")
    assert sorted(row.id for group in grouped(rows) for row in group) == [row.id for row in rows]


def test_an_agent_with_an_absurd_clock_still_makes_copies() -> None:
    rows = flow("0 A>P INVITE", "10 P>A 100 INVITE")
    absurd = [replace(row, id=f"far{row.id}", node="far", ts=row.ts - 10**15) for row in rows]
    assert [row.copies for row in fold_copies([*rows, *absurd])] == [2, 2]


def test_a_message_has_the_time_of_the_agent_whose_clock_is_right() -> None:
    rows = flow("0 A>P INVITE", "10 P>A 100 INVITE", "90 P>A 180 INVITE", "95 A>P PRACK cseq=2")
    slow = seen_by(rows[:3], "slow", -1_200_000)
    assert [(row.ts, row.copies) for row in fold_copies([*slow, *rows])] == [
        (row.ts, 2 if row in rows[:3] else 1) for row in rows
    ]
