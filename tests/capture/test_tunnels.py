"""Each encapsulation around the same datagram gives that datagram."""

import itertools
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.capture.files import Frame
from appliance.capture.frames import Dissector, Segment, udp
from appliance.capture.read import captured_from
from appliance.capture.tally import Tally
from appliance.capture.tunnels import NOTHING, inside
from tests.capture.made import INVITE, ethernet, ipv4, ipv6, opened, pcap
from tests.capture.made import udp as datagram
from tests.captures import load_json

V4, V6 = ipv4(datagram(INVITE), source="198.51.100.1"), ipv6(datagram(INVITE), source="2001:db8:1::1")
FRAME = ethernet(V4)
LABELS = b"\x00\x01\x00\x40\x00\x02\x01\x40"
TAGGED = ethernet(b"\x00\x07\x08\x00" + V4, 0x8100)


def gre(ether_type: int, payload: bytes, flags: int = 0, options: bytes = b"") -> bytes:
    return ethernet(ipv4(struct.pack(">HH", flags, ether_type) + options + payload, 47))


def over_udp(port: int, payload: bytes) -> bytes:
    return ethernet(ipv4(datagram(payload, 50000, port)))


WRAPPED = {
    "IPv4 in IPv4": ethernet(ipv4(V4, 4)),
    "IPv6 in IPv4": ethernet(ipv4(V6, 41)),
    "IPv4 in IPv6": ethernet(ipv6(V4, 4), 0x86DD),
    "IPv6 in IPv6": ethernet(ipv6(V6, 41), 0x86DD),
    "GRE": gre(0x0800, V4),
    "GRE with checksum, key and number": gre(0x86DD, V6, 0xB000, bytes(12)),
    "GRE with Ethernet": gre(0x6558, FRAME),
    "GRE with PPP (PPTP)": gre(0x880B, b"\xff\x03\x00\x21" + V4, 0x3081, bytes(12)),
    "ERSPAN I": gre(0x88BE, FRAME),
    "ERSPAN II": gre(0x88BE, b"\x10\x07\0\1\0\0\0\0" + FRAME, 0x1000, bytes(4)),
    "ERSPAN III": gre(0x22EB, b"\x20\x07\0\1" + bytes(8) + FRAME, 0x1000, bytes(4)),
    "ERSPAN III with a subheader": gre(0x22EB, b"\x20\x07\0\1" + bytes(7) + b"\1" + bytes(8) + FRAME, 0x1000, bytes(4)),
    "ERSPAN III with IP": gre(0x22EB, b"\x20\x07\0\1" + bytes(6) + b"\x08\0" + V4, 0x1000, bytes(4)),
    "VXLAN": over_udp(4789, b"\x08\0\0\0\0\0\1\0" + FRAME),
    "VXLAN of a tagged frame": over_udp(8472, b"\x08\0\0\0\0\0\1\0" + TAGGED),
    "Geneve": over_udp(6081, b"\x01\0\x65\x58\0\0\1\0" + bytes(4) + FRAME),
    "GTP-U": over_udp(2152, b"\x30\xff" + struct.pack(">HI", len(V4), 1) + V4),
    "GTP-U with extensions": over_udp(
        2152, b"\x34\xff" + struct.pack(">HI", len(V6) + 8, 1) + b"\0\0\0\x85\1\0\0\0" + V6
    ),
    "TZSP": over_udp(37008, b"\1\0\0\1\0\x0a\1\xff\1" + FRAME),
    "EtherIP": ethernet(ipv4(b"\x30\0" + FRAME, 97)),
    "MPLS": ethernet(LABELS + V4, 0x8847),
    "MPLS with Ethernet": ethernet(LABELS + bytes(4) + FRAME, 0x8847),
    "MPLS in UDP": over_udp(6635, LABELS + V6),
    "MPLS in IP": ethernet(ipv4(LABELS + V4, 137)),
    "PPPoE": ethernet(b"\x11\0\0\1\0\0\0\x21" + V4, 0x8864),
    "QinQ": ethernet(b"\0\5\x81\0\0\7\x08\0" + V4, 0x88A8),
    "VXLAN over QinQ, with GRE within": ethernet(
        b"\0\5\x81\0\0\6\x08\0" + over_udp(4789, b"\x08\0\0\0\0\0\1\0" + gre(0x0800, V4))[14:], 0x88A8
    ),
}
WITH_VLAN = {"ERSPAN II", "ERSPAN III", "ERSPAN III with a subheader", "VXLAN of a tagged frame", "QinQ"}


