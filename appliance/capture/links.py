"""Link types of captures (tcpdump.org/linktypes.html): what the header in front of a frame says of its inside."""

import struct
from collections.abc import Callable

IPV4, IPV6, PPPOE = 0x0800, 0x86DD, 0x8864
_SNAP = b"\xaa\xaa\x03"
_SMALLEST_TYPE = 0x0600
"""Of an EtherType; less is the length of an IEEE 802.3 frame."""

Inner = tuple[int, int]
"""EtherType of what is carried, 0 for what we do not read, and the place where that begins."""


def ethernet(data: bytes, at: int = 0) -> Inner:
    """Ethernet II, or IEEE 802.3 with LLC and SNAP (RFC 1042)."""
    ether_type = struct.unpack_from(">H", data, at + 12)[0]
    if ether_type < _SMALLEST_TYPE and data[at + 14 : at + 17] == _SNAP:
        return struct.unpack_from(">H", data, at + 20)[0], at + 22
    return ether_type, at + 14


def ppp(data: bytes, at: int = 0) -> Inner:
    """PPP, with or without HDLC's address and control octets, with one or two octets of protocol (RFC 1661, 1662)."""
    if data[at : at + 2] == b"\xff\x03":
        at += 2
    protocol, size = (data[at], 1) if data[at] & 1 else (struct.unpack_from(">H", data, at)[0], 2)
    return {0x21: IPV4, 0x57: IPV6}.get(protocol, 0), at + size


def by_version(data: bytes, at: int = 0) -> Inner:
    """IP of the version that its first four bits tell."""
    return {4: IPV4, 6: IPV6}.get(data[at] >> 4, 0), at


def _cooked(data: bytes) -> Inner:
    return struct.unpack_from(">H", data, 14)[0], 16


def _cooked2(data: bytes) -> Inner:
    return struct.unpack_from(">H", data)[0], 20


def _cisco_hdlc(data: bytes) -> Inner:
    return struct.unpack_from(">H", data, 2)[0], 4


def _pppoe(data: bytes) -> Inner:
    return PPPOE, 0


def _null(data: bytes) -> Inner:
    """The address family in the byte order of the machine that captured; each system has its own number for IPv6."""
    family = min(struct.unpack_from("<I", data)[0], struct.unpack_from(">I", data)[0])
    return {2: IPV4, 10: IPV6, 24: IPV6, 28: IPV6, 30: IPV6}.get(family, 0), 4


LINKS: dict[int, Callable[[bytes], Inner]] = {
    0: _null,
    1: ethernet,
    9: ppp,
    12: by_version,
    14: by_version,
    50: ppp,
    51: _pppoe,
    101: by_version,
    104: _cisco_hdlc,
    108: _null,
    113: _cooked,
    228: by_version,
    229: by_version,
    276: _cooked2,
}
