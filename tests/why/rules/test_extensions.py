import pytest

from tests.why.cases import Case
from tests.why.written import written

INVITE = "0 A>B INVITE"
CASES = [
    Case(
        "extension-unsupported",
        "10.0.0.2 does not support 100rel and timer, which the INVITE requires.",
        written(f"{INVITE} | Require: 100rel, timer", "9 B>A 420 INVITE | Unsupported: 100rel, timer"),
        written(f"{INVITE} | Require: 100rel, timer", "9 B>A 480 INVITE | Unsupported: 100rel, timer"),
    ),
    Case(
        "extension-required",
        "10.0.0.2 requires sec-agree, which 10.0.0.1 does not offer.",
        written(INVITE, "9 B>A 421 INVITE | Require: sec-agree"),
        written(INVITE, "9 B>A 494 INVITE | Require: sec-agree"),
    ),
    Case(
        "method-refused",
        "10.0.0.2 does not take OPTIONS; it allows INVITE, ACK and BYE.",
        written("0 A>B OPTIONS", "9 B>A 405 OPTIONS | Allow: INVITE, ACK, BYE"),
        written("0 A>B OPTIONS", "9 B>A 404 OPTIONS | Allow: INVITE, ACK, BYE"),
    ),
    Case(
        "event-refused",
        "10.0.0.2 does not serve the event package presence.",
        written("0 A>B SUBSCRIBE | Event: presence", "9 B>A 489 SUBSCRIBE"),
        written("0 A>B SUBSCRIBE | Event: presence", "9 B>A 480 SUBSCRIBE"),
    ),
    Case(
        "identity-refused",
        "10.0.0.2 refused the caller's identity: the signature of the identity does not hold (438 Invalid Identity"
        " Header).",
        written(INVITE, "9 B>A 438 INVITE"),
        written(INVITE, "9 B>A 433 INVITE"),
    ),
    Case(
        "scanner",
        '10.0.0.1 is a scanner by its user agent "friendly-scanner".',
        written("0 A>B OPTIONS ua=friendly-scanner"),
        written("0 A>B OPTIONS ua=Friendly_phone"),
    ),
    Case(
        "emergency",
        "This is an emergency call, to 112.",
        written("0 A>B INVITE ruri=112"),
        written("0 A>B INVITE ruri=1120"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_tells_what_the_messages_say_and_no_more(case: Case) -> None:
    case.check()
