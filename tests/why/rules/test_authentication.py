import pytest

from tests.why.cases import Case
from tests.why.written import told, written


def asks(ms: int, cseq: int, nonce: str, more: str = "", verb: str = "REGISTER") -> str:
    return f'{ms} B>A 401 {verb} cseq={cseq} | WWW-Authenticate: Digest realm="r", nonce="{nonce}"{more}, qop="auth"'


def sends(ms: int, cseq: int, nonce: str, realm: str = "r", verb: str = "REGISTER") -> str:
    proof = f'Digest username="100", realm="{realm}", nonce="{nonce}", uri="sip:a,b", response="0"'
    return f"{ms} A>B {verb} cseq={cseq} | Authorization: {proof}"


BEGUN = ("0 A>B REGISTER", asks(10, 1, "n1"))
CASES = [
    Case(
        "auth-loop",
        '10.0.0.2 asked again each time: 2 requests with credentials of "100" for realm "r" were answered 401.',
        written(*BEGUN, sends(20, 2, "n1"), asks(30, 2, "n2"), sends(40, 3, "n2"), asks(50, 3, "n3")),
        written(*BEGUN, sends(20, 2, "n1"), asks(30, 2, "n2"), sends(40, 3, "n2"), "50 B>A 200 REGISTER cseq=3"),
    ),
    Case(
        "wrong-realm",
        'Credentials were wanted for realm "r" and sent for "other".',
        written(*BEGUN, sends(20, 2, "n1", "other"), asks(30, 2, "n2")),
        written(*BEGUN, sends(20, 2, "n1"), asks(30, 2, "n2")),
    ),
    Case(
        "credentials-refused",
        'The credentials of "100" for realm "r" were refused with 403 Forbidden: check password, user name and rights.',
        written(*BEGUN, sends(20, 2, "n1"), "30 B>A 403 REGISTER cseq=2"),
        written(*BEGUN, sends(20, 2, "n1"), "30 B>A 404 REGISTER cseq=2"),
    ),
    Case(
        "challenge-unanswered",
        '10.0.0.2 wanted credentials for realm "r"; no INVITE with them was captured.',
        written("0 A>B INVITE", asks(10, 1, "n1", verb="INVITE"), "15 A>B ACK"),
        written("0 A>B INVITE", asks(10, 1, "n1", verb="INVITE"), "15 A>B ACK", sends(20, 2, "n1", verb="INVITE")),
        after_ms=6000,
    ),
    Case(
        "forbidden",
        "10.0.0.2 refused the INVITE with 403 Forbidden without asking for credentials: a rule of the server, not a"
        " password.",
        written("0 A>B INVITE", "10 B>A 403 INVITE"),
        written("0 A>B INVITE", asks(10, 1, "n1", verb="INVITE"), sends(20, 2, "n1", verb="INVITE"),
                "30 B>A 403 INVITE cseq=2"),
    ),
    Case(
        "nonce-stale",
        "10.0.0.2 found the nonce too old, not the password wrong.",
        written(*BEGUN, sends(20, 2, "n0"), asks(30, 2, "n2", ", stale=TRUE")),
        written(*BEGUN, sends(20, 2, "n0"), asks(30, 2, "n2", ", stale=FALSE")),
    ),
    Case(
        "nonce-reused",
        "10.0.0.1 used a nonce again that had been refused: it ignores the new challenge.",
        written(*BEGUN, sends(20, 2, "n1"), asks(30, 2, "n2"), sends(40, 3, "n1"), asks(50, 3, "n3")),
        written(*BEGUN, sends(20, 2, "n1"), asks(30, 2, "n2"), sends(40, 3, "n2"), asks(50, 3, "n3")),
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_tells_what_the_messages_say_and_no_more(case: Case) -> None:
    case.check()


def test_a_client_that_was_refused_and_then_let_in_is_in_no_loop() -> None:
    rows = written(*BEGUN, sends(20, 2, "n1"), asks(30, 2, "n2"), sends(40, 3, "n2"), "50 B>A 200 REGISTER cseq=3",
                   sends(9000, 4, "n2"), asks(9010, 4, "n4"))  # fmt: skip
    assert told("auth-loop", rows) == []


def test_two_proxies_that_each_ask_once_are_no_loop() -> None:
    both = 'Proxy-Authenticate: Digest realm="{}", nonce="{}"'
    proof = 'Proxy-Authorization: Digest username="u", realm="{}", nonce="{}"'
    rows = written(
        "0 A>P INVITE", f"5 P>A 407 INVITE | {both.format('one', 'a')}",
        f"9 A>P INVITE cseq=2 | {proof.format('one', 'a')}",
        f"15 P>A 407 INVITE cseq=2 | {both.format('two', 'b')}",
        f"20 A>P INVITE cseq=3 | {proof.format('one', 'a')} | {proof.format('two', 'b')}", "90 P>A 200 INVITE cseq=3",
    )  # fmt: skip
    for rule in ("auth-loop", "credentials-refused", "wrong-realm", "nonce-reused", "challenge-unanswered"):
        assert told(rule, rows, after_ms=9000) == [], rule


def test_a_403_from_behind_the_proxy_that_let_the_caller_in_is_no_wrong_password() -> None:
    proof = 'Proxy-Authorization: Digest username="u", realm="r", nonce="n"'
    rows = written(
        "0 A>P INVITE", '5 P>A 407 INVITE | Proxy-Authenticate: Digest realm="r", nonce="n"',
        f"9 A>P INVITE cseq=2 | {proof}", "15 P>B INVITE cseq=2", "50 B>P 403 INVITE cseq=2",
        "55 P>A 403 INVITE cseq=2",
    )  # fmt: skip
    assert told("credentials-refused", rows) == []
    assert told("forbidden", rows) == [
        "10.0.0.2 refused the INVITE with 403 Forbidden: a rule of the server, not a password."
    ]


def test_a_403_after_ringing_is_no_wrong_password() -> None:
    rows = written("0 A>B INVITE", asks(10, 1, "n1", verb="INVITE"), sends(20, 2, "n1", verb="INVITE"),
                   "30 B>A 180 INVITE cseq=2", "900 B>A 403 INVITE cseq=2")  # fmt: skip
    assert told("credentials-refused", rows) == [] and len(told("forbidden", rows)) == 1
