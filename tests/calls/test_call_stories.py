"""What calls go through, as RFC 3261, 3262, 3263, 3311, 3326, 3515 and 5407 tell it, and the record of each."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.calls.fold import fold
from appliance.model.kinds import DAY_US
from appliance.model.rows import CallRow, MessageRow
from tests.calls.made import START_US, at, flow, seen_by

RINGING = ("0 A>P INVITE", "2 P>A 100 INVITE", "90 P>A 180 INVITE")
ANSWERED = (*RINGING, "3000 P>A 200 INVITE", "3020 A>P ACK")

STORIES: dict[str, tuple[tuple[str, ...], tuple[object, ...]]] = {
    # story: lines, (state, status, PDD, setup, talk, who hung up)
    "a CANCEL that crosses the 200 is answered, and ended by a BYE": (
        (*RINGING, "900 A>P CANCEL", "905 P>A 200 INVITE", "906 P>A 200 CANCEL", "907 A>P ACK", "917 A>P BYE cseq=2"),
        ("completed", 200, 90, 905, 12, "caller"),
    ),
    "a CANCEL after the 200 finds no transaction": (
        (*RINGING, "900 P>A 200 INVITE", "901 A>P CANCEL", "902 P>A 481 CANCEL", "903 A>P ACK", "950 A>P BYE cseq=2"),
        ("completed", 200, 90, 900, 50, "caller"),
    ),
    "a second 200 after the 487 of another fork": (
        (*RINGING, "900 A>P CANCEL", "901 P>A 200 CANCEL", "902 P>A 487 INVITE", "903 A>P ACK",
         "905 P>A 200 INVITE to_tag=z", "906 A>P ACK to_tag=z", "907 A>P BYE cseq=2 to_tag=z"),
        ("completed", 200, 90, 905, 2, "caller"),
    ),
    "two forks answer, and the caller keeps the first": (
        (*RINGING, "900 P>A 200 INVITE to_tag=x", "905 P>A 200 INVITE to_tag=y", "906 A>P ACK to_tag=x",
         "907 A>P ACK to_tag=y", "908 A>P BYE cseq=2 to_tag=y", "5000 P>A BYE from_tag=x to_tag=caller cseq=9"),
        ("completed", 200, 90, 900, 4100, "callee"),
    ),
    "two forks answer, and the caller keeps the second": (
        (*RINGING, "900 P>A 200 INVITE to_tag=x", "905 P>A 200 INVITE to_tag=y", "906 A>P ACK to_tag=x",
         "907 A>P ACK to_tag=y", "908 A>P BYE cseq=2 to_tag=x", "5000 A>P BYE cseq=2 to_tag=y"),
        ("completed", 200, 90, 900, 4095, "caller"),
    ),
    "one of two forks goes on": (
        (*RINGING, "900 P>A 200 INVITE to_tag=x", "905 P>A 200 INVITE to_tag=y", "908 A>P BYE cseq=2 to_tag=y"),
        ("answered", 200, 90, 900, None, None),
    ),
    "a transfer": (
        (*ANSWERED, "5000 P>A REFER by=callee cseq=9", "5001 A>P 202 REFER by=callee cseq=9",
         "5002 A>P NOTIFY cseq=3", "5003 P>A 200 NOTIFY cseq=3", "6000 A>P NOTIFY cseq=4",
         "6001 P>A 481 NOTIFY cseq=4", "6100 P>A BYE by=callee cseq=10"),
        ("completed", 200, 90, 3000, 3100, "callee"),
    ),
    "the caller follows two redirections": (
        ("0 A>P INVITE", "5 P>A 302 INVITE", "6 A>P ACK", "10 A>Q INVITE cseq=2", "20 Q>A 302 INVITE cseq=2",
         "21 A>Q ACK cseq=2", "22 A>B INVITE cseq=3", "90 B>A 180 INVITE cseq=3", "900 B>A 486 INVITE cseq=3"),
        ("busy", 486, 68, None, None, None),
    ),
    "the proxy follows a redirection": (
        ("0 A>P INVITE", "1 P>B INVITE", "5 B>P 302 INVITE", "6 P>B ACK", "10 P>C INVITE", "90 C>P 180 INVITE",
         "91 P>A 180 INVITE", "900 C>P 200 INVITE", "901 P>A 200 INVITE"),
        ("answered", 200, 91, 901, None, None),
    ),
    "the session timer is too short at first": (
        ("0 A>P INVITE", "5 P>A 422 INVITE", "6 A>P ACK", "10 A>P INVITE cseq=2", "20 P>A 200 INVITE cseq=2"),
        ("answered", 200, 10, 10, None, None),
    ),
    "the first server is busy itself and the same client asks it again": (
        ("0 A>P INVITE", "5 P>A 503 INVITE", "6 A>P ACK", "9 A>P INVITE via_branch=z9hG4bKb",
         "99 P>A 200 INVITE via_branch=z9hG4bKb"),
        ("answered", 200, 90, 90, None, None),
    ),
    "the first server is silent and the caller goes on to the next": (
        ("0 A>P INVITE", "500 A>P INVITE", "32000 A>Q INVITE", "32100 Q>A 200 INVITE", "32101 A>Q ACK"),
        ("answered", 200, 100, 100, None, None),
    ),
    "a caller who branches to two servers is answered by the one that rings": (
        ("0 A>P INVITE", "1 A>Q INVITE", "50 Q>A 180 INVITE", "900 Q>A 486 INVITE", "901 A>Q ACK"),
        ("busy", 486, 49, None, None, None),
    ),
    "glare of re-INVITEs": (
        (*ANSWERED, "5000 A>P INVITE again=1 cseq=2", "5001 P>A INVITE by=callee again=1 cseq=8",
         "5002 P>A 491 INVITE cseq=2", "5003 A>P 491 INVITE by=callee cseq=8", "9000 P>A BYE by=callee cseq=10"),
        ("completed", 200, 90, 3000, 6000, "callee"),
    ),
    "PRACK and UPDATE that fail": (
        (*RINGING, "91 A>P PRACK cseq=2", "92 P>A 481 PRACK cseq=2", "100 A>P UPDATE cseq=3",
         "101 P>A 504 UPDATE cseq=3", "3000 P>A 200 INVITE", "3001 A>P ACK"),
        ("answered", 200, 90, 3000, None, None),
    ),
    "BYEs that cross": (
        (*ANSWERED, "9000 A>P BYE cseq=2", "9000 P>A BYE by=callee cseq=5", "9005 P>A 481 BYE cseq=2",
         "9006 A>P 481 BYE by=callee cseq=5"),
        ("completed", 200, 90, 3000, 6000, "both"),
    ),
    "a BYE that has to be sent again with credentials": (
        (*ANSWERED, "9000 A>P BYE cseq=2", "9001 P>A 407 BYE cseq=2", "9002 A>P BYE cseq=3", "9003 P>A 200 BYE cseq=3"),
        ("completed", 200, 90, 3000, 6000, "caller"),
    ),
    "a BYE that nobody answers": (
        (*ANSWERED, "9000 A>P BYE cseq=2", "9500 A>P BYE cseq=2", "41000 P>A 408 BYE cseq=2"),
        ("completed", 200, 90, 3000, 6000, "caller"),
    ),
    "a caller who cancels after the challenge": (
        ("0 A>P INVITE", "5 P>A 407 INVITE", "6 A>P ACK", "10 A>P INVITE cseq=2", "20 P>A 180 INVITE cseq=2",
         "900 A>P CANCEL cseq=2", "901 P>A 200 CANCEL cseq=2", "902 P>A 487 INVITE cseq=2", "903 A>P ACK cseq=2"),
        ("cancelled", 487, 10, None, None, None),
    ),
    "a later hop that was captured first": (
        ("0 P>B INVITE", "1 A>P INVITE", "5 P>A 100 INVITE", "90 B>P 180 INVITE", "91 P>A 180 INVITE",
         "900 B>P 200 INVITE", "901 P>A 200 INVITE", "950 A>P ACK"),
        ("answered", 200, 90, 900, None, None),
    ),
}  # fmt: skip


def told(lines: tuple[str, ...]) -> CallRow:
    (call,) = fold(flow(*lines), at(150_000))
    return call


@pytest.mark.parametrize("story", STORIES)
def test_the_record_of_a_story(story: str) -> None:
    lines, record = STORIES[story]
    call = told(lines)
    assert (call.state, call.status, call.pdd_ms, call.setup_ms, call.talk_ms, call.hung_up_by) == record


def test_a_fork_that_was_completed_elsewhere_says_so_where_only_its_own_hop_was_seen() -> None:
    call = told(
        (
            "0 P>B INVITE", "50 B>P 180 INVITE", "900 P>B CANCEL reason=SIP;cause=200;text=Call_completed_elsewhere",
            "903 B>P 487 INVITE", "904 P>B ACK",
        )
    )  # fmt: skip
    assert (call.state, call.causes) == ("cancelled", ("SIP/200",))


def test_causes_of_both_protocols_are_kept() -> None:
    call = told((*ANSWERED, "9000 A>P BYE cseq=2 reason=Q.850;cause=16,SIP;cause=200", "9001 P>A 200 BYE cseq=2"))
    assert call.causes == ("Q.850/16", "SIP/200")


def test_a_2xx_that_is_sent_again_until_its_ack_is_a_retransmission() -> None:
    call = told((*RINGING, "3000 P>A 200 INVITE", "3500 P>A 200 INVITE", "4500 P>A 200 INVITE", "4510 A>P ACK"))
    assert (call.retransmissions, call.setup_ms) == (2, 3000)


def test_a_180_that_says_again_that_it_rings_is_none() -> None:
    ringing_on = (*RINGING, "60090 P>A 180 INVITE", "120090 P>A 180 INVITE")
    assert told(ringing_on).retransmissions == 0
    asked_again = (*RINGING, "500 A>P INVITE", "502 P>A 180 INVITE", "60090 P>A 180 INVITE")
    assert told(asked_again).retransmissions == 2
    reliable = (*RINGING, "590 P>A 180 INVITE", "600 A>P PRACK cseq=2", "601 P>A 200 PRACK cseq=2")
    assert told(reliable).retransmissions == 1


def test_a_call_over_midnight_is_one_record_of_the_day_it_began() -> None:
    midnight_us = START_US // DAY_US * DAY_US + DAY_US
    evening = [moved(row, midnight_us - START_US - 2_000_000) for row in flow(*ANSWERED, "9000 A>P BYE cseq=2")]
    (call,) = fold(evening, midnight_us + 60_000_000)
    assert (call.started, call.ended) == (midnight_us - 2_000_000, midnight_us + 7_000_000)
    assert (call.setup_ms, call.talk_ms) == (3000, 6000)


def moved(row: MessageRow, by_us: int) -> MessageRow:
    return seen_by([row], row.node, by_us)[0]


def what_happened(call: CallRow) -> tuple[object, ...]:
    """All but who saw it, how often and by which clock."""
    return (
        call.state, call.status, call.hung_up_by, call.causes, call.messages, call.retransmissions, call.codecs,
        call.source_ip, call.destination_ip, call.from_user, call.to_user,
    )  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
@given(random_=st.randoms(use_true_random=False), off_us=st.sampled_from([-90_000_000, -1_200_000, -150, 0, 700_000]))
@settings(max_examples=25, deadline=None)
def test_neither_order_nor_repeated_rows_nor_copies_change_what_happened(
    story: str, random_: random.Random, off_us: int
) -> None:
    rows = flow(*STORIES[story][0])
    (expected,) = fold(rows, at(300_000))
    copies = random_.sample(seen_by(rows, "zone", off_us), random_.randrange(2, len(rows)))
    mixed = random_.sample([*rows, *copies], len(rows) + len(copies)) + random_.choices(rows, k=3)
    (call,) = fold(mixed, at(300_000))
    assert what_happened(call) == what_happened(expected)
    assert (call.pdd_ms, call.setup_ms, call.talk_ms) == (expected.pdd_ms, expected.setup_ms, expected.talk_ms)
    assert call.copies == len(copies)


@pytest.mark.parametrize("story", STORIES)
@given(random_=st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_a_late_message_makes_the_record_that_it_would_have_made_in_time(story: str, random_: random.Random) -> None:
    rows = flow(*STORIES[story][0])
    early = random_.sample(rows, random_.randrange(len(rows)))
    fold(early, at(100_000))
    late = [row for row in rows if row not in early]
    assert fold([*early, *late], at(300_000)) == fold(rows, at(300_000))
