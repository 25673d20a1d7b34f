import pytest

from tests.why.cases import Case
from tests.why.written import told, written

PROXIED = ("0 A>P INVITE", "5 P>B INVITE")
FORK = ("0 A>P INVITE", "5 P>B INVITE", "6 P>C INVITE", "90 B>P 180 INVITE", "95 C>P 180 INVITE")
CASES = [
    Case(
        "loop",
        "The INVITE passed too many hosts (483 Too Many Hops). It set out with Max-Forwards 1.",
        written("0 A>P INVITE | Max-Forwards: 1", "5 P>A 483 INVITE"),
        written("0 A>P INVITE | Max-Forwards: 1", "5 P>A 480 INVITE"),
    ),
    Case(
        "circle",
        "The INVITE went round: it passed 10.0.0.16 → 10.0.0.17 again, to the same address.",
        written("0 A>P INVITE", "1 P>Q INVITE", "2 Q>P INVITE", "3 P>Q INVITE branch=z9hG4bK-again"),
        written("0 A>P INVITE", "1 P>Q INVITE", "2 Q>P INVITE", "3 P>Q INVITE branch=z9hG4bK-again ruri=300"),
    ),
    Case(
        "number-unknown",
        '"0301234" is not known at or beyond 10.0.0.2: 404 Not Found.',
        written("0 A>P INVITE", "5 P>B INVITE ruri=0301234", "50 B>P 404 INVITE", "55 P>A 404 INVITE"),
        written("0 A>P INVITE", "5 P>B INVITE ruri=0301234", "50 B>P 480 INVITE", "55 P>A 480 INVITE"),
    ),
    Case(
        "number-incomplete",
        '"030" is incomplete in the eyes of 10.0.0.2.',
        written("0 A>B INVITE ruri=030", "50 B>A 484 INVITE"),
        written("0 A>B INVITE ruri=030", "50 B>A 404 INVITE"),
    ),
    Case(
        "undelivered",
        '10.0.0.16 could not deliver the INVITE: "Connection refused by 10.9.9.9".',
        written("0 A>P INVITE", "50 P>A 503 INVITE phrase=Connection_refused_by_10.9.9.9"),
        written("0 A>P INVITE", "50 P>A 503 INVITE"),
    ),
    Case(
        "redirected",
        "302 Moved Temporarily sent the call to 300@example.net; followed by an INVITE to 10.0.0.3.",
        written("0 A>P INVITE", "5 P>A 302 INVITE | Contact: <sip:300@example.net>", "9 A>P ACK",
                "15 A>C INVITE ruri=300 cseq=2"),
        written("0 A>P INVITE", "5 P>A 486 INVITE | Contact: <sip:300@example.net>"),
    ),
    Case(
        "forked",
        "10.0.0.16 tried 2 destinations at once: 10.0.0.2 answered, 10.0.0.3 was cancelled.",
        written(*FORK, "900 B>P 200 INVITE", "905 P>A 200 INVITE", "906 P>C CANCEL", "910 C>P 487 INVITE"),
        written(*PROXIED, "50 B>P 503 INVITE", "55 P>C INVITE", "95 C>P 200 INVITE", "99 P>A 200 INVITE"),
    ),
    Case(
        "rerouted",
        "10.0.0.2 failed with 503 Service Unavailable; 10.0.0.16 tried 10.0.0.3 next.",
        written(*PROXIED, "50 B>P 503 INVITE", "55 P>C INVITE", "95 C>P 200 INVITE", "99 P>A 200 INVITE"),
        written(*FORK, "900 B>P 200 INVITE", "905 P>A 200 INVITE", "906 P>C CANCEL", "910 C>P 487 INVITE"),
    ),
    Case(
        "turned",
        "10.0.0.16 received 503 Service Unavailable and told its caller 500 Server Internal Error, as a proxy must.",
        written(*PROXIED, "50 B>P 503 INVITE", "55 P>A 500 INVITE"),
        written(*PROXIED, "50 B>P 500 INVITE", "55 P>A 500 INVITE"),
    ),
    Case(
        "overload",
        "10.0.0.2 could not take the INVITE: 503 Service Unavailable.",
        written(*PROXIED, "50 B>P 503 INVITE", "55 P>A 500 INVITE"),
        written(*PROXIED, "50 B>P 500 INVITE", "55 P>A 503 INVITE"),
    ),
    Case(
        "contact-nowhere",
        "10.0.0.1 gives sip:100@127.0.0.1:5060 as its Contact: nobody else can reach that.",
        written("0 A>B INVITE | Contact: <sip:100@127.0.0.1:5060>"),
        written("0 A>B INVITE | Contact: <sip:100@10.0.0.1:5060>"),
    ),
    Case(
        "ack-misrouted",
        "The ACK went to 10.0.0.2, while the Contact of the 200 OK is sip:200@10.0.0.3.",
        written("0 A>B INVITE", "50 B>A 200 INVITE | Contact: <sip:200@10.0.0.3>", "55 A>B ACK",
                "550 B>A 200 INVITE | Contact: <sip:200@10.0.0.3>"),
        written("0 A>B INVITE", "50 B>A 200 INVITE | Contact: <sip:200@10.0.0.2>", "55 A>B ACK",
                "550 B>A 200 INVITE | Contact: <sip:200@10.0.0.2>"),
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_tells_what_the_messages_say_and_no_more(case: Case) -> None:
    case.check()


def test_a_redirect_that_nobody_followed_is_told_so() -> None:
    rows = written("0 A>P INVITE", "5 P>A 302 INVITE | Contact: <sip:300@example.net>, <sip:400@example.net>;q=0.5")
    assert told("redirected", rows) == [
        "302 Moved Temporarily sent the call to 300@example.net and 400@example.net; no INVITE there was captured."
    ]


def test_a_call_that_rang_in_several_places_for_nobody_is_told_so() -> None:
    rows = written(*FORK, "900 B>P 486 INVITE", "905 C>P 486 INVITE", "910 P>A 486 INVITE")
    assert told("forked", rows) == ["10.0.0.16 tried 2 destinations at once: nobody answered."]
