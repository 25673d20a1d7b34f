import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.calls.clock import times
from appliance.calls.fold import fold
from appliance.calls.offsets import Offset, offsets, shifts
from appliance.model.rows import MessageRow
from tests.calls.made import at, flow, seen_by

CALL = (
    "0 A>P INVITE", "1 P>A 100 INVITE", "2 P>B INVITE", "3 B>P 100 INVITE", "80 B>P 180 INVITE", "82 P>A 180 INVITE",
    "2000 B>P 200 INVITE", "2002 P>A 200 INVITE", "2010 A>P ACK", "2012 P>B ACK", "9000 A>P BYE cseq=2",
    "9002 P>B BYE cseq=2", "9010 B>P 200 BYE cseq=2", "9012 P>A 200 BYE cseq=2",
)  # fmt: skip
SECOND = 1_000_000


def estimated(rows: list[MessageRow]) -> list[Offset]:
    return offsets(rows, times(rows))


@pytest.mark.parametrize("off_us", [-90 * SECOND, -1_200_000, -40_000, 0, 3_000, 700_000, 4 * SECOND])
def test_copies_tell_how_far_a_clock_is_off(off_us: int) -> None:
    rows = flow(*CALL)
    copies = seen_by(rows[:4], "edge", off_us)
    assert estimated([*rows, *copies]) == [Offset("edge", "tap", off_us, 4, True)]


@pytest.mark.parametrize("off_us", [-1_200_000, 0, 700_000])
def test_without_copies_messages_before_and_after_each_other_tell_it(off_us: int) -> None:
    rows = flow(*CALL)
    core = seen_by([row for row in rows if "10.0.0.2" in (row.source_ip, row.destination_ip)], "core", off_us)
    edge = [row for row in rows if "10.0.0.2" not in (row.source_ip, row.destination_ip)]
    assert estimated([*edge, *core]) == [Offset("tap", "core", -off_us, 3, False)]


def test_one_packet_half_a_second_apart_may_have_been_sent_twice() -> None:
    rows = flow(*CALL)
    assert estimated([*rows, *seen_by(rows[:1], "edge", 499_000)])[0].offset_us == 499_000
    alone = estimated([*rows[:1], *seen_by(rows[:1], "edge", 500_000)])
    assert alone == []


def test_a_transmission_that_one_agent_missed_tells_nothing() -> None:
    rows = flow("0 A>P INVITE", "500 A>P INVITE", "510 P>A 100 INVITE", "600 P>A 180 INVITE")
    assert [
        (offset.offset_us, offset.samples) for offset in estimated([*rows, *seen_by(rows[1:], "edge", 20_000)])
    ] == [(20_000, 2)]


def test_only_clocks_that_are_far_off_are_put_right() -> None:
    rows = flow(*CALL)
    for off_us, taken_off in ((249_000, {}), (-250_000, {"edge": -250_000}), (10**9, {"edge": 10**9})):
        both = [*rows, *seen_by(rows[:5], "edge", off_us)]
        assert shifts(both, times(both)) == taken_off


def test_an_agent_that_saw_nothing_of_the_others_is_not_compared() -> None:
    one, other = flow("0 A>P INVITE"), seen_by(flow("5 C>D OPTIONS"), "far")
    assert estimated([*one, *other]) == []


def test_reports_and_log_lines_come_after_nothing() -> None:
    bare = [
        replace(row, method="", cseq_method="", cseq=None) for row in flow("0 A>B INFO", "9 B>A INFO", "20 A>B INFO")
    ]
    assert estimated([bare[0], *seen_by(bare[1:2], "far"), bare[2]]) == []


def test_clocks_are_compared_through_a_third_agent() -> None:
    rows = flow(*CALL)
    near, far = seen_by(rows[:6], "near", SECOND), seen_by(rows[6:9], "far", 3 * SECOND)
    between = seen_by(rows[3:9], "between", 0)
    found = {offset.node: offset.offset_us for offset in estimated([*rows[:6], *near, *between, *far])}
    assert {name: found[name] for name in ("near", "far")} == {"near": SECOND, "far": 3 * SECOND}


@pytest.mark.parametrize("off_us", [-90 * SECOND, -1_200_000, 700_000, 4 * SECOND])
def test_copies_of_an_agent_whose_clock_is_off_by_seconds_are_copies_and_no_retransmissions(off_us: int) -> None:
    rows = flow(*CALL)
    (alone,) = fold(rows, at(20_000))
    (call,) = fold([*rows, *seen_by(rows, "edge", off_us)], at(20_000))
    assert (call.messages, call.copies, call.retransmissions) == (14, 14, 0)
    assert (call.state, call.pdd_ms, call.setup_ms, call.talk_ms) == (
        alone.state, alone.pdd_ms, alone.setup_ms, alone.talk_ms,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (Offset("edge-1", "core-1", -1_200_000, 4, True), "edge-1 −1.2 s against core-1, from 4 copies"),
        (Offset("edge-1", "core-1", 949_400, 1, True), "edge-1 +949 ms against core-1, from one copy"),
        (Offset("edge-1", "core-1", 0, 3, False), "edge-1 +0 ms against core-1, from 3 messages around each other"),
        (Offset("edge-1", "core-1", 960_000, 1, False), "edge-1 +1.0 s against core-1, from one answer"),
    ],
)
def test_an_offset_is_said_in_words(offset: Offset, words: str) -> None:
    assert offset.words == words


@given(st.randoms(use_true_random=False), st.integers(-(10**7), 10**7))
@settings(max_examples=100, deadline=None)
def test_the_estimate_depends_on_no_order(random_: random.Random, off_us: int) -> None:
    rows = flow(*CALL)
    rows += seen_by(random_.sample(rows, random_.randrange(1, len(rows))), "edge", off_us)
    mixed = random_.sample(rows, len(rows))
    assert shifts(mixed, times(mixed)) == shifts(rows, times(rows))
