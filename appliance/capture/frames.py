"""Frames: what lies in one captured frame, down to UDP datagrams, TCP segments and SCTP packets.

Link types (`links`), encapsulations (`tunnels`), IP of both versions, extension headers, fragments (`fragments`): each
layer tells the EtherType of the next, until one is the transport. What we do not open is counted with its reason.
"""

import struct
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address

from appliance.capture.files import Frame
from appliance.capture.fragments import Fragments
from appliance.capture.links import IPV4, IPV6, LINKS
from appliance.capture.tally import Tally
from appliance.capture.tunnels import BRIDGED, BY_ETHER_TYPE, VLAN, Inside, inside

TCP, UDP, SCTP = 6, 17, 132
_HOP_BY_HOP, _ROUTING, _FRAGMENT, _AUTHENTICATION, _OPTIONS, _MOBILITY = 0, 43, 44, 51, 60, 135
_DEEPEST = 12
"""Layers within layers (a tag, an IP header and what carries it are one each); more is an attack or damage."""


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
        opener = LINKS.get(link_type)
        if opener is None:
            raise Skipped(f"link type {link_type}")
        ether_type, at = opener(data)
        for _ in range(_DEEPEST):
            if ether_type in (IPV4, IPV6):
                segment = self._ipv4(data, at) if ether_type == IPV4 else self._ipv6(data, at)
                carried = inside(segment.ip_protocol, segment.data)
                if carried is None:
                    return segment
                data = segment.data
                ether_type, at = self._entered(carried)
            elif ether_type in VLAN:
                tag, ether_type = struct.unpack_from(">HH", data, at)
                self._vlan, at = tag & 0x0FFF, at + 4
            elif ether_type in BY_ETHER_TYPE:
                ether_type, at = self._entered(BY_ETHER_TYPE[ether_type](data, at))
            else:
                raise Skipped("not IP")
        raise Skipped("too many layers")

    def _entered(self, carried: Inside) -> tuple[int, int]:
        """A frame within a frame has its own VLAN, not that of the network which carries it."""
        if carried.ether_type == BRIDGED:
            self._vlan = carried.vlan
        return carried.ether_type, carried.at

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
