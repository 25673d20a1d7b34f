from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.quality.rtcp import MAX_PARTS, Part, parts
from tests.quality.samples import fixture, fixtures


def report(name: str) -> Part:
    return next(part for part in parts(fixture(name)) if part.packet_type in (200, 201))


def blocks_told(expected: dict[str, Any]) -> list[tuple[Any, ...]]:
    names = ("ssrc", "fraction_lost", "cumulative_lost", "highest_seq", "jitter", "lsr", "dlsr")
    return [tuple(block[name] for name in names) for block in expected.get("report_blocks", [])]


WITH_SR = [name for name, one in fixtures().items() if "sr" in one["expected"]]


@pytest.mark.parametrize("name", WITH_SR)
def test_sender_reports_hold_what_their_sources_say(name: str) -> None:
    expected, part = fixtures()[name]["expected"]["sr"], report(name)
    assert part.sender is not None
    assert part.ssrc == expected["ssrc"]
    assert (part.sender.packets, part.sender.octets) == (expected["packets"], expected["octets"])
    assert part.sender.rtp_timestamp == expected.get("rtp_ts", part.sender.rtp_timestamp)
    assert part.sender.ntp_seconds == expected.get("ntp_sec", part.sender.ntp_seconds)
    ntp = int(str(part.sender.ntp_seconds)) << 32 | int(str(part.sender.ntp_fraction))
    assert ntp == expected.get("ntp", ntp)
    found = [
        (one.ssrc, one.fraction_lost, one.lost, one.highest_sequence, one.jitter, one.lsr, one.dlsr)
        for one in part.blocks
    ]
    assert found == blocks_told(expected)


@pytest.mark.parametrize("name", ["lemenkov-mera-broken-sr-length", "lemenkov-addpac-sdes-garbage"])
def test_what_follows_a_vendors_wrong_length_or_garbage_is_read(name: str) -> None:
    (text,) = parts(fixture(name))[1].texts
    assert text == (1, fixtures()[name]["expected"]["sdes_cname"])


def test_a_compound_of_rr_sdes_and_bye() -> None:
    expected = fixtures()["lemenkov-rr-sdes-bye"]["expected"]
    rr, sdes, bye = parts(fixture("lemenkov-rr-sdes-bye"))
    assert (rr.packet_type, rr.ssrc, rr.blocks) == (201, expected["rr"]["ssrc"], ())
    assert sdes.texts == ((1, expected["sdes_cname"]),)
    assert bye.left == tuple(expected["bye"])


def test_source_descriptions_with_two_items_and_with_two_chunks() -> None:
    expected = fixtures()["scapy-sdes-2-items"]["expected"]["sdes"]
    (part,) = parts(fixture("scapy-sdes-2-items"))
    assert part.ssrc == expected["ssrc"]
    assert part.texts == ((1, expected["cname"]), (6, expected["tool"]))
    (part,) = parts(fixture("pion-source_description-two-chunks"))
    assert part.texts == ((1, "A"), (1, "BCD"))


def test_a_compound_with_a_negative_loss() -> None:
    found = parts(fixture("scapy-rr-sdes-compound"))
    assert len(found) == fixtures()["scapy-rr-sdes-compound"]["expected"]["packets"]
    assert found[0].blocks[0].lost == -1


@pytest.mark.parametrize("name", ["pion-sender_report-valid", "pion-receiver_report-valid"])
def test_reports_whose_length_is_wrong_are_read_by_their_count(name: str) -> None:
    part = report(name)
    assert part.ssrc == 0x902F9E2E
    (block,) = part.blocks
    assert (block.ssrc, block.highest_sequence, block.jitter) == (0xBC5E9A40, 0x46E1, 273)
    assert (block.lsr, block.dlsr) == (0x9F36432, 150137)


def test_another_version_is_no_rtcp() -> None:
    assert parts(fixture("pion-header-bad-version")) == ()


def test_feedback_is_skipped_by_its_length() -> None:
    feedback = bytes.fromhex("81cd0003") + bytes(12)
    assert [part.packet_type for part in parts(feedback + fixture("sip3-captain-sr"))] == [205, 200]


@pytest.mark.parametrize("name", fixtures())
def test_a_packet_cut_anywhere_is_read_as_far_as_it_goes(name: str) -> None:
    whole = fixture(name)
    for size in range(len(whole)):
        parts(whole[:size])


@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda body: b"\x81\xc8\0\x0c" + body))
def test_any_octets_give_parts(payload: bytes) -> None:
    assert len(parts(payload)) <= MAX_PARTS


def test_a_datagram_of_empty_parts_is_bounded() -> None:
    assert len(parts(b"\x80\xcd\0\0" * 16_000)) == MAX_PARTS
