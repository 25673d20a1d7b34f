"""Unpacking of compressed payloads (chunk 0x0010): zlib as captagent writes it, gzip and bare deflate as others do."""

import zlib

from appliance.hep.errors import HepError

MAX_PAYLOAD = 65536
"""Octets of a payload when unpacked; no datagram that an agent captured is larger."""

MAX_PACKED = 2 * MAX_PAYLOAD
"""Octets of a packed frame: what does not end by then unpacks to little or nothing on purpose."""

GZIP = b"\x1f\x8b"
_ZLIB_OR_GZIP = 32 + zlib.MAX_WBITS
_DEFLATE = -zlib.MAX_WBITS


def unpack(packed: bytes, offset: int = 0) -> bytes:
    """The payload; never more than MAX_PAYLOAD octets are made. Raises HepError at `offset`."""
    for window_bits in (_ZLIB_OR_GZIP, _DEFLATE):
        inflate = zlib.decompressobj(window_bits)
        try:
            payload = inflate.decompress(packed, MAX_PAYLOAD + 1)
        except zlib.error:
            continue
        if len(payload) > MAX_PAYLOAD:
            raise HepError("payload-too-large", offset)
        if inflate.eof:
            return payload
    raise HepError("bad-compression", offset)


class PackedFrame:
    """A frame of a stream that is one gzip member (RFC 1952): its end is known only by unpacking it."""

    def __init__(self, at: int = 0) -> None:
        """`at` is where in the stream it begins; errors are told there, however the stream was cut."""
        self.at = at
        self.frame = bytearray()
        """As far as it is unpacked: never more than MAX_PAYLOAD + 1 octets."""
        self.taken = 0
        """Octets of the member so far."""
        self._inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)

    def feed(self, data: bytes) -> bytes | None:
        """What follows the member in `data`; None while it goes on. Raises HepError."""
        try:
            self.frame += self._inflate.decompress(data, MAX_PAYLOAD + 1 - len(self.frame))
        except zlib.error as error:
            raise HepError("bad-compression", self.at) from error
        if len(self.frame) > MAX_PAYLOAD:
            raise HepError("payload-too-large", self.at)
        if self._inflate.eof:
            return self._inflate.unused_data
        self.taken += len(data)
        if self.taken > MAX_PACKED:
            raise HepError("payload-too-large", self.at)
        return None
