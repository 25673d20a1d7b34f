"""What proxies and B2BUAs only pass on is told once."""

import pytest

from appliance.why.finding import Finding
from tests.why.cases import CALL, Case
from tests.why.test_registry import TESTED
from tests.why.two_legs import in_two_legs, two_hosts
from tests.why.written import explained, written

OF_EACH_LEG = ("failure-not-acknowledged", "ack-ignored", "ack-misrouted")
"""A host that sends no ACK, or does not take one: on each leg it is another."""


def of_rule(found: tuple[Finding, ...], rule: str) -> list[Finding]:
    return [each for each in found if each.rule == rule]


@pytest.mark.parametrize("case", [case for case in TESTED if two_hosts(case.fires)], ids=lambda case: case.rule)
def test_what_both_legs_show_is_told_once(case: Case) -> None:
    alone = explained(case.fires, case.after_ms).findings
    both = explained(in_two_legs(case.fires), case.after_ms).findings
    for rule in {each.rule for each in both} - set(OF_EACH_LEG):
        assert len(of_rule(both, rule)) <= max(1, len(of_rule(alone, rule))), of_rule(both, rule)


def test_a_fault_of_the_last_host_is_told_of_it_with_the_evidence_of_both_legs() -> None:
    rows = in_two_legs(written(*CALL, "5000 A>B BYE cseq=2", "5500 A>B BYE cseq=2"))
    (found,) = of_rule(explained(rows, 60_000).findings, "request-unanswered")
    assert found.sentence.startswith("10.0.0.2 did not answer BYE")
    assert found.hop == "10.0.0.16 → 10.0.0.2"
    callids = {row.id: row.callid for row in rows}
    assert [callids[id_] for id_ in found.messages] == ["far@b2bua"] * 2 + ["near@b2bua"] * 2


def test_a_fault_of_the_first_host_is_told_of_it() -> None:
    rows = in_two_legs(written("0 A>B INVITE | sdp PCMA 0.0.0.0:4000"))
    (found,) = of_rule(explained(rows).findings, "null-address")
    assert (found.sentence, len(found.messages)) == ("10.0.0.1 wants no sound: its SDP has the address 0.0.0.0.", 2)


def test_a_fault_in_an_answer_is_told_of_who_gave_it() -> None:
    rows = in_two_legs(written("0 A>B INVITE | sdp PCMA 10.0.0.1:4000", "90 B>A 200 INVITE | sdp PCMA 0.0.0.0:4000"))
    (found,) = of_rule(explained(rows).findings, "null-address")
    assert found.sentence.startswith("10.0.0.2 wants no sound")


def test_hops_of_one_call_id_are_one_way_too() -> None:
    rows = written("0 A>P INVITE", "5 P>B INVITE", "500 A>P INVITE", "505 P>B INVITE", "900 B>P 100 INVITE",
                   "905 P>A 100 INVITE")  # fmt: skip
    (found,) = of_rule(explained(rows).findings, "retransmitted")
    assert found.hop == "10.0.0.16 → 10.0.0.2"


def test_the_branches_of_a_fork_are_facts_of_their_own() -> None:
    rows = written("0 A>P INVITE", "1 P>A 100 INVITE", "5 P>B INVITE branch=z9hG4bK-b", "6 P>C INVITE branch=z9hG4bK-c",
                   "505 P>B INVITE branch=z9hG4bK-b", "506 P>C INVITE branch=z9hG4bK-c",
                   "900 B>P 180 INVITE branch=z9hG4bK-b", "901 C>P 180 INVITE branch=z9hG4bK-c")  # fmt: skip
    found = of_rule(explained(rows).findings, "retransmitted")
    assert [each.hop for each in found] == ["10.0.0.16 → 10.0.0.2", "10.0.0.16 → 10.0.0.3"]


def test_another_answer_is_another_fact() -> None:
    near = written("0 A>P INVITE | sdp PCMA 10.0.0.1:4", "95 P>A 606 INVITE", callid="near")
    far = written("5 P>B INVITE | sdp PCMA 10.0.0.16:4", "90 B>P 488 INVITE", callid="far", first=100)
    found = of_rule(explained(sorted([*near, *far], key=lambda row: row.ts)).findings, "codec-mismatch")
    assert [each.hop for each in found] == ["10.0.0.16 → 10.0.0.1", "10.0.0.2 → 10.0.0.16"]


def test_sound_that_a_relay_did_not_get_is_told_of_where_it_ends() -> None:
    case = next(case for case in TESTED if case.rule == "one-way-media")
    (found,) = of_rule(explained(in_two_legs(case.fires)).findings, "one-way-media")
    assert found.sentence.startswith("One-way sound: no RTP packet from 10.0.0.1 to 10.0.0.16")