@pytest.mark.parametrize("name", sorted(WRAPPED))
def test_each_encapsulation_is_opened(name: str) -> None:
    tally = Tally()
    (found,) = captured_from(opened(pcap(WRAPPED[name])), tally)
    assert found.source_ip in ("198.51.100.1", "2001:db8:1::1")
    assert found.payload == INVITE
    assert found.vlan == (7 if name in WITH_VLAN else None)
    assert not tally.skipped


@pytest.mark.parametrize("outer", sorted(WRAPPED))
def test_fragments_of_what_carries_a_tunnel_are_joined_first(outer: str) -> None:
    frame = WRAPPED[outer]
    if frame[12:14] != b"\x08\x00":
        return
    payload, protocol = frame[34:], frame[23]
    pieces = [
        ethernet(ipv4(payload[at : at + 96], protocol, place=at // 8 | (0x2000 if at + 96 < len(payload) else 0)))
        for at in range(0, len(payload), 96)
    ]
    (found,) = captured_from(opened(pcap(*pieces[::-1])))
    assert (found.frame, found.payload) == (len(pieces), INVITE)


def test_layers_without_end_are_refused() -> None:
    frame = V4
    for _ in range(40):
        frame = ipv4(frame, 4)
    tally = Tally()
    assert Dissector(tally).segment(Frame(1, 0, 1, ethernet(frame))) is None
    assert tally.skipped == {"too many layers": 1}


@pytest.mark.parametrize("port", [2152, 4789, 6081, 8472, 37008])
def test_sip_on_the_port_of_a_tunnel_is_still_sip(port: int) -> None:
    (found,) = captured_from(opened(pcap(over_udp(port, INVITE))))
    assert found.payload == INVITE and found.destination_port == port


def test_a_gre_of_an_unknown_version_is_left_out() -> None:
    assert inside(47, b"\x40\x02\x08\x00" + V4) == NOTHING


def test_recorded_headers_of_another_project_are_opened() -> None:
    recorded = {frame["id"]: bytes.fromhex(frame["hex"]) for frame in load_json("tunnel_frames")["frames"]}
    found = Dissector(Tally()).segment(Frame(1, 0, 101, recorded["ipv4-packet_3"]))
    assert isinstance(found, Segment)
    assert (found.source_ip, found.destination_ip) == ("10.250.244.5", "10.197.21.117")
    assert udp(found)[:2] == (12864, 59452)
    assert inside(17, recorded["udp-packet_5"]) == (0x6558, 16, None)
    assert inside(47, recorded["gre-packet_1"]) == (0x88BE, 8, None)
    assert inside(47, recorded["gre-packet_2"]) == (0x6558, 8, None)
    assert inside(17, datagram(recorded["tzsp-packet_1"], 1, 37008)) == (0x6558, 13, None)


@given(st.sampled_from(sorted(WRAPPED)), st.data())
def test_any_change_of_a_tunnel_is_opened_or_counted(name: str, data: st.DataObject) -> None:
    frame = bytearray(WRAPPED[name])
    for _ in range(4):
        frame[data.draw(st.integers(12, min(len(frame), 120) - 1))] = data.draw(st.integers(0, 255))
    tally = Tally()
    found = list(captured_from(opened(pcap(bytes(frame[: data.draw(st.integers(0, len(frame)))]))), tally))
    assert found or tally.skipped


def test_two_encapsulations_within_each_other_are_opened() -> None:
    plain = {name: frame for name, frame in WRAPPED.items() if frame[12:14] == b"\x08\x00"}
    for (_, outer), (name, inner) in itertools.product([("VXLAN", b"\x08\0\0\0\0\0\1\0")], plain.items()):
        (found,) = captured_from(opened(pcap(over_udp(4789, outer + inner))))
        assert found.payload == INVITE, name
