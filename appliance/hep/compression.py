"""Unpacking of compressed payloads (chunk 0x0010): zlib as captagent writes it, gzip and bare deflate as others do."""

import zlib

from appliance.hep.errors import HepError

MAX_PAYLOAD = 65536
"""Octets of a payload when unpacked; no datagram that an agent captured is larger."""

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
