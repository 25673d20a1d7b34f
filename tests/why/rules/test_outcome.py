import pytest

from appliance.why.rules.outcome import answered_elsewhere
from appliance.why.seen import Seen
from tests.why.cases import CALL, Case
from tests.why.written import told, written

PROXIED = ("0 A>P INVITE", "5 P>B INVITE", "90 B>P 180 INVITE", "95 P>A 180 INVITE")
CASES = [
    Case(
        "failure-origin",
        "500 Server Internal Error was born at or beyond 10.0.0.2 (GW 1): what that host did with it was not captured.",
        written(*PROXIED, "400 B>P 500 INVITE ua=GW_1", "405 P>A 500 INVITE ua=GW_1"),
        written(*PROXIED, "400 B>P 200 INVITE", "405 P>A 200 INVITE"),
    ),
    Case(
        "status-meaning",
        "480 Temporarily Unavailable means: the called one cannot be reached now: not registered, switched off, or not"
        " taking calls.",
        written("0 A>B INVITE", "90 B>A 480 INVITE"),
        written("0 A>B INVITE", "90 B>A 180 INVITE", "9000 B>A 480 INVITE"),
    ),
    Case(
        "busy",
        "486 Busy Here came 90 ms after the INVITE without any ringing.",
        written("0 A>B INVITE", "90 B>A 486 INVITE", "95 A>B ACK"),
        written("0 A>B INVITE", "90 B>A 487 INVITE", "95 A>B ACK"),
    ),
    Case(
        "no-answer",
        "It rang 30.0 s, then came 480 Temporarily Unavailable.",
        written("0 A>B INVITE", "90 B>A 180 INVITE", "30090 B>A 480 INVITE", "30095 A>B ACK"),
        written("0 A>B INVITE", "90 B>A 183 INVITE", "30090 B>A 480 INVITE", "30095 A>B ACK"),
    ),
    Case(
        "cancelled",
        "10.0.0.1 sent CANCEL 12.1 s after the INVITE, after 12.0 s of ringing.",
        written("0 A>B INVITE", "90 B>A 180 INVITE", "12100 A>B CANCEL", "12105 B>A 200 CANCEL",
                "12106 B>A 487 INVITE"),
        written("0 A>P INVITE", "1 P>B INVITE", "90 B>P 180 INVITE", "91 P>A 180 INVITE", "9000 P>B CANCEL",
                "9010 B>P 487 INVITE", "9020 P>A 480 INVITE"),
    ),
    Case(
        "completed-elsewhere",
        "The call to 10.0.0.2 was cancelled: another phone had answered it.",
        written("0 P>B INVITE", "90 B>P 180 INVITE",
                '2000 P>B CANCEL | Reason: SIP;cause=200;text="Call completed elsewhere"', "2010 B>P 487 INVITE"),
        written("0 P>B INVITE", "90 B>P 180 INVITE", "2000 P>B CANCEL | Reason: SIP;cause=487;text=ORIGINATOR_CANCEL",
                "2010 B>P 487 INVITE"),
    ),
    Case(
        "hung-up",
        "The called side (200) hung up after 1 min 00 s: BYE from 10.0.0.2.",
        written(*CALL, "62000 B>A BYE by=callee", "62005 A>B 200 BYE by=callee"),
        written(*CALL),
    ),
    Case(
        "very-short",
        "They talked only 1.0 s: too short for a conversation.",
        written(*CALL, "3000 B>A BYE by=callee", "3005 A>B 200 BYE by=callee"),
        written(*CALL, "5100 B>A BYE by=callee", "5105 A>B 200 BYE by=callee"),
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_tells_what_the_messages_say_and_no_more(case: Case) -> None:
    case.check()


def test_a_failure_that_a_host_makes_itself_is_born_there() -> None:
    rows = written("0 A>P INVITE", "5 P>B INVITE", "600 P>B INVITE", "8000 P>A 408 INVITE")
    assert told("failure-origin", rows) == [
        "408 Request Timeout was born at 10.0.0.16: it had asked 10.0.0.2 and got no 408 from there."
    ]


def test_a_failure_behind_a_host_with_a_call_id_of_its_own_is_followed() -> None:
    first = written("0 A>P INVITE", "400 P>A 486 INVITE")
    second = written("20 P>B INVITE via=1", "380 B>P 486 INVITE", callid="leg2@written", first=100)
    assert told("failure-origin", [*first, *second]) == [
        "486 Busy Here was born at or beyond 10.0.0.2: what that host did with it was not captured."
    ]


def test_busy_after_ringing_is_told_as_what_it_mostly_is() -> None:
    rows = written("0 A>B INVITE", "90 B>A 180 INVITE", "4090 B>A 486 INVITE")
    assert told("busy", rows) == ["486 Busy Here came after 4.0 s of ringing, as when somebody declines the call."]


@pytest.mark.parametrize(
    ("lines", "heard"),
    [
        (("0 A>B INVITE", "5000 A>B CANCEL"), "no response at all"),
        (("0 A>B INVITE", "9 B>A 100 INVITE", "5000 A>B CANCEL"), "100 Trying and no ringing"),
    ],
)
def test_what_the_caller_had_heard_when_he_gave_up_is_told(lines: tuple[str, ...], heard: str) -> None:
    assert told("cancelled", written(*lines)) == [f"10.0.0.1 sent CANCEL 5.0 s after the INVITE, after {heard}."]


def test_a_host_between_them_may_end_the_call() -> None:
    rows = written("0 A>P INVITE", "1 P>B INVITE", "50 B>P 200 INVITE", "51 P>A 200 INVITE", "60 A>P ACK", "61 P>B ACK",
                   "9000 P>A BYE by=callee", "9001 P>B BYE cseq=2")  # fmt: skip
    assert told("hung-up", rows) == ["A host between them (10.0.0.16) hung up after 8.9 s: BYE from 10.0.0.16."]


@pytest.mark.parametrize(
    ("reason", "elsewhere"),
    [
        ('SIP;cause=200;text="Call completed elsewhere"', True),
        ("SIP ;cause=200", True),
        ("Call Completed Elsewhere", True),
        ("SIP;cause=487;text=ORIGINATOR_CANCEL", False),
        ("", False),
    ],
)
def test_an_answer_elsewhere_is_told_by_the_cancel(reason: str, elsewhere: bool) -> None:
    row = written(f"0 A>B CANCEL | Reason: {reason}" if reason else "0 A>B CANCEL")[0]
    assert answered_elsewhere(Seen(row, 0, 0)) is elsewhere
