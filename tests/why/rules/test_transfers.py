import pytest

from tests.why.cases import CALL, Case
from tests.why.written import told, written

REFER = "5000 A>B REFER cseq=2 | Refer-To: <sip:300@example.com?Replaces=x>"
TAKEN = "5010 B>A 202 REFER cseq=2"


def notify(ms: int, status: str, cseq: int = 8) -> str:
    return f"{ms} B>A NOTIFY by=callee cseq={cseq} | Event: refer | body message/sipfrag SIP/2.0 {status}"


CASES = [
    Case(
        "transferred",
        "The transfer to sip:300@example.com succeeded: 200 OK.",
        written(*CALL, REFER, TAKEN, notify(5020, "100 Trying", 7), notify(9000, "200 OK")),
        written(*CALL, REFER, TAKEN, notify(9000, "486 Busy Here")),
    ),
    Case(
        "transfer-failed",
        "The transfer to sip:300@example.com failed: 486 Busy Here.",
        written(*CALL, REFER, TAKEN, notify(9000, "486 Busy Here")),
        written(*CALL, REFER, TAKEN, notify(9000, "200 OK")),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_tells_what_the_messages_say_and_no_more(case: Case) -> None:
    case.check()


def test_a_transfer_that_was_refused_is_told_with_the_answer() -> None:
    rows = written(*CALL, REFER, "5010 B>A 603 REFER cseq=2")
    assert told("transfer-failed", rows) == ["10.0.0.2 refused to be transferred to sip:300@example.com: 603 Decline."]


def test_a_transfer_without_an_outcome_is_told_so() -> None:
    rows = written(*CALL, REFER, TAKEN)
    assert told("transferred", rows) == [
        "10.0.0.1 asked for a transfer to sip:300@example.com; no outcome was captured."
    ]
