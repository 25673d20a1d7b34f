import pytest

from tests.why.cases import CALL, Case
from tests.why.written import told, written

TIMED = ("0 A>B INVITE | Session-Expires: 90", "50 B>A 200 INVITE | Session-Expires: 90;refresher=uac", "55 A>B ACK")


def ended(talk_ms: int) -> tuple[str, ...]:
    return (*CALL, f"{2000 + talk_ms} B>A BYE by=callee", f"{2005 + talk_ms} A>B 200 BYE by=callee")


CASES = [
    Case(
        "session-interval",
        "60 s was asked for, 90 s is the least; the next try was accepted.",
        written("0 A>B INVITE | Session-Expires: 60", "9 B>A 422 INVITE | Min-SE: 90", "20 A>B INVITE cseq=2",
                "50 B>A 200 INVITE cseq=2"),
        written("0 A>B INVITE | Session-Expires: 60", "9 B>A 480 INVITE | Min-SE: 90"),
    ),
    Case(
        "refresh-failed",
        "The UPDATE within the call was answered 408 Request Timeout; 10.0.0.1 hung up 32.1 s after it was sent.",
        written(*CALL, "45000 A>B UPDATE cseq=2", "77000 B>A 408 UPDATE cseq=2", "77100 A>B BYE cseq=3"),
        written(*CALL, "45000 A>B UPDATE cseq=2", "45010 B>A 200 UPDATE cseq=2", "77100 A>B BYE cseq=3"),
    ),
    Case(
        "session-expired",
        "10.0.0.2 hung up 1 min 30 s after the last refresh, when the session timer of 90 s ran out.",
        written(*TIMED, "90100 B>A BYE by=callee"),
        written(*TIMED, "75000 B>A BYE by=callee"),
    ),
    Case(
        "cut-at-32-seconds",
        "The call was cut 32.0 s after the answer, the time after which a side without ACK gives up.",
        written(*ended(32_000)),
        written(*ended(35_000)),
    ),
    Case(
        "cut-at-round-time",
        "The call ended after 30 min 00 s, almost exactly 30 min: a timer or a limit, hardly a person.",
        written(*ended(1_800_300)),
        written(*ended(1_812_000)),
    ),
    Case(
        "slow-setup",
        "12.0 s passed from the INVITE to 180 Ringing: the caller heard nothing until then.",
        written("0 A>B INVITE", "12000 B>A 180 INVITE"),
        written("0 A>B INVITE", "9000 B>A 180 INVITE"),
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_tells_what_the_messages_say_and_no_more(case: Case) -> None:
    case.check()


def test_a_session_that_was_refreshed_does_not_expire() -> None:
    refreshed = ("45000 A>B UPDATE cseq=2", "45010 B>A 200 UPDATE cseq=2 | Session-Expires: 90")
    assert told("session-expired", written(*TIMED, *refreshed, "90100 B>A BYE by=callee")) == []


def test_a_refresh_that_nobody_answered_is_told() -> None:
    rows = written(*CALL, "45000 A>B INVITE again=1 cseq=2", "77100 A>B BYE cseq=3")
    (sentence,) = told("refresh-failed", rows)
    assert sentence.startswith("The INVITE within the call got no answer; 10.0.0.1 hung up 32.1 s")


def test_a_side_gives_up_a_third_of_the_interval_before_its_end() -> None:
    rows = written(*TIMED, "60100 B>A BYE by=callee")
    assert told("session-expired", rows) == [
        "10.0.0.2 hung up 1 min 00 s after the last refresh, when the session timer of 90 s was about to run out."
    ]
