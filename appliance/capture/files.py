"""Capture files: octets in, frames with link type and time out.

Reads pcap (microsecond, nanosecond, and the "modified" kind with longer record headers; both byte orders)
and pcapng (draft-ietf-opsawg-pcapng: several sections and interfaces, if_tsresol, if_tsoffset), each also
compressed by gzip. A file that stops in the middle gives what was whole; the tally says so.
"""

import gzip
import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from appliance.capture.tally import Tally

LARGEST_FRAME = 1 << 24
"""Octets; libpcap itself stops at 256 KiB for networks. More is a damaged length."""

_PCAP = {  # magic as it lies in the file: (byte order, units a second, octets of a record's header)
    b"\xa1\xb2\xc3\xd4": (">", 1_000_000, 16),
    b"\xd4\xc3\xb2\xa1": ("<", 1_000_000, 16),
    b"\xa1\xb2\x3c\x4d": (">", 1_000_000_000, 16),
    b"\x4d\x3c\xb2\xa1": ("<", 1_000_000_000, 16),
    b"\xa1\xb2\xcd\x34": (">", 1_000_000, 24),
    b"\x34\xcd\xb2\xa1": ("<", 1_000_000, 24),
}
_PCAPNG = b"\x0a\x0d\x0d\x0a"
_INTERFACE, _OLD_PACKET, _SIMPLE_PACKET, _PACKET = 1, 2, 3, 6
_SNOOP = b"snoop\0\0\0"


@dataclass(slots=True)
class Frame:
    """One frame as it was captured."""

    number: int
    """From 1, as tshark counts."""
    time_us: int
    """Microseconds UTC; finer clocks are cut off."""
    link_type: int
    data: bytes


class CaptureError(ValueError):
    """The file is no capture that we read; the text is one sentence that says what it is or lacks."""


class _Damaged(Exception):
    """The file cannot be read on."""


def frames(file: BinaryIO, tally: Tally | None = None) -> Iterator[Frame]:
    """The frames of a capture in their order. Raises CaptureError at the first step when it is none."""
    tally = Tally() if tally is None else tally
    stream, magic = _unpacked(file)
    if magic in _PCAP:
        found = _pcap(stream, magic)
    elif magic == _PCAPNG:
        found = _pcapng(stream)
    else:
        raise CaptureError(_what_it_is(magic))
    try:
        for frame in found:
            tally.frames = frame.number
            yield frame
    except (_Damaged, EOFError, OSError, zlib.error) as error:
        tally.damage = f"after frame {tally.frames} {_reason(error)}; what lay before was used"


def _unpacked(file: BinaryIO) -> tuple[BinaryIO, bytes]:
    """The stream behind the first four octets, gunzipped if need be, and these octets."""
    magic = file.read(4)
    if magic[:2] != b"\x1f\x8b":
        return file, magic
    packed = gzip.GzipFile(fileobj=io.BufferedReader(_Prefixed(magic, file)))
    try:
        return packed, packed.read(4)  # type: ignore[return-value]
    except (EOFError, OSError, zlib.error) as error:
        raise CaptureError(f"begins like gzip, but cannot be unpacked: {error}") from error


