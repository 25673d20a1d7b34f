import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.capture.files import Frame
from appliance.capture.frames import Dissector, Segment, Skipped, udp
from appliance.capture.links import LINKS
from appliance.capture.tally import Tally
from tests.capture.made import ethernet, ipv4, ipv6
from tests.capture.made import udp as datagram
from tests.captures import load_json

IPV4, IPV6 = ipv4(datagram(b"hello")), ipv6(datagram(b"hello"))
PPPOE = b"\x11\x00\x00\x01\x00\x00"


def segment(data: bytes, link_type: int = 1) -> Segment | str:
    """What a single frame gives, or the reason why nothing."""
    tally = Tally()
    found = Dissector(tally).segment(Frame(1, 5, link_type, data))
    return found if found is not None else next(iter(tally.skipped))


@pytest.mark.parametrize(
    ("link_type", "frame"),
    [
        (1, ethernet(IPV4)),
        (1, ethernet(IPV4) + bytes(18)),
        (1, ethernet(IPV6, 0x86DD)),
        (1, ethernet(PPPOE + b"\x00\x21" + IPV4, 0x8864)),
        (1, ethernet(PPPOE + b"\x00\x57" + IPV6, 0x8864)),
        (113, b"\0\0\0\1\0\6\2\0\0\0\0\1\0\0\x08\x00" + IPV4),
        (113, b"\0\0\0\1\0\6\2\0\0\0\0\1\0\0\x86\xdd" + IPV6),
        (276, b"\x08\x00\0\0\0\0\0\1\0\1\0\6" + bytes(8) + IPV4),
        (0, b"\2\0\0\0" + IPV4),
        (0, b"\0\0\0\2" + IPV4),
        (0, b"\x1e\0\0\0" + IPV6),
        (0, b"\x18\0\0\0" + IPV6),
        (108, b"\0\0\0\x1c" + IPV6),
        (101, IPV4),
        (101, IPV6),
        (12, IPV4),
        (228, IPV4),
        (229, IPV6),
        (9, b"\xff\x03\x00\x21" + IPV4),
        (9, b"\x00\x21" + IPV4),
    ],
)
def test_each_link_type_is_opened(link_type: int, frame: bytes) -> None:
    found = segment(frame, link_type)
    assert isinstance(found, Segment), found
    assert (found.source_ip, found.destination_ip) in [("192.0.2.1", "192.0.2.2"), ("2001:db8::1", "2001:db8::2")]
    assert (found.ip_protocol, udp(found)) == (17, (5060, 5060, b"hello"))
    assert (found.frame, found.time_us, found.vlan) == (1, 5, None)


def test_the_inner_of_two_vlan_tags_is_told() -> None:
    found = segment(ethernet(b"\x00\x64\x81\x00\xe0\x07\x08\x00" + IPV4, 0x88A8))
    assert isinstance(found, Segment)
    assert (found.vlan, found.source_ip) == (7, "192.0.2.1")


def test_an_ipv4_address_in_an_ipv6_one_is_told_as_ipv4() -> None:
    found = segment(ethernet(ipv6(datagram(b"x"), source="::ffff:192.0.2.9"), 0x86DD))
    assert isinstance(found, Segment)
    assert (found.source_ip, found.destination_ip) == ("192.0.2.9", "2001:db8::2")


def test_extension_headers_are_passed_over() -> None:
    inner = b"\x3c\x00" + bytes(6) + b"\x33\x01" + bytes(14) + b"\x11\x04" + bytes(22) + datagram(b"x")
    found = segment(ethernet(ipv6(inner, following=0), 0x86DD))
    assert isinstance(found, Segment)
    assert udp(found)[2] == b"x"


@pytest.mark.parametrize("backwards", [False, True])
def test_fragments_of_both_versions_are_joined(backwards: bool) -> None:
    whole = datagram(bytes(100))
    for make in (
        lambda at, more: ethernet(ipv4(whole[at : at + 56], place=(0x2000 if more else 0) | at // 8)),
        lambda at, more: ethernet(
            ipv6(struct.pack(">BBHI", 17, 0, at | more, 7) + whole[at : at + 56], following=44), 0x86DD
        ),
    ):
        dissector = Dissector(Tally())
        frames = [make(0, 1), make(56, 0)]
        found = [dissector.segment(Frame(1, 5, 1, frame)) for frame in (frames[::-1] if backwards else frames)]
        assert found[0] is None
        assert found[1] is not None and found[1].data == whole


def test_recorded_fragments_of_another_project_are_joined() -> None:
    recorded = {frame["id"]: bytes.fromhex(frame["hex"]) for frame in load_json("tunnel_frames")["frames"]}
    dissector = Dissector(Tally())
    assert dissector.segment(Frame(1, 5, 101, recorded["ipfragment-packet_1"])) is None
    found = dissector.segment(Frame(2, 5, 101, recorded["ipfragment-packet_2"]))
    assert found is not None
    pieces = recorded["ipfragment-packet_1"], recorded["ipfragment-packet_2"]
    assert found.data == b"".join(piece[20:28] for piece in pieces), "the length says 28 octets, the rest is padding"


def test_a_length_of_zero_means_the_whole_frame() -> None:
    """As cards leave it that cut segments themselves."""
    head = bytearray(IPV4)
    head[2:4] = b"\0\0"
    found = segment(ethernet(bytes(head)))
    assert isinstance(found, Segment)
    assert udp(found)[2] == b"hello"


@pytest.mark.parametrize(
    ("frame", "link_type", "reason"),
    [
        (ethernet(b"", 0x0806), 1, "not IP"),
        (b"", 1, "cut short"),
        (ethernet(IPV4[:12]), 1, "cut short"),
        (ethernet(b"\x65" + IPV4[1:]), 1, "malformed IP"),
        (ethernet(b"\x41" + IPV4[1:]), 1, "malformed IP"),
        (ethernet(IPV6[:30], 0x86DD), 1, "cut short"),
        (ethernet(b"\0\1\x81\0" * 20, 0x8100), 1, "too many layers"),
        (b"anything", 127, "link type 127"),
        (b"\x50" + bytes(40), 101, "not IP"),
    ],
)
def test_what_cannot_be_opened_is_counted_with_its_reason(frame: bytes, link_type: int, reason: str) -> None:
    assert segment(frame, link_type) == reason


@pytest.mark.parametrize("data", [b"\0" * 7, struct.pack(">HHHH", 1, 2, 7, 0) + b"x"])
def test_a_udp_header_that_cannot_be_is_skipped(data: bytes) -> None:
    with pytest.raises(Skipped):
        udp(Segment(1, 5, "", "", 17, data))


def test_a_datagram_cut_by_the_capture_gives_what_is_there() -> None:
    found = segment(ethernet(IPV4[:-2]))
    assert isinstance(found, Segment)
    assert udp(found)[2] == b"hel"


@given(st.sampled_from(sorted(LINKS)), st.binary(max_size=120))
def test_any_octets_as_a_frame_are_opened_or_counted(link_type: int, data: bytes) -> None:
    segment(data, link_type)


@given(st.data())
def test_any_change_of_a_frame_is_opened_or_counted(data: st.DataObject) -> None:
    frame = bytearray(data.draw(st.sampled_from([ethernet(IPV4), ethernet(IPV6, 0x86DD)])))
    for _ in range(3):
        frame[data.draw(st.integers(12, len(frame) - 1))] = data.draw(st.integers(0, 255))
    found = segment(bytes(frame))
    if isinstance(found, Segment) and found.ip_protocol == 17:
        try:
            udp(found)
        except Skipped:
            return
