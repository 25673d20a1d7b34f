import pytest

from tests.why.cases import CALL, Case
from tests.why.written import told, written

SENT_AGAIN = tuple(f"{ms} A>B INVITE" for ms in (0, 500, 1500, 3500, 7500, 15500, 31500))
LARGE = "X-Filling: " + "x" * 1200
PROXIED = ("0 A>P INVITE", "5 P>B INVITE", "50 B>P 200 INVITE", "55 P>A 200 INVITE")
AGAIN = ("550 B>P 200 INVITE", "1550 B>P 200 INVITE")
CASES = [
    Case(
        "invite-unanswered",
        "10.0.0.2 did not answer INVITE, sent 7 times in 31.5 s over UDP: no response was captured.",
        written(*SENT_AGAIN),
        written(*SENT_AGAIN, "31600 B>A 100 INVITE"),
        after_ms=40_000,
    ),
    Case(
        "request-unanswered",
        "10.0.0.2 did not answer BYE, sent twice in 500 ms over UDP: no response was captured.",
        written(*CALL, "5000 A>B BYE cseq=2", "5500 A>B BYE cseq=2"),
        written(*CALL, "5000 A>B BYE cseq=2", "5500 A>B BYE cseq=2", "5510 B>A 200 BYE cseq=2"),
        after_ms=40_000,
    ),
    Case(
        "only-trying",
        "10.0.0.2 said 100 Trying, nothing more was captured for 35.0 s.",
        written("0 A>B INVITE", "10 B>A 100 INVITE"),
        written("0 A>B INVITE", "10 B>A 100 INVITE", "90 B>A 180 INVITE"),
        after_ms=35_000,
    ),
    Case(
        "large-request",
        "The INVITE that nobody answered has 1448 octets and went over UDP: IP fragments of it may have been dropped."
        " Shorten it or use TCP.",
        written(f"0 A>B INVITE | {LARGE}"),
        written(f"0 A>B INVITE proto=tcp | {LARGE}"),
        after_ms=40_000,
    ),
    Case(
        "failure-not-acknowledged",
        "10.0.0.2 sent 486 Busy Here 3 times in 1.5 s: no ACK from 10.0.0.1 was captured.",
        written("0 A>B INVITE", "90 B>A 486 INVITE", "590 B>A 486 INVITE", "1590 B>A 486 INVITE"),
        written("0 A>B INVITE", "90 B>A 486 INVITE", "590 B>A 486 INVITE", "600 A>B ACK"),
    ),
    Case(
        "ack-missing",
        "10.0.0.2 sent 200 OK 3 times in 1.5 s, and no ACK was captured: the call cannot last.",
        written("0 A>B INVITE", "50 B>A 200 INVITE", "550 B>A 200 INVITE", "1550 B>A 200 INVITE"),
        written("0 A>B INVITE", "50 B>A 200 INVITE", "550 B>A 200 INVITE", "560 A>B ACK branch=z9hG4bK-a"),
    ),
    Case(
        "ack-lost",
        "10.0.0.2 sent 200 OK 3 times in 1.5 s: the ACK was captured on 10.0.0.1 → 10.0.0.16, and not on its way to"
        " 10.0.0.2.",
        written(*PROXIED, "60 A>P ACK branch=z9hG4bK-a", *AGAIN),
        written(*PROXIED, "60 A>P ACK branch=z9hG4bK-a", *AGAIN, "1560 P>B ACK branch=z9hG4bK-b"),
    ),
    Case(
        "ack-ignored",
        "10.0.0.2 sent 200 OK twice more after the ACK had reached it: it does not take that ACK for its own.",
        written(*CALL, *(f"{ms} B>A 200 INVITE | sdp PCMA 10.0.0.2:6000" for ms in (2500, 3500, 5500))),
        written(*CALL, "2500 B>A 200 INVITE | sdp PCMA 10.0.0.2:6000"),
    ),
    Case(
        "retransmitted",
        "INVITE was sent twice before 10.0.0.2 answered after 600 ms.",
        written("0 A>B INVITE", "500 A>B INVITE", "600 B>A 100 INVITE"),
        written("0 A>B INVITE", "400 B>A 100 INVITE", "500 A>B INVITE"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_tells_what_the_messages_say_and_no_more(case: Case) -> None:
    case.check()


def test_a_request_is_not_called_unanswered_while_its_sender_waits() -> None:
    assert told("invite-unanswered", written(*SENT_AGAIN[:4]), after_ms=1000) == []


def test_a_host_that_was_given_up_for_another_did_not_answer() -> None:
    rows = written(*SENT_AGAIN[:3], "1600 A>C INVITE", "1610 C>A 100 INVITE")
    assert told("invite-unanswered", rows, after_ms=1000) == [], "both may have been tried at once"
    assert told("invite-unanswered", rows, after_ms=3000) == [
        "10.0.0.2 did not answer INVITE, sent 3 times in 1.5 s over UDP: no response was captured."
    ]


def test_a_host_that_gives_up_after_trying_says_408() -> None:
    rows = written("0 A>B INVITE", "10 B>A 100 INVITE", "32010 B>A 408 INVITE")
    assert told("only-trying", rows) == ["10.0.0.2 said 100 Trying, then 408 Request Timeout 32.0 s later."]
