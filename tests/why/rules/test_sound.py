import json
from dataclasses import replace

import pytest

from appliance.model.kinds import Kind
from appliance.model.quality import Measured, QualityRow, ReportKind, Told
from appliance.model.rows import MessageRow
from appliance.why.explain import explain
from tests.calls.made import START_US
from tests.why.cases import CALL, Case
from tests.why.written import call_of, explained, told, written

EARLY = ("0 A>B INVITE | sdp PCMA 10.0.0.1:4000", "500 B>A 183 INVITE | sdp PCMA 10.0.0.2:6000")
HELD = (
    *CALL,
    "5000 A>B INVITE again=1 cseq=2 | sdp PCMA 10.0.0.1:4000 sendonly",
    "5010 B>A 200 INVITE cseq=2 | sdp PCMA 10.0.0.2:6000 recvonly",
)


def report(source: str, destination: str, packets: int, number: int) -> MessageRow:
    """A sender report of RTCP as an agent sends it with the call's Call-ID."""
    told = {"ssrc": number, "type": 200, "sender_information": {"packets": packets, "octets": packets * 160}}
    row = written("3000 A>B OPTIONS", first=900 + number)[0]
    return replace(row, kind=Kind.RTCP, method="", protocol_type=5, source_ip=source, destination_ip=destination,
                   source_port=4001, destination_port=6001, raw=json.dumps(told).encode())  # fmt: skip


A, B = "10.0.0.1", "10.0.0.2"
CASES = [
    Case(
        "silent-sdp",
        "The call was last on hold with sendonly offered and recvonly answered: sound one way only.",
        written(*HELD),
        written(*HELD, "9000 A>B INVITE again=1 cseq=3 | sdp PCMA 10.0.0.1:4000",
                "9010 B>A 200 INVITE cseq=3 | sdp PCMA 10.0.0.2:6000"),
    ),
    Case(
        "null-address",
        "10.0.0.1 wants no sound: its SDP has the address 0.0.0.0.",
        written("0 A>B INVITE | sdp PCMA 0.0.0.0:4000"),
        written("0 A>B INVITE | sdp PCMA 0.0.0.0:0"),
    ),
    Case(
        "early-media-unanswered",
        "183 Session Progress with SDP 19.5 s before the end: an announcement may have been heard, nobody answered.",
        written(*EARLY, "20000 A>B CANCEL", "20005 B>A 487 INVITE"),
        written(*EARLY, "20000 B>A 200 INVITE"),
    ),
    Case(
        "early-media-then-failure",
        "183 Session Progress with SDP 4.5 s before 404 Not Found: the reason may have been spoken.",
        written(*EARLY, "5000 B>A 404 INVITE"),
        written(EARLY[0], "500 B>A 183 INVITE", "5000 B>A 404 INVITE"),
    ),
    Case(
        "no-media",
        "No sound: 2 streams were reported, all without a single RTP packet.",
        [*written(*CALL), report(A, B, 0, 1), report(B, A, 0, 2)],
        [*written(*CALL), report(A, B, 0, 1), report(B, A, 50, 2)],
    ),
    Case(
        "one-way-media",
        "One-way sound: no RTP packet from 10.0.0.1 to 10.0.0.2, and 500 the other way.",
        [*written(*CALL), report(A, B, 0, 1), report(B, A, 500, 2)],
        [*written(*CALL), report(A, B, 1, 1), report(B, A, 500, 2)],
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_tells_what_the_messages_say_and_no_more(case: Case) -> None:
    case.check()


def test_a_call_that_begins_one_way_is_not_said_to_be_on_hold() -> None:
    rows = written(
        "0 A>B INVITE | sdp PCMA 10.0.0.1:4000 inactive", "9 B>A 200 INVITE | sdp PCMA 10.0.0.2:6000 inactive"
    )
    assert told("silent-sdp", rows) == [
        "The call was set up with inactive offered and inactive answered: no sound either way."
    ]


def test_what_is_reported_of_one_direction_alone_is_not_called_one_way() -> None:
    assert told("one-way-media", [*written(*CALL), report(A, B, 0, 1)]) == []


@pytest.mark.parametrize(
    ("asked", "told_", "ways"),
    [
        ("sendonly", "sendrecv", "sound one way only"),
        ("recvonly", "recvonly", "no sound either way"),
        ("sendonly", "sendonly", "no sound either way"),
        ("sendrecv", "inactive", "no sound either way"),
    ],
)
def test_what_both_sides_say_tells_which_way_sound_passes(asked: str, told_: str, ways: str) -> None:
    offer, answer = f"sdp PCMA 10.0.0.1:4000 {asked}", f"sdp PCMA 10.0.0.2:6000 {told_}"
    (sentence,) = told("silent-sdp", written(f"0 A>B INVITE | {offer}", f"9 B>A 200 INVITE | {answer}"))
    assert sentence.endswith(f": {ways}.")


def found_at_the_media(source: str, destination: str, packets: int, number: int) -> QualityRow:
    """What was reported of these ends, by an agent that knows no Call-ID."""
    measured = Measured(ReportKind.RTCP, Told.RECEIVED, source, 4000, destination, 6000, packets=packets)
    return QualityRow(f"hep1-rtcp-20261123-{number}", START_US, "", "relay", measured)


def test_reports_that_were_found_by_the_addresses_of_the_media_tell_too_and_are_the_evidence() -> None:
    rows = written(*CALL)
    quality = [found_at_the_media(A, B, 0, 1), found_at_the_media(B, A, 500, 2), found_at_the_media(B, A, 400, 3)]
    found = explain(rows, call_of(rows, rows[-1].ts), rows[-1].ts, quality).findings
    (one_way,) = [each for each in found if each.rule == "one-way-media"]
    assert one_way.sentence == "One-way sound: no RTP packet from 10.0.0.1 to 10.0.0.2, and 500 the other way."
    assert one_way.messages == ("hep1-rtcp-20261123-1", "hep1-rtcp-20261123-2")
    assert told("one-way-media", rows) == []


def test_the_reports_of_a_call_are_evidence() -> None:
    rows = [*written(*CALL), report(A, B, 0, 1), report(B, A, 0, 2)]
    (silence,) = [each for each in explained(rows).findings if each.rule == "no-media"]
    assert set(silence.messages) == {row.id for row in rows[-2:]}