class _Prefixed(io.RawIOBase):
    """A stream with the octets already read put back in front, for input that cannot seek."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._head[: len(buffer)] or self._rest.read(len(buffer))
        self._head = self._head[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def _what_it_is(magic: bytes) -> str:
    if not magic:
        return "is empty"
    if _SNOOP.startswith(magic):
        return "is a snoop capture, not pcap or pcapng; `editcap -F pcapng` turns it into one"
    return f"is not a capture (pcap or pcapng): it begins with the octets {magic.hex(' ')}"


def _reason(error: Exception) -> str:
    if isinstance(error, _Damaged):
        return str(error)
    return f"the compressed file ends or is damaged ({error})"


def _exactly(stream: BinaryIO, size: int, what: str) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise _Damaged(f"the file ends in the middle of {what}")
    return data


def _pcap(stream: BinaryIO, magic: bytes) -> Iterator[Frame]:
    order, units, header_size = _PCAP[magic]
    header = stream.read(20)
    if len(header) < 20:
        raise _Damaged("the file ends in the middle of its header")
    link_type = int(struct.unpack(order + "I", header[16:])[0]) & 0xFFFF  # the upper half holds the FCS length
    record = struct.Struct(order + "IIII")
    number = 0
    while head := stream.read(header_size):
        if len(head) < header_size:
            raise _Damaged("the file ends in the middle of a record's header")
        seconds, fraction, captured, _ = record.unpack_from(head)
        if captured > LARGEST_FRAME:
            raise _Damaged(f"a record claims {captured} octets, which no frame has")
        number += 1
        data = _exactly(stream, captured, f"frame {number}")
        yield Frame(number, seconds * 1_000_000 + fraction * 1_000_000 // units, link_type, data)


@dataclass(slots=True)
class _Interface:
    link_type: int
    units: int = 1_000_000
    offset_us: int = 0


def _pcapng(stream: BinaryIO) -> Iterator[Frame]:
    order, interfaces, number = "<", list[_Interface](), 0
    head = _PCAPNG
    while True:
        head += _exactly(stream, 8 - len(head), "a block's header")
        if head[:4] == _PCAPNG:
            order, interfaces = _section(stream, head), []
        else:
            kind, size = struct.unpack(order + "II", head)
            body = _block(stream, size)
            if kind == _INTERFACE:
                interfaces.append(_interface(order, body))
            elif kind in (_PACKET, _OLD_PACKET, _SIMPLE_PACKET):
                number += 1
                yield _packet(order, kind, body, interfaces, number)
        head = stream.read(8)
        if not head:
            return


def _section(stream: BinaryIO, head: bytes) -> str:
    """Read a section header block behind its first eight octets; its byte order."""
    magic = _exactly(stream, 4, "a section's header")
    order = {b"\x1a\x2b\x3c\x4d": ">", b"\x4d\x3c\x2b\x1a": "<"}.get(magic)
    if order is None:
        raise _Damaged("a section has no byte-order mark")
    size = struct.unpack(order + "I", head[4:])[0]
    _block(stream, size - 4)
    return order


def _block(stream: BinaryIO, size: int) -> bytes:
    """The rest of a block of `size` octets in all, eight read; its trailing length cut off."""
    if size < 12 or size > LARGEST_FRAME:
        raise _Damaged(f"a block claims {size} octets")
    padded = size + -size % 4
    return _exactly(stream, padded - 8, "a block")[: size - 12]


def _interface(order: str, body: bytes) -> _Interface:
    if len(body) < 8:
        raise _Damaged("an interface description is too short")
    found = _Interface(struct.unpack_from(order + "H", body)[0])
    for code, value in _options(order, body[8:]):
        if code == 9 and len(value) >= 1:
            found.units = 1 << (value[0] & 0x7F) if value[0] & 0x80 else 10 ** min(value[0], 38)
        elif code == 14 and len(value) == 8:
            found.offset_us = struct.unpack(order + "q", value)[0] * 1_000_000
    return found


def _options(order: str, data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(data):
        code, size = struct.unpack_from(order + "HH", data, at)
        if code == 0:
            return
        yield code, data[at + 4 : at + 4 + size]
        at += 4 + size + -size % 4


def _packet(order: str, kind: int, body: bytes, interfaces: list[_Interface], number: int) -> Frame:
    if len(body) < (4 if kind == _SIMPLE_PACKET else 20):
        raise _Damaged(f"frame {number} is too short for its header")
    if kind == _SIMPLE_PACKET:  # has no time of its own
        index, high, low, start = 0, 0, 0, 4
        captured = min(struct.unpack_from(order + "I", body)[0], len(body) - 4)
    else:
        index, high, low, captured = struct.unpack_from(order + ("HxxIII" if kind == _OLD_PACKET else "IIII"), body)
        start = 20
    if index >= len(interfaces):
        raise _Damaged(f"frame {number} names an interface that the file does not describe")
    if start + captured > len(body):
        raise _Damaged(f"frame {number} claims more octets than its block has")
    of = interfaces[index]
    time_us = (high << 32 | low) * 1_000_000 // of.units + of.offset_us
    return Frame(number, time_us, of.link_type, body[start : start + captured])
