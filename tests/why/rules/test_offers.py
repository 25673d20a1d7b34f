import pytest

from tests.why.cases import CALL, Case
from tests.why.written import told, written

OFFER = "0 A>B INVITE | sdp PCMA,G729,telephone-event 10.0.0.1:4000"
CASES = [
    Case(
        "codec-mismatch",
        "The offer has PCMA and G729; the other side has only opus: 488 Not Acceptable Here from 10.0.0.2.",
        written(OFFER, "90 B>A 488 INVITE | sdp opus 10.0.0.2:6000"),
        written(OFFER, "90 B>A 486 INVITE | sdp opus 10.0.0.2:6000"),
    ),
    Case(
        "body-refused",
        "10.0.0.2 does not understand text/html; it accepts application/sdp and text/plain.",
        written("0 A>B MESSAGE | body text/html <b>", "9 B>A 415 MESSAGE | Accept: application/sdp, text/plain;q=0.5"),
        written("0 A>B MESSAGE | body text/html <b>", "9 B>A 413 MESSAGE | Accept: application/sdp, text/plain;q=0.5"),
    ),
    Case(
        "no-common-codec",
        "The offer has PCMA and G729, the answer opus: no codec in common.",
        written(OFFER, "90 B>A 200 INVITE | sdp opus,telephone-event 10.0.0.2:6000"),
        written(OFFER, "90 B>A 200 INVITE | sdp G729 10.0.0.2:6000"),
    ),
    Case(
        "media-refused",
        "10.0.0.2 refused audio with port 0.",
        written(OFFER, "90 B>A 200 INVITE | sdp PCMA 10.0.0.2:0"),
        written(OFFER, "90 B>A 200 INVITE | sdp PCMA 10.0.0.2:6000"),
    ),
    Case(
        "fax-refused",
        "10.0.0.1 refused the switch to T.38 fax with 488 Not Acceptable Here.",
        written(*CALL, "5000 B>A INVITE by=callee again=1 cseq=9 | image", "5010 A>B 488 INVITE by=callee cseq=9"),
        written(*CALL, "5000 B>A INVITE by=callee again=1 cseq=9 | image", "5010 A>B 491 INVITE by=callee cseq=9"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_tells_what_the_messages_say_and_no_more(case: Case) -> None:
    case.check()


def test_codecs_of_the_other_side_are_told_only_where_it_named_them() -> None:
    assert told("codec-mismatch", written(OFFER, "90 B>A 488 INVITE")) == [
        "The offer has PCMA and G729: 488 Not Acceptable Here from 10.0.0.2."
    ]


def test_in_a_call_the_earlier_description_of_the_other_side_tells_its_codecs() -> None:
    rows = written(*CALL, "5000 A>B INVITE again=1 cseq=2 | sdp G722 10.0.0.1:4000", "5010 B>A 488 INVITE cseq=2")
    assert told("codec-mismatch", rows) == [
        "The offer has G722; the other side has only PCMA: 488 Not Acceptable Here from 10.0.0.2."
    ]


def test_what_a_proxy_passed_on_is_not_taken_for_codecs_of_the_other_side() -> None:
    rows = written(OFFER.replace("A>B", "A>P"), "5 P>B INVITE | sdp PCMA,G729 10.0.0.1:4000", "50 B>P 488 INVITE",
                   "55 P>A 488 INVITE")  # fmt: skip
    assert told("codec-mismatch", rows) == ["The offer has PCMA and G729: 488 Not Acceptable Here from 10.0.0.2."]
