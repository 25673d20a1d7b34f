"""One HEP datagram (or one frame of a stream) to a Packet.

HEP 3, all numbers big-endian:  "HEP3", total length (2), then chunks: vendor (2), type (2), length (2), value.
Chunks may come in any order; a generic chunk of an unexpected size and everything else that has no field of its
own is kept in `Packet.extra`. Of repeated chunks the last counts. Octets after the total length are ignored, as
Kamailio does. A whole frame in gzip (heplify's `payload_zip`) is unpacked first.
"""

from struct import Struct

from appliance.hep import chunks
from appliance.hep.addresses import address_text
from appliance.hep.compression import GZIP, unpack
from appliance.hep.errors import HepError
from appliance.hep.version12 import decode_version12
from appliance.model.packet import Packet
from appliance.model.remembered import Remembered

MAGICS = (b"HEP3", b"EEP3")
HEADER = 6
"""Octets of magic and total length; of vendor, type and length of a chunk too."""

_CHUNK = Struct("!IH")
_SOURCES = (chunks.SOURCE_IPV4, chunks.SOURCE_IPV6)
_DESTINATIONS = (chunks.DESTINATION_IPV4, chunks.DESTINATION_IPV6)
_ADDRESS_LENGTHS = (HEADER + 4, HEADER + 16)


def decode(data: bytes) -> Packet:
    """Read an envelope of HEP 1, 2 or 3. Raises HepError.

    An absent address is "", an absent port or protocol 0, an absent time None; whether a time is credible is
    for the caller, who has a clock, to say.
    """
    if data[:4] not in MAGICS:
        if data[:2] != GZIP:
            return decode_version12(data)
        data = unpack(data)
        if data[:4] not in MAGICS:
            raise HepError("not-hep")
    end = data[4] << 8 | data[5] if len(data) >= HEADER else -1
    if HEADER <= end <= len(data):
        return _decode_chunks(data, end)
    raise HepError("bad-length" if 0 <= end < HEADER else "truncated", min(len(data), 4))


_TIME = (_CHUNK.pack(chunks.SECONDS, HEADER + 4), _CHUNK.pack(chunks.MICROSECONDS, HEADER + 4))
_TYPE_AND_ID = Struct("!6sB6sI")
_LAYOUTS = {
    chunks.SOURCE_IPV4: Struct("!50s6sI6sI17s"),
    chunks.SOURCE_IPV6: Struct("!74s6sI6sI17s"),
    chunks.SOURCE_PORT: Struct("!30s6sI6sI17s"),
}
"""Orders in which most agents write the chunks that all packets have, by the type of the third chunk: heplify and
OpenSIPS with the addresses first, Kamailio, captagent and FreeSWITCH with the addresses later. What stands before and
behind the time is the same in many packets, and is looked up."""
_FLOWS = {
    size: (Struct("!" + form), tuple(_CHUNK.pack(type_, HEADER + length) for type_, length in sizes))
    for size, form, sizes in (
        (50, "6sB6sB6s4s6s4s6sH6sH", ((1, 1), (2, 1), (3, 4), (4, 4), (7, 2), (8, 2))),
        (74, "6sB6sB6s16s6s16s6sH6sH", ((1, 1), (2, 1), (5, 16), (6, 16), (7, 2), (8, 2))),
        (30, "6sB6sB6sH6sH", ((1, 1), (2, 1), (7, 2), (8, 2))),
    )
}
_THIRD_TYPE = HEADER + 2 * (HEADER + 1) + 3
_SIZES = {1: 1, 2: 1, 7: 2, 8: 2, 9: 4, 10: 4, 11: 1, 12: 4, chunks.VLAN: 2}

Flow = tuple[int, str, int, str, int]
"""IP protocol, source address and port, destination address and port."""


def _read_flow(octets: bytes) -> Flow | None:
    """What stands before the time; None where the chunks are others."""
    form, headers = _FLOWS[len(octets)]
    values = form.unpack(octets)
    if values[::2] != headers:
        return None
    source, destination = (values[5], values[7]) if len(values) == 12 else (b"", b"")
    return values[3], address_text(source), values[-3], address_text(destination), values[-1]


