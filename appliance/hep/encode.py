"""A Packet as one HEP 3 frame: what `replay`, `sniff` and `demo` send, and the inverse of `decode`."""

import zlib
from struct import Struct, error

from appliance.hep import chunks
from appliance.hep.addresses import address_octets
from appliance.hep.compression import MAX_PAYLOAD
from appliance.hep.errors import HepError
from appliance.model.packet import Packet

MAX_FRAME = 65535
"""The largest total length; over UDP an IPv4 datagram holds 65,507 octets of it."""

_AF_INET, _AF_INET6 = 2, 10
_HEADER = 6
_CHUNK = Struct("!HHH")
_UINT8, _UINT16, _UINT32 = Struct("!HHHB"), Struct("!HHHH"), Struct("!HHHI")


def encode(packet: Packet) -> bytes:
    """Write HEP 3, whatever version the packet came in. Raises HepError("too-large") and others.

    What is absent (no address, no time, empty name or correlation id) gets no chunk.
    """
    try:
        parts = [*_addresses(packet), *_numbers(packet), *_octets(packet)]
    except error as problem:
        raise HepError("bad-value") from problem
    size = _HEADER + sum(map(len, parts))
    if size > MAX_FRAME:
        raise HepError("too-large", MAX_FRAME)
    return b"".join((b"HEP3", size.to_bytes(2, "big"), *parts))


def _addresses(packet: Packet) -> list[bytes]:
    source, destination = address_octets(packet.source_ip), address_octets(packet.destination_ip)
    family = _AF_INET6 if 16 in (len(source), len(destination)) else _AF_INET
    parts = [_UINT8.pack(0, chunks.FAMILY, 7, family), _UINT8.pack(0, chunks.IP_PROTOCOL, 7, packet.ip_protocol)]
    if source:
        parts.append(_chunk(0, chunks.SOURCE_IPV4 if len(source) == 4 else chunks.SOURCE_IPV6, source))
    if destination:
        type_ = chunks.DESTINATION_IPV4 if len(destination) == 4 else chunks.DESTINATION_IPV6
        parts.append(_chunk(0, type_, destination))
    return parts


def _numbers(packet: Packet) -> list[bytes]:
    parts = [
        _UINT16.pack(0, chunks.SOURCE_PORT, 8, packet.source_port),
        _UINT16.pack(0, chunks.DESTINATION_PORT, 8, packet.destination_port),
    ]
    if packet.time_us is not None:
        seconds, microseconds = divmod(packet.time_us, 1_000_000)
        parts.append(_UINT32.pack(0, chunks.SECONDS, 10, seconds))
        parts.append(_UINT32.pack(0, chunks.MICROSECONDS, 10, microseconds))
    parts.append(_UINT8.pack(0, chunks.PROTOCOL_TYPE, 7, packet.protocol_type))
    if packet.capture_id is not None:
        parts.append(_UINT32.pack(0, chunks.CAPTURE_ID, 10, packet.capture_id))
    if packet.vlan is not None:
        parts.append(_UINT16.pack(0, chunks.VLAN, 8, packet.vlan))
    return parts


def _octets(packet: Packet) -> list[bytes]:
    parts = []
    if packet.auth_key is not None:
        parts.append(_chunk(0, chunks.AUTH_KEY, packet.auth_key))
    if packet.correlation_id:
        parts.append(_chunk(0, chunks.CORRELATION_ID, packet.correlation_id))
    if packet.node_name:
        parts.append(_chunk(0, chunks.NODE_NAME, packet.node_name))
    parts += [_chunk(vendor, type_, value) for vendor, type_, value in packet.extra]
    if not packet.compressed:
        return [*parts, _chunk(0, chunks.PAYLOAD, packet.payload)]
    if len(packet.payload) > MAX_PAYLOAD:
        raise HepError("too-large", MAX_PAYLOAD)
    return [*parts, _chunk(0, chunks.COMPRESSED_PAYLOAD, zlib.compress(packet.payload))]


def _chunk(vendor: int, type_: int, value: bytes) -> bytes:
    if len(value) > MAX_FRAME - 2 * _HEADER:
        raise HepError("too-large", MAX_FRAME)
    return _CHUNK.pack(vendor, type_, _HEADER + len(value)) + value
