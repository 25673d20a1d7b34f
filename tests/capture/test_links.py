import struct

import pytest

from appliance.capture.links import IPV4, IPV6, LINKS, by_version, ethernet, ppp


def test_an_802_3_frame_with_snap_tells_its_ethertype() -> None:
    frame = bytes(12) + b"\x00\x40\xaa\xaa\x03\0\0\0\x08\x00"
    assert ethernet(frame + b"\x45") == (IPV4, 22)


def test_ppp_with_a_short_protocol_is_read() -> None:
    assert ppp(b"\x21\x45") == (IPV4, 1)
    assert ppp(b"\xff\x03\x00\x57\x60") == (IPV6, 4)


def test_an_unknown_version_of_ip_is_told_as_nothing() -> None:
    assert by_version(b"\x50") == (0, 0)


@pytest.mark.parametrize("link_type", sorted(LINKS.keys() - {51}))
def test_a_header_that_is_not_whole_is_told_as_cut_short(link_type: int) -> None:
    with pytest.raises((struct.error, IndexError)):
        LINKS[link_type](b"")