def _read_type_and_id(octets: bytes) -> tuple[int, int] | None:
    """Protocol type and capture id behind the time; None where the chunks are others."""
    type_header, type_, id_header, capture_id = _TYPE_AND_ID.unpack(octets)
    usual = type_header == b"\0\0\0\x0b\0\x07" and id_header == b"\0\0\0\x0c\0\x0a"
    return (type_, capture_id) if usual else None


_flows = Remembered(_read_flow)
_types_and_ids = Remembered(_read_type_and_id)
_NO_FLOW: Flow = (0, "", 0, "", 0)
_Start = tuple[int, Flow, int, int, int, int | None]


def _usual_start(data: bytes, end: int) -> _Start:
    """Where the rest begins, flow, seconds, microseconds, protocol type and capture id.

    Nothing is read of a frame that does not begin in one of the usual orders.
    """
    layout = _LAYOUTS.get(data[_THIRD_TYPE]) if end > _THIRD_TYPE else None
    if layout is not None and HEADER + layout.size <= end:
        before, header, seconds, next_header, microseconds, behind = layout.unpack_from(data, HEADER)
        flow, type_and_id = _flows[before], _types_and_ids[behind]
        if flow is not None and type_and_id is not None and (header, next_header) == _TIME:
            return HEADER + layout.size, flow, seconds, microseconds, *type_and_id
    return HEADER, _NO_FLOW, 0, 0, 0, None


def _decode_chunks(data: bytes, end: int) -> Packet:
    offset, flow, seconds, microseconds, protocol_type, capture_id = _usual_start(data, end)
    ip_protocol, source, source_port, destination, destination_port = flow
    node_name = correlation_id = payload = b""
    auth_key: bytes | None = None
    packed: int | None = None
    numbers: dict[int, int] = {}
    extra: list[tuple[int, int, bytes]] = []
    while offset < end:
        if end - offset < HEADER:
            raise HepError("bad-chunk", offset)
        type_, length = _CHUNK.unpack_from(data, offset)
        stop = offset + length
        if length < HEADER or stop > end:
            raise HepError("bad-chunk", offset)
        value = data[offset + HEADER : stop]
        if type_ == chunks.PAYLOAD:
            payload, packed = value, None
        elif type_ == chunks.CORRELATION_ID:
            correlation_id = value
        elif type_ == chunks.AUTH_KEY:
            auth_key = value
        elif type_ == chunks.NODE_NAME:
            node_name = value
        elif type_ in _SIZES and length == HEADER + _SIZES[type_]:
            numbers[type_] = int.from_bytes(value, "big")
        elif type_ in _SOURCES and length in _ADDRESS_LENGTHS:
            source = address_text(value)
        elif type_ in _DESTINATIONS and length in _ADDRESS_LENGTHS:
            destination = address_text(value)
        elif type_ == chunks.COMPRESSED_PAYLOAD:
            payload, packed = value, offset
        else:
            extra.append((type_ >> 16, type_ & 0xFFFF, value))
        offset = stop

    if packed is not None:
        payload = unpack(payload, packed)
    packet = Packet(
        3,
        protocol_type,
        ip_protocol,
        source,
        source_port,
        destination,
        destination_port,
        seconds * 1_000_000 + microseconds or None,
        capture_id,
        node_name,
        correlation_id,
        payload,
        None,
        auth_key,
        packed is not None,
        tuple(extra),
    )
    if numbers:
        _put_numbers(packet, numbers, seconds, microseconds)
    return packet


def _put_numbers(packet: Packet, numbers: dict[int, int], seconds: int, microseconds: int) -> None:
    """Numbers of chunks that did not stand in the usual order."""
    packet.ip_protocol = numbers.get(chunks.IP_PROTOCOL, packet.ip_protocol)
    packet.source_port = numbers.get(chunks.SOURCE_PORT, packet.source_port)
    packet.destination_port = numbers.get(chunks.DESTINATION_PORT, packet.destination_port)
    packet.protocol_type = numbers.get(chunks.PROTOCOL_TYPE, packet.protocol_type)
    packet.capture_id = numbers.get(chunks.CAPTURE_ID, packet.capture_id)
    packet.vlan = numbers.get(chunks.VLAN)
    seconds, microseconds = numbers.get(chunks.SECONDS, seconds), numbers.get(chunks.MICROSECONDS, microseconds)
    packet.time_us = seconds * 1_000_000 + microseconds or None
