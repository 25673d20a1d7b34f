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


def _layout(letters: str, *sizes: tuple[int, int]) -> tuple[Struct, tuple[bytes, ...]]:
    """A reader of chunks in a fixed order, giving header and value in turn, and the headers that must be there."""
    headers = tuple(_CHUNK.pack(type_, HEADER + size) for type_, size in sizes)
    return Struct("!" + "".join(f"6s{letter}" for letter in letters.split())), headers


_FIRST = ((1, 1), (2, 1))
_NUMBERS = ((7, 2), (8, 2), (9, 4), (10, 4), (11, 1), (12, 4))
_LAYOUTS = {
    3: _layout("B B 4s 4s H H I I B I", *_FIRST, (3, 4), (4, 4), *_NUMBERS),
    5: _layout("B B 16s 16s H H I I B I", *_FIRST, (5, 16), (6, 16), *_NUMBERS),
    7: _layout("B B H H I I B I", *_FIRST, *_NUMBERS),
}
"""Orders in which most agents write the chunks that all packets have, by the type of the third chunk: heplify and
OpenSIPS with the addresses first, Kamailio, captagent and FreeSWITCH with the addresses later. Read in one step,
they cost a quarter of what they cost one by one."""

_THIRD_TYPE = HEADER + 2 * (HEADER + 1) + 3
_SIZES = dict((*_FIRST, *_NUMBERS, (chunks.VLAN, 2)))


def _usual_start(data: bytes, end: int, numbers: list[int | None]) -> tuple[int, bytes, bytes]:
    """Fill `numbers` by chunk type when the frame begins in one of the usual orders.

    Gives where the rest begins, source and destination.
    """
    layout = _LAYOUTS.get(data[_THIRD_TYPE]) if end > _THIRD_TYPE else None
    if layout is None or HEADER + layout[0].size > end:
        return HEADER, b"", b""
    values = layout[0].unpack_from(data, HEADER)
    if values[::2] != layout[1]:
        return HEADER, b"", b""
    numbers[chunks.IP_PROTOCOL] = values[3]
    numbers[chunks.SOURCE_PORT : chunks.CAPTURE_ID + 1] = values[-11::2]
    offset = HEADER + layout[0].size
    return (offset, values[5], values[7]) if len(values) == 20 else (offset, b"", b"")


def _decode_chunks(data: bytes, end: int) -> Packet:
    numbers: list[int | None] = [None] * (chunks.VLAN + 1)
    offset, source, destination = _usual_start(data, end, numbers)
    node_name = correlation_id = payload = b""
    auth_key: bytes | None = None
    packed: int | None = None
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
            source = value
        elif type_ in _DESTINATIONS and length in _ADDRESS_LENGTHS:
            destination = value
        elif type_ == chunks.COMPRESSED_PAYLOAD:
            payload, packed = value, offset
        else:
            extra.append((type_ >> 16, type_ & 0xFFFF, value))
        offset = stop

    if packed is not None:
        payload = unpack(payload, packed)
    return _packet(
        numbers, source, destination, node_name, correlation_id, payload, auth_key, packed is not None, tuple(extra)
    )


def _packet(
    numbers: list[int | None],
    source: bytes,
    destination: bytes,
    node_name: bytes,
    correlation_id: bytes,
    payload: bytes,
    auth_key: bytes | None,
    compressed: bool,
    extra: tuple[tuple[int, int, bytes], ...],
) -> Packet:
    microseconds = (numbers[chunks.SECONDS] or 0) * 1_000_000 + (numbers[chunks.MICROSECONDS] or 0)
    return Packet(
        3,
        numbers[chunks.PROTOCOL_TYPE] or 0,
        numbers[chunks.IP_PROTOCOL] or 0,
        address_text(source),
        numbers[chunks.SOURCE_PORT] or 0,
        address_text(destination),
        numbers[chunks.DESTINATION_PORT] or 0,
        microseconds or None,
        numbers[chunks.CAPTURE_ID],
        node_name,
        correlation_id,
        payload,
        numbers[chunks.VLAN],
        auth_key,
        compressed,
        extra,
    )
