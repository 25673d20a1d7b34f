import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.calls.fold import due, fold
from appliance.model.kinds import Kind
from appliance.model.rows import CallRow, CallState, MessageRow
from tests.calls.made import at, flow, seen_by

HOUR_MS = 3_600_000
SOON = at(150_000)
LATE = at(100 * HOUR_MS)

INVITED = ("0 A>P INVITE", "2 P>A 100 INVITE", "90 P>A 180 INVITE")
ANSWERED = (*INVITED, "3000 P>A 200 INVITE", "3020 A>P ACK")
COMPLETED = (*ANSWERED, "63000 A>P BYE cseq=2", "63010 P>A 200 BYE cseq=2")


def one(*lines: str, now_us: int = SOON) -> CallRow:
    """The only call of these lines."""
    (call,) = fold(flow(*lines), now_us)
    return call


@pytest.mark.parametrize(
    ("lines", "state", "status"),
    [
        (INVITED[:2], "setup", None),
        (INVITED, "ringing", None),
        (("0 A>P INVITE", "90 P>A 183 INVITE"), "ringing", None),
        (ANSWERED, "answered", 200),
        (COMPLETED, "completed", 200),
        ((*INVITED, "900 A>P CANCEL", "901 P>A 200 CANCEL", "910 P>A 487 INVITE", "911 A>P ACK"), "cancelled", 487),
        ((*INVITED, "900 A>P CANCEL"), "cancelled", None),
        ((*INVITED, "900 A>P CANCEL", "905 P>A 200 INVITE", "910 P>A 200 CANCEL"), "answered", 200),
        ((*INVITED, "900 P>A 486 INVITE", "901 A>P ACK"), "busy", 486),
        ((*INVITED, "900 P>A 600 INVITE"), "busy", 600),
        ((*INVITED, "900 P>A 480 INVITE"), "noanswer", 480),
        ((*INVITED, "900 P>A 408 INVITE"), "noanswer", 408),
        ((*INVITED, "900 P>A 487 INVITE"), "noanswer", 487),
        ((*INVITED[:2], "900 P>A 487 INVITE"), "rejected", 487),
        (("0 A>P INVITE", "9 P>A 404 INVITE"), "rejected", 404),
        (("0 A>P INVITE", "9 P>A 603 INVITE"), "rejected", 603),
        (("0 A>P INVITE", "9 P>A 422 INVITE"), "rejected", 422),
        (("0 A>P INVITE", "9 P>A 302 INVITE"), "redirected", 302),
        (("0 A>P INVITE", "9 P>A 401 INVITE", "10 A>P ACK"), "challenged", 401),
        (("0 A>P INVITE", "9 P>A 407 INVITE", "10 A>P ACK"), "challenged", 407),
        (("0 A>P INVITE", "9 P>A 503 INVITE"), "failed", 503),
        (("0 A>P BYE", "9 P>A 200 BYE"), "partial", None),
        (("0 A>P ACK",), "partial", None),
        (("0 A>P REFER", "5 P>A 202 REFER"), "partial", None),
        (("0 P>A 200 INVITE",), "partial", None),
        (("0 A>P INVITE again=1", "5 P>A 200 INVITE"), "partial", None),
    ],
)
def test_the_state_follows_from_the_messages(lines: tuple[str, ...], state: str, status: int | None) -> None:
    call = one(*lines)
    assert (call.state, call.status) == (CallState(state), status)


@pytest.mark.parametrize("method", ["REGISTER", "OPTIONS", "SUBSCRIBE", "NOTIFY", "PUBLISH", "MESSAGE"])
def test_a_call_id_without_a_call_makes_none(method: str) -> None:
    assert fold(flow(f"0 A>P {method}", f"5 P>A 200 {method}"), SOON) == []


def test_nothing_makes_no_call() -> None:
    assert fold([], SOON) == []


def test_setup_and_ringing_time_out_after_three_and_a_half_minutes() -> None:
    for lines in (INVITED[:2], INVITED):
        call = one(*lines, now_us=at(100))
        when = due(call)
        assert when == call.ended + 210_000_000
        assert one(*lines, now_us=when - 1).state is call.state
        late = one(*lines, now_us=when)
        assert late.state is CallState.TIMEOUT
        assert late.status is None
        assert due(late) is None


def test_an_answered_call_is_lost_twelve_hours_after_its_last_message() -> None:
    call = one(*ANSWERED)
    when = due(call)
    assert when == at(3020) + 12 * HOUR_MS * 1000
    assert one(*ANSWERED, now_us=when).state is CallState.LOST
    refreshed = one(*ANSWERED, f"{HOUR_MS} A>P UPDATE cseq=2", f"{HOUR_MS + 1} P>A 200 UPDATE cseq=2", now_us=when)
    assert refreshed.state is CallState.ANSWERED


