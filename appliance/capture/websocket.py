"""WebSocket (RFC 6455) within a TCP connection: its frames, and the messages in them.

One SIP message is one message there (RFC 7118 section 5). Frames are told by the handshake before them, or by their
own octets when the capture began later. Masks are taken off, continued messages joined, and those compressed by
permessage-deflate (RFC 7692) unpacked, in bounded memory.
"""

import re
import struct
import zlib

from appliance.capture.classify import is_sip

LARGEST = 327_680
"""Octets of a message, as they come and unpacked: the largest header and body that are read from TCP."""
LARGEST_HANDSHAKE = 16_384
FIRST_OCTETS = frozenset({0x01, 0x02, 0x81, 0x82, 0xC1, 0xC2})
"""Text and binary, whole or continued or compressed; no line of SIP begins so (the letters A and B would be both)."""
_KINDS = frozenset({0, 1, 2, 8, 9, 10})
_CONTINUED, _CLOSE = 0, 8
_HANDSHAKE = re.compile(rb"GET [^\r\n]{1,8000} HTTP/1\.1\r?$|HTTP/1\.1 101(?: |\r?$)")
_UPGRADE = re.compile(rb"^upgrade[ \t]*:[ \t]*websocket[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_LOOKED_AT = 48
"""Octets of a payload by which it is told as SIP."""
_BEGINS_SIP = re.compile(rb"[\r\n]*(?:SIP/2\.0 \d|[A-Z]{2,32} <?(?:sips?|tel|urn):)", re.IGNORECASE)


def begins_handshake(line: bytes) -> bool:
    """Whether a first line may be that of a WebSocket's handshake, asked or answered."""
    return _HANDSHAKE.match(line) is not None


def is_handshake(header: bytes) -> bool:
    """Whether behind this HTTP header frames come."""
    return _UPGRADE.search(header) is not None


def frame_size(data: bytes | bytearray) -> int:
    """Octets of the frame in front; 0 while its header is not whole, -1 when none can begin so."""
    first = data[0]
    if first & 0x30 or first & 15 not in _KINDS or (first & 8 and not first & 128):
        return -1
    if len(data) < 2:
        return 0
    size = data[1] & 127
    if (first & 8 and size > 125) or (first & 0x40 and first & 15 not in (1, 2)):
        return -1
    header = _header_size(data)
    if len(data) < header:
        return 0
    if size > 125:
        size = struct.unpack_from(">H" if size == 126 else ">Q", data, 2)[0]
    return header + size if size <= LARGEST else -1


def carries_sip(data: bytes | bytearray) -> bool | None:
    """Whether the frame in front, which no handshake announced, holds SIP; None while that cannot be told."""
    if data[0] not in FIRST_OCTETS:
        return False
    size = frame_size(data)
    if size <= 0:
        return None if size == 0 else False
    header = _header_size(data)
    payload = bytes(data[:size])
    if data[0] & 0x40:
        return None if len(data) < size else is_sip(Messages().open(payload, alone=True) or b"")
    begin = _payload(payload[: header + _LOOKED_AT], header)
    if _BEGINS_SIP.match(begin):
        return True
    return None if len(begin) < min(_LOOKED_AT, size - header) else False


class Messages:
    """The frames of one direction in, its messages out."""

    def __init__(self) -> None:
        self._parts = bytearray()
        self._compressed = False
        self._unpacker = zlib.decompressobj(-15)

    def open(self, frame: bytes, *, alone: bool = False) -> bytes | None:
        """The message that a frame is or completes; `alone`: as far as this frame has it."""
        kind, final = frame[0] & 15, frame[0] & 128
        if kind & 8:
            return None
        if kind != _CONTINUED:
            self._parts.clear()
            self._compressed = bool(frame[0] & 0x40)
        self._parts += _payload(frame, _header_size(frame))
        if len(self._parts) > LARGEST:
            self._parts.clear()
            return None
        if not (final or alone):
            return None
        message = bytes(self._parts)
        self._parts.clear()
        return self._unpacked(message) if self._compressed else message

    def _unpacked(self, message: bytes) -> bytes | None:
        """RFC 7692 7.2.2; a sender that keeps no context, and one that does, are both understood."""
        try:
            unpacked = self._unpacker.decompress(message + b"\0\0\xff\xff", LARGEST)
        except zlib.error:  # it refers to what was not captured
            self._unpacker = zlib.decompressobj(-15)
            return None
        if self._unpacker.eof or self._unpacker.unconsumed_tail:
            self._unpacker = zlib.decompressobj(-15)
        return unpacked


def _header_size(data: bytes | bytearray) -> int:
    return 2 + {126: 2, 127: 8}.get(data[1] & 127, 0) + (4 if data[1] & 128 else 0)


def _payload(frame: bytes, header: int) -> bytes:
    payload = frame[header:]
    if not frame[1] & 128 or not payload:
        return payload
    mask = (frame[header - 4 : header] * (len(payload) // 4 + 1))[: len(payload)]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(mask, "big")).to_bytes(len(payload), "big")
