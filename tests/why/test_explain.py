import random
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.calls.fold import fold
from appliance.model.kinds import Kind
from appliance.model.octets import text
from appliance.model.rows import MessageRow
from appliance.why.explain import MOST_EVIDENCE, MOST_OF_A_RULE, explain
from tests.calls.made import flow
from tests.why import rfc_flows
from tests.why.cases import CALL
from tests.why.test_registry import TESTED
from tests.why.written import explained, written

SCRIPT = "<script>alert(1)</script>"


def test_findings_stand_in_the_order_of_the_registry() -> None:
    rows = written("0 A>P INVITE | sdp PCMA 10.0.0.1:4", "5 P>B INVITE", "90 B>P 488 INVITE | Reason: Q.850;cause=88",
                   "95 P>A 488 INVITE")  # fmt: skip
    assert [each.rule for each in explained(rows).findings] == ["codec-mismatch", "failure-origin", "cause"]


def test_a_finding_names_its_messages_the_most_telling_first() -> None:
    rows = written("0 A>P INVITE", "5 P>B INVITE", "90 B>P 404 INVITE", "95 P>A 404 INVITE")
    found = next(each for each in explained(rows).findings if each.rule == "number-unknown")
    assert found.messages == (rows[2].id, rows[1].id)
    assert (found.hop, found.rfc, found.severity) == ("10.0.0.2 → 10.0.0.16", "RFC 3261 21.4.5", "error")


def test_what_is_said_in_the_same_words_is_said_once() -> None:
    rows = written(*(f"{n * 1000} A>B INVITE cseq={n} | sdp PCMA 0.0.0.0:4000" for n in range(1, 90)))
    (found,) = [each for each in explained(rows).findings if each.rule == "null-address"]
    assert len(found.messages) == MOST_EVIDENCE


def test_a_rule_does_not_run_on() -> None:
    rows = written(*(f"{n} A>B OPTIONS cseq={n}" for n in range(1, 30)),
                   *(f"{n} B>A 420 OPTIONS cseq={n} | Unsupported: x{n}" for n in range(1, 30)))  # fmt: skip
    assert len([each for each in explained(rows).findings if each.rule == "extension-unsupported"]) == MOST_OF_A_RULE


def test_nothing_at_all_is_explained_too() -> None:
    assert explain([], None, 0).sentence == "No SIP message of it is here, and nothing else of it."


def test_a_record_without_messages_is_told_from_itself() -> None:
    rows = written(*CALL)
    (record,) = fold(rows, rows[-1].ts)
    assert explain([], record, rows[-1].ts).sentence.startswith("100 called 200, who answered after 2.0 s")


def test_hostile_names_are_text_of_one_short_line() -> None:
    rows = written(f"0 A>B INVITE from={SCRIPT} ruri=\u202e{SCRIPT * 9}", f"9 B>A 404 INVITE phrase=\x1b[31m{SCRIPT}")
    whole = explained(rows)
    assert SCRIPT in whole.sentence, "templates escape it, nothing hides it"
    for each in whole.all:
        assert each.sentence.isprintable() and len(each.sentence) < 600


ROWS = [row for case in TESTED for row in (*case.fires, *case.near)]
ODD = st.sampled_from(
    ["", "INVITE", "ACK", "BYE", "200", "486", "²", "9" * 40, "CANCEL", SCRIPT, text(b"\xff\xfe"), "\0"]
)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "method": ODD,
        "cseq_method": ODD,
        "cseq": st.one_of(st.none(), st.integers(-5, 1 << 40)),
        "via_branch": ODD,
        "from_tag": ODD,
        "to_tag": ODD,
        "reason": ODD,
        "content_type": ODD,
        "callid": st.sampled_from(["c1@written", "", "c2", SCRIPT]),
        "source_ip": ODD,
        "destination_ip": ODD,
        "raw": st.one_of(st.none(), st.binary(max_size=200)),
        "ts": st.integers(-(1 << 40), 1 << 60),
        "kind": st.sampled_from(list(Kind)),
        "protocol_type": st.integers(0, 255),
        "problems": st.sampled_from([(), ("bad-via", "nonsense")]),
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.sampled_from(ROWS), CHANGES), max_size=25),
    st.randoms(use_true_random=False),
    st.booleans(),
    st.integers(-(1 << 40), 1 << 60),
)
def test_no_list_of_rows_makes_it_raise(
    found: list[tuple[MessageRow, dict[str, object]]], shuffle: random.Random, cut: bool, now_us: int
) -> None:
    rows = [replace(row, id=f"x{n}", **changes) for n, (row, changes) in enumerate(found)]  # type: ignore[arg-type]
    if cut:
        rows = [replace(row, raw=row.raw[: shuffle.randrange(len(row.raw) + 1)] if row.raw else None) for row in rows]
    shuffle.shuffle(rows)
    whole = explain(rows, None, now_us)
    known = {row.id for row in rows}
    assert whole.sentence and all(each.sentence.isprintable() and known >= set(each.messages) for each in whole.all)


@pytest.mark.parametrize("case", TESTED, ids=lambda case: case.rule)
def test_rows_without_their_octets_are_explained_as_far_as_they_go(case: object) -> None:
    rows = [replace(row, raw=None) for row in case.fires]  # type: ignore[attr-defined]
    assert explain(rows, None, rows[-1].ts).sentence


