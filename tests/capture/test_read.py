"""Every recorded capture against what tshark made of it (derived/tshark_dialogs.json, pcap_expected.json)."""

import itertools
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.capture.classify import HEP, RTCP, SIP
from appliance.capture.files import CaptureError, frames
from appliance.capture.read import captured, captured_from, captured_in
from appliance.capture.tally import Tally
from appliance.sip.parse import parse
from tests.capture.made import BYE, INVITE, RINGING, ethernet, ipv4, opened, pcap, segments, tcp, udp
from tests.captures import CAPTURES, load_json
from tests.tshark_dialogs import (
    DIALOGS,
    FUZZ_EXTRA,
    FUZZ_OTHERWISE,
    FUZZED,
    dialogs_expected,
    dialogs_read,
    read,
    text,
)

COUNTS: dict[str, Any] = {entry["file"]: entry for entry in load_json("pcap_expected")["files"]}
NO_SIP = sorted(name for name, entry in COUNTS.items() if not entry.get("sip", {}).get("messages"))


@pytest.mark.parametrize("name", sorted(DIALOGS.keys() - {FUZZED}))
def test_each_capture_gives_the_messages_that_tshark_finds(name: str) -> None:
    assert dialogs_read(name) == dialogs_expected(name)


def test_of_a_damaged_capture_no_message_is_lost() -> None:
    """aaa.pcap with random octets changed: the same frames, times and addresses, and what tshark leaves out."""
    expected = {seen.frame: (callid, seen) for callid, all_ in dialogs_expected(FUZZED).items() for seen in all_}
    found = {seen.frame: (callid, seen) for callid, all_ in dialogs_read(FUZZED).items() for seen in all_}
    assert found.keys() - expected.keys() == FUZZ_EXTRA.keys()
    assert not expected.keys() - found.keys()
    for frame in expected:
        ours, theirs = found[frame][1], expected[frame][1]
        assert (ours.time_us, ours.source, ours.destination) == (theirs.time_us, theirs.source, theirs.destination)
        assert (found[frame] == expected[frame]) == (frame not in FUZZ_OTHERWISE), (found[frame], expected[frame])


@pytest.mark.parametrize("name", sorted(COUNTS.keys() - {FUZZED}))
def test_each_capture_gives_the_counts_that_tshark_gives(name: str) -> None:
    expected, tally = COUNTS[name], Tally()
    found = read(name, tally)
    kinds = Counter(one.protocol_type for one in found)
    messages = [parse(one.payload) for one in found if one.protocol_type == SIP]
    sip = expected.get("sip", {})
    assert tally.frames == expected["frames"]
    assert tally.damage == ""
    assert kinds[SIP] == sip.get("messages", 0)
    assert Counter(text(m.method) for m in messages if m.method) == sip.get("methods", {})
    assert Counter(str(m.status) for m in messages if not m.method) == sip.get("status", {})
    assert len({m.callid for m in messages if m.callid}) == sip.get("call_ids", 0)


@pytest.mark.parametrize("name", NO_SIP)
def test_other_protocols_give_no_sip(name: str) -> None:
    assert not [one for one in read(name) if one.protocol_type == SIP]


RTCP_MORE = {
    "NormB-sipnab/tests/pcap-samples/SIP_CALL_RTP_G711": {531, 2646},
}
"""Frames with the same report as another on the next hop, which tshark does not see since no SDP names the ports."""


@pytest.mark.parametrize("name", sorted(load_json("tshark_rtcp")["files"]))
def test_each_capture_gives_the_rtcp_that_tshark_finds(name: str) -> None:
    expected = {int(row["frame.number"]) for row in load_json("tshark_rtcp")["files"][name]}
    found = {one.frame for one in read(name) if one.protocol_type == RTCP}
    assert found == expected | RTCP_MORE.get(name, set())


def test_no_other_capture_has_rtcp() -> None:
    known = set(load_json("tshark_rtcp")["files"])
    for name in COUNTS.keys() - known - {FUZZED}:
        assert not [one.frame for one in read(name) if one.protocol_type == RTCP], name


def test_hep_in_a_capture_is_given_frame_by_frame() -> None:
    found = read("sipcapture-hep-wireshark/pcap/hep.pcap")
    assert [one.protocol_type for one in found] == [HEP] * 8
    assert all(one.payload[:4] == b"HEP3" for one in found)


def test_pcap_and_pcapng_of_the_same_traffic_give_the_same() -> None:
    assert read("MichalCab-ISA/sip.pcap") == read("MichalCab-ISA/sip.pcap.pcapng")


def test_hep_and_sip_over_tcp_are_both_read() -> None:
    hep = b"HEP3\x00\x10" + bytes(10)
    found = list(captured_from(opened(segments((hep[:3], 1), (hep[3:], 4)))))
    assert [(one.protocol_type, one.payload, one.frame, one.ip_protocol) for one in found] == [(HEP, hep, 2, 6)]


def test_what_is_left_out_is_counted_by_reason() -> None:
    tally = Tally()
    read("MichalCab-ISA/sip.pcap", tally)
    assert tally.skipped == {"UDP of another protocol": 164, "IP protocol 1": 2}


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a capture")
    for path, words in ((file, "is not a capture"), (tmp_path / "none.pcap", "No such file"), (tmp_path, "directory")):
        with pytest.raises(CaptureError, match=words) as caught:
            list(captured(path))
        assert str(caught.value).startswith(f"{path} ")


PACKETS = st.sampled_from(
    [
        ethernet(ipv4(udp(INVITE))),
        ethernet(ipv4(udp(RINGING), place=0x2000)),
        ethernet(ipv4(tcp(INVITE + BYE, 100), 6)),
        ethernet(ipv4(tcp(RINGING, 300, flags=1), 6)),
    ]
)


@given(st.lists(PACKETS, max_size=6), st.data())
def test_any_change_of_a_capture_raises_nothing_else(frames: list[bytes], data: st.DataObject) -> None:
    whole = bytearray(pcap(*frames))
    for _ in range(4):
        whole[data.draw(st.integers(4, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        list(captured_from(opened(bytes(whole))))
    except CaptureError as error:
        assert str(error)


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_frames_of_a_capture_with_changed_octets_raise_nothing(name: str) -> None:
    """Up to 400 frames of each, with up to eight octets changed, cut, and in another order; the same at each run."""
    rng = random.Random(name)
    with (CAPTURES / name).open("rb") as file:
        original = list(itertools.islice(frames(file), 400))
    for frame in original:
        octets = bytearray(frame.data)
        for _ in range(rng.randrange(8)):
            octets[rng.randrange(min(len(octets), 120))] = rng.randrange(256) if octets else 0
        frame.data = bytes(octets[: len(octets) if rng.random() < 0.8 else rng.randrange(len(octets) + 1)])
    rng.shuffle(original)
    tally = Tally()
    list(captured_in(original, tally))
    assert not tally.damage