@pytest.mark.parametrize("lines", [COMPLETED, ("0 A>P INVITE", "9 P>A 404 INVITE"), ("0 A>P BYE",)])
def test_a_finished_call_is_not_due_again(lines: tuple[str, ...]) -> None:
    assert due(one(*lines)) is None


def test_the_times_are_those_of_the_callers_hop() -> None:
    call = one(
        "0 A>P INVITE", "1 P>A 100 INVITE", "3 P>B INVITE", "80 B>P 180 INVITE", "82 P>A 180 INVITE",
        "2000 B>P 200 INVITE", "2003 P>A 200 INVITE", "2010 A>P ACK", "2011 P>B ACK",
        "62003 B>P BYE by=callee", "62005 P>A BYE by=callee", "62010 A>P 200 BYE",
    )  # fmt: skip
    assert (call.pdd_ms, call.setup_ms, call.talk_ms, call.hung_up_by) == (82, 2003, 60_002, "callee")
    assert (call.started, call.ended, call.messages) == (at(0), at(62010), 12)
    assert (call.source_ip, call.destination_ip) == ("10.0.0.1", "10.0.0.16")


def test_the_times_after_a_challenge_count_from_the_last_invite() -> None:
    call = one(
        "0 A>P INVITE", "5 P>A 407 INVITE", "6 A>P ACK", "10 A>P INVITE cseq=2", "70 P>A 180 INVITE cseq=2",
        "1010 P>A 200 INVITE cseq=2", "1011 A>P ACK cseq=2", "5010 A>P BYE cseq=3",
    )  # fmt: skip
    assert (call.state, call.status) == (CallState.COMPLETED, 200)
    assert (call.pdd_ms, call.setup_ms, call.talk_ms) == (60, 1000, 4000)


def test_post_dial_delay_without_ringing_is_until_the_final_answer() -> None:
    call = one("0 A>P INVITE", "2 P>A 100 INVITE", "250 P>A 404 INVITE")
    assert (call.pdd_ms, call.setup_ms, call.talk_ms) == (250, None, None)


def test_the_status_is_never_that_of_another_transaction() -> None:
    call = one(
        *ANSWERED, "9000 A>P INVITE cseq=2 again=1", "9010 P>A 488 INVITE cseq=2", "9011 A>P ACK cseq=2",
        "9100 A>P PRACK cseq=3", "9101 P>A 481 PRACK cseq=3", "9900 A>P BYE cseq=4", "9910 P>A 481 BYE cseq=4",
    )  # fmt: skip
    assert (call.state, call.status, call.talk_ms) == (CallState.COMPLETED, 200, 6900)


def test_answers_to_what_a_proxy_tried_are_not_the_callers() -> None:
    call = one(
        "0 A>P INVITE", "1 P>A 100 INVITE", "2 P>B INVITE", "20 B>P 503 INVITE", "21 P>B ACK", "22 P>C INVITE",
        "90 C>P 180 INVITE", "91 P>A 180 INVITE", "500 C>P 486 INVITE", "501 P>C ACK", "502 P>A 486 INVITE",
        "503 A>P ACK",
    )  # fmt: skip
    assert (call.state, call.status, call.pdd_ms) == (CallState.BUSY, 486, 91)


def test_a_fork_completed_elsewhere_is_not_cancelled() -> None:
    call = one(
        "0 A>P INVITE", "1 P>B INVITE", "1 P>C INVITE", "50 B>P 180 INVITE to_tag=b", "51 P>A 180 INVITE to_tag=b",
        "60 C>P 180 INVITE to_tag=c", "61 P>A 180 INVITE to_tag=c", "900 C>P 200 INVITE to_tag=c",
        "901 P>A 200 INVITE to_tag=c", "902 P>B CANCEL reason=SIP;cause=200;text=Call_completed_elsewhere",
        "903 B>P 487 INVITE to_tag=b", "920 A>P ACK to_tag=c",
    )  # fmt: skip
    assert (call.state, call.status, call.causes) == (CallState.ANSWERED, 200, ("SIP/200",))


def test_the_caller_who_goes_on_to_another_host_made_one_call() -> None:
    redirected = one("0 A>P INVITE", "5 P>A 302 INVITE", "6 A>P ACK", "9 A>Q INVITE cseq=2", "99 Q>A 200 INVITE cseq=2")
    assert (redirected.state, redirected.status, redirected.setup_ms) == (CallState.ANSWERED, 200, 90)
    failed_over = one("0 A>P INVITE", "5 P>A 503 INVITE", "6 A>P ACK", "9 A>Q INVITE", "99 Q>A 486 INVITE")
    assert (failed_over.state, failed_over.status) == (CallState.BUSY, 486)


