import pytest

from appliance.why.finding import Severity
from tests.why.cases import CALL
from tests.why.written import explained, written

PROXIED = ("0 A>P INVITE", "5 P>B INVITE", "90 B>P 180 INVITE", "95 P>A 180 INVITE")
RING = ("0 A>B INVITE", "90 B>A 180 INVITE")


@pytest.mark.parametrize(
    ("lines", "after_ms", "sentence"),
    [
        (
            (*CALL, "62000 B>A BYE by=callee", "62005 A>B 200 BYE by=callee"),
            1000,
            "100 called 200, who answered after 2.0 s; they talked 1 min 00 s, then the called side (200) hung up.",
        ),
        (CALL, 8000, "100 called 200, who answered after 2.0 s; no BYE so far, 8.0 s after the answer."),
        (CALL, 13 * 3_600_000, "100 called 200, who answered after 2.0 s; no BYE was ever captured."),
        (
            (*RING, "12090 A>B CANCEL", "12095 B>A 487 INVITE"),
            1000,
            "100 called 200 and gave up after 12.0 s of ringing, before anyone answered.",
        ),
        (
            (*PROXIED, "4090 B>P 486 INVITE", "4095 P>A 486 INVITE"),
            1000,
            "100 called 200 and found the line busy: 486 Busy Here from 10.0.0.2 after 4.0 s of ringing.",
        ),
        (
            (*RING, "30090 B>A 480 INVITE"),
            1000,
            "100 called 200 and nobody answered: 480 Temporarily Unavailable from 10.0.0.2 after 30.0 s of ringing.",
        ),
        (
            ("0 A>B INVITE", "90 B>A 480 INVITE"),
            1000,
            (
                "100 called 200 and could not be put through: 480 Temporarily Unavailable from 10.0.0.2 90 ms after the"
                " INVITE, without ringing."
            ),
        ),
        (
            ("0 A>B INVITE", "90 B>A 404 INVITE"),
            1000,
            (
                "100 called 200 and was refused: 404 Not Found from 10.0.0.2 90 ms after the INVITE (nobody of"
                " that name or number is known there)."
            ),
        ),
        (
            ("0 A>B INVITE", "90 B>A 500 INVITE"),
            1000,
            (
                "100 called 200 and the call failed: 500 Server Internal Error from 10.0.0.2 90 ms after the INVITE (a"
                " server failed inside)."
            ),
        ),
        (
            ("0 A>B INVITE", "90 B>A 302 INVITE | Contact: <sip:300@example.net>"),
            1000,
            (
                "100 called 200 and was sent elsewhere to sip:300@example.net: 302 Moved Temporarily from"
                " 10.0.0.2; no other attempt was captured."
            ),
        ),
        (
            ("0 A>B INVITE", "90 B>A 407 INVITE"),
            1000,
            (
                "100 called 200 and was asked for credentials: 407 Proxy Authentication Required from 10.0.0.2;"
                " the INVITE did not come again."
            ),
        ),
        (
            RING,
            300_000,
            (
                "100 called 200 and got no final answer: after 180 Ringing no more came, now 5 min 00 s since the last"
                " message."
            ),
        ),
        (("0 A>B INVITE",), 2000, "100 called 200 and nothing came back in 2.0 s."),
        (("0 A>B INVITE", "9 B>A 100 INVITE"), 1991, "100 called 200 and only 100 Trying came back in 2.0 s."),
        (RING, 2910, "100 called 200 and it has been ringing; no answer 3.0 s after the INVITE."),
        (
            ("0 B>A 180 INVITE", "900 A>B BYE cseq=2"),
            1000,
            (
                "100 called 200; the INVITE was not captured: the capture begins with 180 Ringing and has the BYE of"
                " 10.0.0.1."
            ),
        ),
    ],
)
def test_one_sentence_says_what_happened(lines: tuple[str, ...], after_ms: int, sentence: str) -> None:
    assert explained(written(*lines), after_ms).sentence == sentence


def test_credentials_that_were_not_accepted_are_told_as_that() -> None:
    proof = 'Proxy-Authorization: Digest username="100", realm="r", nonce="n"'
    rows = written("0 A>B INVITE", '5 B>A 407 INVITE | Proxy-Authenticate: Digest realm="r", nonce="n"', "6 A>B ACK",
                   f"9 A>B INVITE cseq=2 | {proof}", "20 B>A 403 INVITE cseq=2")  # fmt: skip
    assert explained(rows).sentence.endswith("(the credentials were not accepted).")


@pytest.mark.parametrize(
    ("lines", "severity"),
    [
        (CALL, Severity.INFO),
        (("0 A>B INVITE", "9 B>A 486 INVITE"), Severity.WARNING),
        (("0 A>B INVITE", "9 B>A 500 INVITE"), Severity.ERROR),
    ],
)
def test_how_bad_it_was_is_told_by_the_state(lines: tuple[str, ...], severity: Severity) -> None:
    assert explained(written(*lines)).summary.severity is severity


def test_the_summary_names_the_message_that_decided_and_where_it_was_born() -> None:
    rows = written(*PROXIED, "4090 B>P 486 INVITE", "4095 P>A 486 INVITE")
    found = explained(rows).summary
    assert found.messages == (rows[5].id,) and found.hop == "10.0.0.2 → 10.0.0.16"


def test_a_call_that_was_answered_on_another_phone_is_not_said_to_be_given_up() -> None:
    cancel = '2000 P>B CANCEL | Reason: SIP;cause=200;text="Call completed elsewhere"'
    rows = written("0 P>B INVITE", "1000 B>P 180 INVITE", cancel, "2010 B>P 487 INVITE")
    assert explained(rows).sentence == "100 called 200; the call was answered elsewhere after 1.0 s of ringing here."


def test_a_host_that_took_the_call_back_is_not_taken_for_the_caller() -> None:
    """The capture begins behind a proxy: a second Via shows that the sender is not the caller."""
    rows = written("0 A>P INVITE", "5 P>B INVITE", "90 B>P 180 INVITE", "9090 P>B CANCEL", "9100 B>P 487 INVITE")[1:]
    assert explained(rows).sentence == (
        "100 called 200 and 10.0.0.16 took the call back after 9.0 s of ringing, before anyone answered."
    )
