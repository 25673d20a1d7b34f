import pytest

from tests.why.cases import Case
from tests.why.written import told, written

INVITE = "0 A>B INVITE"
CASES = [
    Case(
        "cause",
        '404 Not Found says Q.850 cause 1: unallocated number, "Nummer unbekannt".',
        written(INVITE, '90 B>A 404 INVITE | Reason: Q.850;cause=1;text="Nummer unbekannt"'),
        written(INVITE, "90 B>A 404 INVITE | Reason: Q.850"),
    ),
    Case(
        "warning",
        "488 Not Acceptable Here carries warning 305 (media format (codec) not available) of sbc1:"
        ' "No codec in common".',
        written(INVITE, '90 B>A 488 INVITE | Warning: 305 sbc1 "No codec in common"'),
        written(INVITE, '90 B>A 488 INVITE | Warning: 392 10.0.0.2 "Noisy feedback tells: pid=1"'),
    ),
    Case(
        "undelivered",
        '10.0.0.2 could not deliver the INVITE: "Unresolvable destination (478/TM)".',
        written(INVITE, "90 B>A 478 INVITE phrase=Unresolvable_destination_(478/TM)"),
        written(INVITE, "90 B>A 480 INVITE phrase=Unreachable"),
    ),
    Case(
        "retry-after",
        "503 Service Unavailable: 10.0.0.2 asks not to be tried again for 1800 s (30 min).",
        written(INVITE, "90 B>A 503 INVITE | Retry-After: 1800 (maintenance)"),
        written(INVITE, "90 B>A 503 INVITE | Retry-After: soon"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_tells_what_the_messages_say_and_no_more(case: Case) -> None:
    case.check()


def test_each_cause_is_told_once_where_it_was_seen_first() -> None:
    rows = written("0 A>P INVITE", "1 P>B INVITE", "50 B>P 486 INVITE | Reason: Q.850;cause=17, SIP;cause=486",
                   "51 P>A 486 INVITE | Reason: Q.850;cause=17")  # fmt: skip
    assert told("cause", rows) == [
        "486 Busy Here says Q.850 cause 17: user busy.",
        "486 Busy Here says SIP cause 486: Busy Here.",
    ]


def test_a_cause_that_no_table_knows_is_told_by_its_number_and_text() -> None:
    rows = written(INVITE, '90 B>A 480 INVITE | Reason: X.int;cause=0x5;text="Preemption", FreeSWITCH;cause=700')
    assert told("cause", rows) == [
        '480 Temporarily Unavailable says X.int: "Preemption".',
        "480 Temporarily Unavailable says FreeSWITCH cause 700.",
    ]