def test_a_call_whose_agent_sees_no_answers_to_the_caller_is_answered_by_what_it_sees() -> None:
    behind = one("0 A>P INVITE", "1 P>B INVITE", "90 B>P 180 INVITE", "900 B>P 200 INVITE")
    assert (behind.state, behind.status) == (CallState.ANSWERED, 200)
    requests = one("0 A>P INVITE", "900 A>P ACK", "5000 A>P BYE cseq=2")
    assert (requests.state, requests.status, requests.hung_up_by) == (CallState.COMPLETED, None, "caller")


def test_two_agents_clocks_are_not_mixed() -> None:
    rows = flow(*COMPLETED)
    late = seen_by([row for row in rows if row.method != "BYE"], "late", 200_000)
    (call,) = fold([*rows, *late], SOON)
    assert (call.pdd_ms, call.setup_ms, call.talk_ms) == (90, 3000, 60_000)
    assert (call.messages, call.copies, call.nodes) == (7, 6, ("late", "tap"))


def test_a_retransmission_is_counted_apart_from_a_copy() -> None:
    rows = flow("0 A>P INVITE", "500 A>P INVITE", "1500 A>P INVITE", "1520 P>A 404 INVITE")
    (call,) = fold([*rows, *seen_by(rows, "other", 3_000)], SOON)
    assert (call.messages, call.copies, call.retransmissions) == (4, 4, 2)
    assert call.pdd_ms == 1520


def test_the_parties_are_those_of_the_first_invite() -> None:
    call = one(
        "0 A>P INVITE from_user=alice to_user=bob ruri_user=+49 user_agent=Phone", "1 P>A 404 INVITE user_agent=Proxy"
    )
    assert (call.from_user, call.to_user, call.ruri_user, call.user_agent) == ("alice", "bob", "+49", "Phone")
    assert (call.callid, call.reply_reason) == ("c1@made", "Reason")


def test_the_asserted_identity_is_that_of_the_first_invite_that_has_one() -> None:
    call = one(
        "0 A>P INVITE", "1 P>B INVITE pid_user=+4930", "2 P>C INVITE pid_user=x", "9 B>P 200 INVITE pid_user=bob"
    )
    assert call.pid_user == "+4930"
    assert one("0 A>P INVITE", "9 P>A 200 INVITE pid_user=bob").pid_user == ""


def test_a_partial_call_seen_by_a_response_has_its_ends_the_right_way_round() -> None:
    call = one("0 P>A 180 INVITE")
    assert (call.source_ip, call.destination_ip, call.user_agent) == ("10.0.0.1", "10.0.0.16", "")


def test_the_same_call_id_after_an_end_and_an_hour_of_silence_is_another_call() -> None:
    end = 63_010
    again = [f"{end + HOUR_MS} A>P INVITE cseq=9 from_tag=n", f"{end + HOUR_MS + 9} P>A 404 INVITE cseq=9 from_tag=n"]
    calls = fold(flow(*COMPLETED, *again), LATE)
    assert [(call.state, call.messages) for call in calls] == [(CallState.COMPLETED, 7), (CallState.REJECTED, 2)]
    sooner = [f"{end + HOUR_MS - 1} A>P INVITE cseq=9 from_tag=n"]
    assert len(fold(flow(*COMPLETED, *sooner), LATE)) == 1


def test_a_talk_of_hours_without_messages_is_one_call() -> None:
    call = one(*ANSWERED, f"{11 * HOUR_MS} A>P BYE cseq=2", now_us=LATE)
    assert call.state is CallState.COMPLETED
    two = fold(flow(*ANSWERED, f"{12 * HOUR_MS + 3020} A>P BYE cseq=2"), LATE)
    assert [call.state for call in two] == [CallState.LOST, CallState.PARTIAL]


def test_a_partial_call_goes_on_until_a_day_of_silence() -> None:
    lines = ("0 A>P UPDATE", f"{23 * HOUR_MS} A>P UPDATE cseq=2", f"{47 * HOUR_MS + 1} A>P UPDATE cseq=3")
    assert [call.messages for call in fold(flow(*lines), LATE)] == [2, 1]


def test_a_registration_under_the_same_call_id_is_no_part_of_the_call() -> None:
    rows = flow("0 A>P REGISTER", "5 P>A 200 REGISTER", "4000 A>P INVITE cseq=2", "4009 P>A 404 INVITE cseq=2")
    assert [row.kind for row in rows[:2]] == [Kind.REGISTRATION] * 2
    (call,) = fold(rows, SOON)
    assert (call.started, call.messages) == (at(4000), 2)


