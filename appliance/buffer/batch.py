"""A batch: the datagrams that one receiver read within a few milliseconds, as one entry of the buffer.

    body    zstd over records, one after the other, with its checksum: disks and memory flip bits
    record  received_us u64, sender port u16, origin u8, length of sender u8, length of data u32,
            sender (text), data; little-endian

`origin` says how the data came: a HEP datagram, a frame of a HEP stream, a posted event, or an imported packet. An
imported packet may be larger than HEP can say, so it is a HEP 3 frame without payload, its length before it (u32), and
the payload after it. A batch's name is made once, before its first push, and is the same through every retry.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import zstandard

_RECORD = struct.Struct("<QHBBI")
_FRAME = struct.Struct("<I")
_LEVEL = 1
LARGEST_BODY_BYTES = 64 << 20


class Origin(IntEnum):
    """How a record's data reached us."""

    UDP = 0
    TCP = 1
    TLS = 2
    IMPORT = 3
    HTTP = 4
    """Posted to the API; its data is a HEP 3 frame that the web process made."""


class DamagedBatch(ValueError):
    """The octets are not a batch of ours."""


@dataclass(slots=True)
class Record:
    """One datagram of a batch; not frozen, since one is made for every datagram."""

    received_us: int
    sender_ip: str
    sender_port: int
    origin: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """A named batch; `body` is what `seal` made."""

    name: str
    count: int
    body: bytes


def record(received_us: int, sender_ip: str, sender_port: int, origin: int, data: bytes) -> bytes:
    """The octets of one record."""
    sender = sender_ip.encode("ascii", "replace")
    return _RECORD.pack(received_us, sender_port, origin, len(sender), len(data)) + sender + data


def seal(records: list[bytes]) -> bytes:
    """The body of a batch."""
    return zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(b"".join(records))


def opened(body: bytes) -> Iterator[Record]:
    """The records of a body. Raises DamagedBatch."""
    try:
        plain = zstandard.ZstdDecompressor().decompress(body, max_output_size=LARGEST_BODY_BYTES)
    except zstandard.ZstdError as error:
        raise DamagedBatch(str(error)) from error
    position, end, head = 0, len(plain), _RECORD.size
    while position < end:
        try:
            received_us, port, origin, sender_length, length = _RECORD.unpack_from(plain, position)
        except struct.error as error:
            raise DamagedBatch(str(error)) from error
        start = position + head + sender_length
        position = start + length
        if position > end:
            raise DamagedBatch("a record reaches beyond its batch")
        sender = plain[start - sender_length : start].decode("ascii", "replace")
        yield Record(received_us, sender, port, origin, plain[start:position])


def import_data(frame: bytes, payload: bytes) -> bytes:
    """Data of a record of origin IMPORT: a HEP 3 frame without payload, and the payload."""
    return _FRAME.pack(len(frame)) + frame + payload


def imported(data: bytes) -> tuple[bytes, bytes]:
    """The inverse of `import_data`: (frame, payload). Raises DamagedBatch."""
    if len(data) < _FRAME.size:
        raise DamagedBatch("an imported packet without its frame")
    (length,) = _FRAME.unpack_from(data)
    return data[_FRAME.size : _FRAME.size + length], data[_FRAME.size + length :]
