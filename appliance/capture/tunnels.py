"""Encapsulations: what a layer carries, told in EtherTypes.

By EtherType: VLAN tags (802.1Q, 802.1ad), PPPoE, MPLS, Ethernet in Ethernet, ERSPAN, PPP of GRE. By IP protocol: IP in
IP, GRE (RFC 2784, 2890, 2637), EtherIP, MPLS. By UDP port: VXLAN, Geneve, GTP-U, TZSP, MPLS. Functions get the
octets and where their layer begins; struct.error or IndexError means that it is cut short. `frames.Dissector` calls.
"""

import struct
from collections.abc import Callable
from typing import NamedTuple

from appliance.capture.links import IPV4, IPV6, PPPOE, by_version, ethernet, ppp

BRIDGED = 0x6558
"""Transparent Ethernet bridging: a whole Ethernet frame."""
VLAN = frozenset({0x8100, 0x88A8, 0x9100, 0x9200})
_MPLS, _PPP, _ERSPAN_2, _ERSPAN_3 = 0x8847, 0x880B, 0x88BE, 0x22EB
_ERSPAN_1 = 0x1_88BE
"""Not a real EtherType: ERSPAN without a header of its own, told by GRE without a sequence number."""


class Inside(NamedTuple):
    """What a layer carries."""

    ether_type: int
    """0 for what we do not read."""
    at: int
    """Where it begins."""
    vlan: int | None = None
    """The VLAN that a mirrored frame had, when the encapsulation tells it."""


NOTHING = Inside(0, 0)


def _bridged(data: bytes, at: int) -> Inside:
    return Inside(*ethernet(data, at))


def _ppp(data: bytes, at: int) -> Inside:
    return Inside(*ppp(data, at))


def _pppoe(data: bytes, at: int) -> Inside:
    return Inside(*ppp(data, at + 6))


def _mpls(data: bytes, at: int) -> Inside:
    """RFC 3032 labels; below them IP by its version, else Ethernet, with a control word (RFC 4448) or without."""
    while not data[at + 2] & 1:
        at += 4
    at += 4
    first = data[at]
    if first >> 4 == 6 or 0x45 <= first <= 0x4F:
        return Inside(*by_version(data, at))
    return Inside(BRIDGED, at if first >> 4 else at + 4)


def _erspan_1(data: bytes, at: int) -> Inside:
    return Inside(BRIDGED, at)


def _erspan_2(data: bytes, at: int) -> Inside:
    return Inside(BRIDGED, at + 8, _mirrored_vlan(data, at))


def _erspan_3(data: bytes, at: int) -> Inside:
    """draft-foschiano-erspan: twelve octets, eight more when the last bit says so; frame type 2 is IP."""
    flags = struct.unpack_from(">H", data, at + 10)[0]
    inner = at + (20 if flags & 1 else 12)
    if flags >> 10 & 31 == 2:
        return Inside(*by_version(data, inner))
    return Inside(BRIDGED, inner, _mirrored_vlan(data, at))


def _mirrored_vlan(data: bytes, at: int) -> int | None:
    return struct.unpack_from(">H", data, at)[0] & 0x0FFF or None


def _gre(data: bytes, at: int) -> Inside:
    flags, ether_type = struct.unpack_from(">HH", data, at)
    if flags & 0x4000 or flags & 7 > 1:  # source routes (RFC 1701), which nobody sends, or an unknown version
        return NOTHING
    checksum, key, sequence = flags & 0x8000, flags & 0x2000, flags & 0x1000
    acknowledgement = flags & 0x0080 and flags & 7 == 1
    at += 4 + 4 * sum(map(bool, (checksum, key, sequence, acknowledgement)))
    if ether_type == _ERSPAN_2 and not sequence:
        ether_type = _ERSPAN_1
    return Inside(ether_type, at)


def _ether_ip(data: bytes, at: int) -> Inside:
    """RFC 3378."""
    return Inside(BRIDGED, at + 2)


def _ipv4(data: bytes, at: int) -> Inside:
    return Inside(IPV4, at)


def _ipv6(data: bytes, at: int) -> Inside:
    return Inside(IPV6, at)


def _mpls_labels(data: bytes, at: int) -> Inside:
    return Inside(_MPLS, at)


def _vxlan(data: bytes, at: int) -> Inside | None:
    """RFC 7348, also with a group policy (flag 0x80)."""
    return Inside(BRIDGED, at + 8) if data[at] in (0x08, 0x88) and len(data) >= at + 22 else None


def _geneve(data: bytes, at: int) -> Inside | None:
    """RFC 8926."""
    if data[at] >> 6:
        return None
    return Inside(struct.unpack_from(">H", data, at + 2)[0], at + 8 + (data[at] & 0x3F) * 4)


def _gtp_user(data: bytes, at: int) -> Inside | None:
    """GTP version 1, user plane (3GPP TS 29.281 part 5): a G-PDU, with its extension headers."""
    flags, message = data[at], data[at + 1]
    if flags >> 4 != 3 or message != 255:
        return None
    inner = at + 8
    if flags & 7:
        following, inner = (data[at + 11] if flags & 4 else 0), at + 12
        while following:
            size = data[inner] * 4
            if size == 0:
                return None
            following, inner = data[inner + size - 1], inner + size
    return Inside(*by_version(data, inner))


def _tzsp(data: bytes, at: int) -> Inside | None:
    """TaZmen Sniffer Protocol, as MikroTik's routers mirror: tagged fields up to the one that ends them."""
    version, kind, protocol = struct.unpack_from(">BBH", data, at)
    if version != 1 or kind > 1 or protocol != 1:
        return None
    at += 4
    while (tag := data[at]) != 1:
        at += 1 if tag == 0 else 2 + data[at + 1]
    return Inside(BRIDGED, at + 1)


BY_ETHER_TYPE: dict[int, Callable[[bytes, int], Inside]] = {
    PPPOE: _pppoe,
    BRIDGED: _bridged,
    _MPLS: _mpls,
    0x8848: _mpls,
    _PPP: _ppp,
    _ERSPAN_1: _erspan_1,
    _ERSPAN_2: _erspan_2,
    _ERSPAN_3: _erspan_3,
}
BY_IP_PROTOCOL: dict[int, Callable[[bytes, int], Inside]] = {
    4: _ipv4,
    41: _ipv6,
    47: _gre,
    94: _ipv4,
    97: _ether_ip,
    137: _mpls_labels,
}
BY_UDP_PORT: dict[int, Callable[[bytes, int], Inside | None]] = {
    2152: _gtp_user,
    4789: _vxlan,
    6081: _geneve,
    6635: _mpls_labels,
    8472: _vxlan,
    37008: _tzsp,
}
"""By the port of the destination. None: not of that kind by its octets, so a datagram like others."""


def inside(ip_protocol: int, data: bytes) -> Inside | None:
    """What the payload of an IP packet carries; None when it is no tunnel."""
    opener = BY_IP_PROTOCOL.get(ip_protocol)
    if opener is not None:
        return opener(data, 0)
    if ip_protocol != 17 or len(data) < 9:
        return None
    of_port = BY_UDP_PORT.get(data[2] << 8 | data[3])
    if of_port is None:
        return None
    try:
        return of_port(data, 8)
    except (struct.error, IndexError):
        return None