def re_invites(count: int) -> list[str]:
    lines = list(CALL)
    for n in range(2, count):
        lines += [f"{n * 5000} A>B INVITE again=1 cseq={n} | sdp PCMA 10.0.0.1:4 | Session-Expires: 90",
                  f"{n * 5000 + 9} B>A 200 INVITE cseq={n} | sdp PCMA 10.0.0.2:6 | Session-Expires: 90",
                  f"{n * 5000 + 20} A>B ACK cseq={n}"]  # fmt: skip
    return lines


def challenges(count: int) -> list[str]:
    lines = []
    for n in range(1, count):
        proof, asked = (f'Digest username="u", realm="r{n}", nonce="{mark}{n}"' for mark in "nm")
        lines += [f"{n * 9} A>B INVITE cseq={n} | Authorization: {proof}",
                  f"{n * 9 + 1} B>A 401 INVITE cseq={n} | WWW-Authenticate: {asked}"]  # fmt: skip
    return lines


def unanswered(count: int) -> list[str]:
    return [f"{n * 10} A>P INVITE cseq={n} ruri={n}" for n in range(1, count)]


def crossing(count: int) -> list[str]:
    return [line for n in range(1, count) for line in (f"{n} A>B BYE cseq={n}", f"{n} B>A 481 BYE cseq={n}")]


def redirects(count: int) -> list[str]:
    contacts = ", ".join(f"<sip:{n}@x>" for n in range(40))
    lines = []
    for n in range(1, count):
        lines += [f"{n * 9} A>B INVITE cseq={n} ruri={n}", f"{n * 9 + 1} B>A 302 INVITE cseq={n} | Contact: {contacts}"]
    return lines


def spiral(count: int) -> list[str]:
    """Through one host, sixty times for each INVITE."""
    lines = []
    for n in range(count):
        way = "P>P" if n % 60 else "A>P"
        lines.append(f"{n} {way} INVITE cseq={n // 60 + 1} branch=z9hG4bK{n}")
    return lines


def steps(rows: list[MessageRow]) -> int:
    """How many calls an explanation makes: the same on every machine."""
    made = 0

    def count(*_: object) -> None:
        nonlocal made
        made += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        explain(rows, None, rows[-1].ts + 40_000_000)
    finally:
        sys.setprofile(before)
    return made


@pytest.mark.parametrize("lines", [re_invites, challenges, unanswered, crossing, redirects, spiral])
def test_twice_the_messages_take_twice_the_time(lines: Callable[[int], list[str]]) -> None:
    explain(written(*lines(50)), None, 0)
    assert steps(written(*lines(400))) < 2.6 * steps(written(*lines(200)))


RFC_SENTENCES = {
    "rfc3665/2.01": "bob@biloxi.example.com registered with 10.0.0.19 for 3600 s (1 h).",
    "rfc3665/2.03": "bob@biloxi.example.com asked 10.0.0.19 for its registrations and was told them.",
    "rfc3665/2.04": "bob@biloxi.example.com took back its registration with 10.0.0.19.",
    "rfc3665/2.05": "bob@biloxi.example.com tried to register with 10.0.0.19, sent credentials, and was refused: 401"
    " Unauthorized.",
    "rfc3665/3.01": "alice called bob, who answered after 200 ms; "
    "they talked 200 ms, then the called side (bob) hung up.",
    "rfc3665/3.02": "alice called bob, who answered after 1.0 s; "
    "they talked 600 ms, then the called side (bob) hung up.",
    "rfc3665/3.03": "alice called bob, who answered after 700 ms; no BYE so far, 1.3 s after the answer.",
    "rfc3665/3.05": "alice called bob, who answered after 1.0 s; they talked 300 ms, then the caller (alice) hung up.",
    "rfc3327/5.5.1": "UA1@EXAMPLEHOME.COM registered with 10.0.0.16.",
    "rfc5626/3.2": "bob@example.com tried to register with 10.0.0.19: no final answer in 1.0 s.",
    "rfc5626/9.1": "SUBSCRIBE of 10.0.0.2 to 10.0.0.5 for ua-profile got no final answer in 1.1 s.",
    "rfc5626/9.2": "bob@example.com registered with 10.0.0.6 for 3600 s (1 h).",
}


@pytest.mark.parametrize("name", RFC_SENTENCES)
def test_the_flows_of_the_rfcs_are_told_as_their_texts_do(name: str) -> None:
    assert explained(rfc_flows.flow(name)).sentence == RFC_SENTENCES[name]


def test_the_proxy_that_failed_is_found_although_the_call_went_on() -> None:
    """RFC 3665 3.4: Alice's first proxy is silent, she calls over the second one with another Call-ID."""
    rows = rfc_flows.flow("rfc3665/3.04", rfc_flows.TIMER_A_MS)
    second = [row for row in rows if row.callid != rows[0].callid]
    now_us = rows[-1].ts + 1_000_000
    whole = explain(rows, fold(second, now_us)[-1], now_us)
    assert whole.sentence.startswith("alice called bob, who answered after 600 ms;")
    (silent,) = [each for each in whole.findings if each.rule == "invite-unanswered"]
    assert silent.sentence == (
        "10.0.0.16 did not answer INVITE, sent 7 times in 31.5 s over UDP: no response was captured."
    )
    assert silent.messages == (rows[0].id, rows[6].id)


def test_rows_of_other_tests_need_no_real_octets() -> None:
    rows = flow("0 A>P INVITE", "5 P>B INVITE", "90 B>P 486 INVITE", "95 P>A 486 INVITE")
    assert explain(rows, None, rows[-1].ts).sentence == (
        "100 called 200 and found the line busy: 486 Reason from 10.0.0.2 95 ms after the INVITE."
    )