def test_texts_are_not_needed() -> None:
    rows = flow(*COMPLETED)
    assert fold([replace(row, raw=None) for row in rows], SOON) == fold(rows, SOON)


def test_a_broken_message_counts_and_does_no_harm() -> None:
    broken = replace(flow("40 A>P INVITE")[0], id="broken", method="", cseq_method="", cseq=None, payload_hash=1)
    (call,) = fold([*flow(*COMPLETED), broken], SOON)
    assert (call.state, call.messages) == (CallState.COMPLETED, 8)


STORIES = (
    COMPLETED,
    (*INVITED, "900 A>P CANCEL", "901 P>A 200 CANCEL", "910 P>A 487 INVITE", "911 A>P ACK"),
    ("0 A>P INVITE", "5 P>A 407 INVITE", "6 A>P ACK", "10 A>P INVITE cseq=2", "70 P>A 486 INVITE cseq=2"),
    ("0 A>P INVITE", "0 P>B INVITE", "0 B>P 200 INVITE", "0 P>A 200 INVITE", "0 B>P BYE by=callee", "0 A>P BYE cseq=2"),
)


@given(st.sampled_from(STORIES), st.randoms(use_true_random=False), st.integers(0, 10**11))
@settings(max_examples=150, deadline=None)
def test_neither_the_order_of_the_messages_nor_repeated_rows_change_the_record(
    lines: tuple[str, ...], random_: random.Random, later_us: int
) -> None:
    rows = flow(*lines)
    rows += seen_by(rows, "other", random_.randrange(-100_000, 100_000))
    expected = fold(rows, at(0) + later_us)
    mixed = random_.sample(rows, len(rows)) + random_.choices(rows, k=3)
    assert fold(mixed, at(0) + later_us) == expected


METHODS = [
    "INVITE",
    "ACK",
    "BYE",
    "CANCEL",
    "PRACK",
    "UPDATE",
    "INFO",
    "REGISTER",
    "",
    "180 INVITE",
    "200 INVITE",
    "487 INVITE",
]
METHODS += ["200 BYE", "999 INVITE", "407 INVITE", "x y z"]


@st.composite
def messages(draw: st.DrawFn) -> list[MessageRow]:
    """Anything that could be stored of one Call-ID."""
    rows = []
    for number in range(draw(st.integers(0, 12))):
        what = draw(st.sampled_from(METHODS)).split() or [""]
        base = flow(f"{draw(st.integers(0, 10**8))} {draw(st.sampled_from(['A>P', 'P>A', 'P>B', 'B>P', 'A>A']))} INFO")[
            0
        ]
        rows.append(
            replace(
                base,
                id=f"{number}",
                method=what[0],
                cseq_method=what[-1],
                cseq=draw(st.sampled_from([None, 0, 1, 2, 2**31])),
                from_tag=draw(st.sampled_from(["", "a", "b"])),
                to_tag=draw(st.sampled_from(["", "a", "b"])),
                via_branch=draw(st.sampled_from(["", "z9hG4bK1", "z9hG4bK2", "old"])),
                payload_hash=draw(st.integers(0, 3)),
                node=draw(st.sampled_from(["", "n1", "n2"])),
                reason=draw(st.sampled_from(["", "SIP;cause=486", 'x;cause="', "\ud800"])),
            )
        )
    return rows


@given(messages(), st.integers(-(2**40), 2**60), st.randoms(use_true_random=False))
@settings(max_examples=400, deadline=None)
def test_whatever_was_stored_makes_calls_that_hold_every_message_once(
    rows: list[MessageRow], now_us: int, random_: random.Random
) -> None:
    calls = fold(rows, now_us)
    assert fold(random_.sample(rows, len(rows)), now_us) == calls
    assert sum(call.messages + call.copies for call in calls) <= len(rows)
    for call in calls:
        assert call.started <= call.ended
        assert all(ms is None or 0 <= ms < 1 << 32 for ms in (call.pdd_ms, call.setup_ms, call.talk_ms))
        assert call.hung_up_by in (None, "caller", "callee", "network", "both")


def test_a_request_whose_method_looks_like_a_digit_is_no_response() -> None:
    """`² sip:x SIP/2.0` with an INVITE's branch: Unicode calls ² a digit, and it is no number."""
    invite, answer = flow("0 A>P INVITE", "9 P>A 486 INVITE")
    (call,) = fold([invite, replace(answer, method="²")], at(99))
    assert (call.state, call.status) == (CallState.SETUP, None)
