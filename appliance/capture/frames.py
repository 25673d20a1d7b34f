"""Frames: what lies in one captured frame, down to UDP datagrams and TCP segments.

Link types: Ethernet, Linux cooked 1 and 2, BSD null and loop, raw IP, PPP; within them VLAN tags (802.1Q, 802.1ad)
and PPPoE. IP of both versions, extension headers, fragments (`fragments`). A layer that we do not open is counted
with its reason. An encapsulation more is a function more in one of the three tables.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address

from appliance.capture.files import Frame
from appliance.capture.fragments import Fragments
from appliance.capture.tally import Tally

TCP, UDP = 6, 17
_HOP_BY_HOP, _ROUTING, _FRAGMENT, _AUTHENTICATION, _OPTIONS, _MOBILITY = 0, 43, 44, 51, 60, 135
_IPV4, _IPV6, _PPPOE = 0x0800, 0x86DD, 0x8864
_VLAN = frozenset({0x8100, 0x88A8, 0x9100, 0x9200})
_DEEPEST = 8
"""Layers within layers; more is an attack or damage."""


@dataclass(slots=True)
class Segment:
    """The payload of one IP packet, its transport's header still in front."""

    frame: int
    time_us: int
    source_ip: str
    destination_ip: str
    ip_protocol: int
    data: bytes
    vlan: int | None = None


class Skipped(Exception):
    """This frame gives no segment; the text is the reason to count."""


class Dissector:
    """Takes frames apart; holds the fragments that wait for the others of their datagram."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._fragments = Fragments(tally)
        self._frame = Frame(0, 0, 0, b"")
        self._vlan: int | None = None

    def segment(self, frame: Frame) -> Segment | None:
        """The transport segment that this frame holds or completes."""
        self._frame, self._vlan = frame, None
        try:
            return self._link(frame.link_type, frame.data)
        except Skipped as reason:
            self._tally.skip(str(reason))
        except (struct.error, IndexError):
            self._tally.skip("cut short")
        return None

    def end(self) -> None:
        """No more frames: count the fragments whose others never came."""
        self._fragments.end()

    def _link(self, link_type: int, data: bytes) -> Segment:
        opener = _LINKS.get(link_type)
        if opener is None:
            raise Skipped(f"link type {link_type}")
        ether_type, at = opener(data)
        return self._network(ether_type, data, at)

    def _network(self, ether_type: int, data: bytes, at: int) -> Segment:
        for _ in range(_DEEPEST):
            if ether_type == _IPV4:
                return self._ipv4(data, at)
            if ether_type == _IPV6:
                return self._ipv6(data, at)
            if ether_type in _VLAN:
                tag, ether_type = struct.unpack_from(">HH", data, at)
                self._vlan, at = tag & 0x0FFF, at + 4
            elif ether_type == _PPPOE:
                ether_type, at = _ppp(data, at + 6)
            else:
                break
        raise Skipped("not IP")

    def _ipv4(self, data: bytes, at: int) -> Segment:
        version_size, total, ident, fragment, protocol = struct.unpack_from(">BxHHHxB", data, at)
        size = (version_size & 15) * 4
        if version_size >> 4 != 4 or size < 20:
            raise Skipped("malformed IP")
        end = at + total if total else len(data)  # 0: segmentation was left to the card, the whole frame is it
        if end < at + size or len(data) < at + size:
            raise Skipped("cut short")
        source, destination = data[at + 12 : at + 16], data[at + 16 : at + 20]
        payload = data[at + size : end]
        if fragment & 0x3FFF:
            key = (source, destination, protocol, ident)
            payload = self._whole(key, (fragment & 0x1FFF) * 8, bool(fragment & 0x2000), payload)
        return self._made(source, destination, protocol, payload)

    def _ipv6(self, data: bytes, at: int) -> Segment:
        first, size, following = struct.unpack_from(">IHB", data, at)
        if first >> 28 != 6:
            raise Skipped("malformed IP")
        if len(data) < at + 40:
            raise Skipped("cut short")
        source, destination = data[at + 8 : at + 24], data[at + 24 : at + 40]
        payload = data[at + 40 : at + 40 + size if size else len(data)]
        for _ in range(_DEEPEST):
            if following in (_HOP_BY_HOP, _ROUTING, _OPTIONS, _MOBILITY):
                following, payload = payload[0], payload[(payload[1] + 1) * 8 :]
            elif following == _AUTHENTICATION:
                following, payload = payload[0], payload[(payload[1] + 2) * 4 :]
            elif following == _FRAGMENT:
                inner, place, ident = struct.unpack_from(">BxHI", payload)
                key = (source, destination, inner, ident)
                payload = self._whole(key, place & 0xFFF8, bool(place & 1), payload[8:])
                following = inner
            else:
                return self._made(source, destination, following, payload)
        raise Skipped("malformed IP")

    def _whole(self, key: tuple[bytes, bytes, int, int], offset: int, more: bool, piece: bytes) -> bytes:
        payload = self._fragments.add(key, offset, more, piece, self._frame.time_us)
        if payload is None:
            raise Skipped("fragment")
        return payload

    def _made(self, source: bytes, destination: bytes, protocol: int, payload: bytes) -> Segment:
        frame = self._frame
        addresses = _address(source), _address(destination)
        return Segment(frame.number, frame.time_us, *addresses, protocol, payload, self._vlan)


def udp(segment: Segment) -> tuple[int, int, bytes]:
    """Source port, destination port and payload of a UDP datagram. Raises Skipped."""
    if len(segment.data) < 8:
        raise Skipped("cut short")
    source, destination, size = struct.unpack_from(">HHH", segment.data)
    if 0 < size < 8:
        raise Skipped("malformed UDP")
    return source, destination, segment.data[8:size] if size else segment.data[8:]


@lru_cache(maxsize=65536)
def _address(octets: bytes) -> str:
    if len(octets) == 4:
        return str(IPv4Address(octets))
    address = IPv6Address(octets)
    return str(address.ipv4_mapped or address)


def _ethernet(data: bytes) -> tuple[int, int]:
    return struct.unpack_from(">H", data, 12)[0], 14


def _cooked(data: bytes) -> tuple[int, int]:
    return struct.unpack_from(">H", data, 14)[0], 16


def _cooked2(data: bytes) -> tuple[int, int]:
    return struct.unpack_from(">H", data)[0], 20


def _null(data: bytes) -> tuple[int, int]:
    """The address family in the byte order of the machine that captured; each system has its own number for IPv6."""
    family = min(struct.unpack_from("<I", data)[0], struct.unpack_from(">I", data)[0])
    return {2: _IPV4, 10: _IPV6, 24: _IPV6, 28: _IPV6, 30: _IPV6}.get(family, 0), 4


def _raw(data: bytes) -> tuple[int, int]:
    return {4: _IPV4, 6: _IPV6}.get(data[0] >> 4, 0), 0


def _ppp(data: bytes, at: int = 0) -> tuple[int, int]:
    """PPP, with or without the address and control octets of HDLC (RFC 1661, 1662)."""
    if data[at : at + 2] == b"\xff\x03":
        at += 2
    return {0x21: _IPV4, 0x57: _IPV6}.get(struct.unpack_from(">H", data, at)[0], 0), at + 2


_LINKS: dict[int, Callable[[bytes], tuple[int, int]]] = {
    0: _null,
    1: _ethernet,
    9: _ppp,
    12: _raw,
    14: _raw,
    101: _raw,
    108: _null,
    113: _cooked,
    228: _raw,
    229: _raw,
    276: _cooked2,
}
"""Link type (tcpdump.org/linktypes.html) -> the EtherType of what it carries and where that begins."""
