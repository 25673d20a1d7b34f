"""The authentication key (chunk 0x000e) of a HEP 3 frame, found by walking its chunks and nothing else."""

from collections.abc import Iterator
from struct import Struct

from appliance.hep.decode import HEADER, MAGICS

_CHUNK = Struct("!IH")
_KEY = 0x0000000E


def key_of(frame: bytes) -> bytes | None:
    """The key, the last if there are several as `decode` has it; None without one, or where it is no HEP 3."""
    key = None
    for start, stop in _places(frame):
        key = frame[start:stop]
    return key


def without_key(frame: bytes) -> bytes:
    """The frame with zeros for each key, so that it can be kept; all else, and every length, as it was."""
    places = list(_places(frame))
    if not places:
        return frame
    octets = bytearray(frame)
    for start, stop in places:
        octets[start:stop] = bytes(stop - start)
    return bytes(octets)


def _places(frame: bytes) -> Iterator[tuple[int, int]]:
    """Where keys begin and end, as far as the chunks can be followed."""
    if frame[:4] not in MAGICS or len(frame) < HEADER:
        return
    end = min(frame[4] << 8 | frame[5], len(frame))
    offset = HEADER
    while offset + HEADER <= end:
        type_, length = _CHUNK.unpack_from(frame, offset)
        if length < HEADER or offset + length > end:
            return
        if type_ == _KEY:
            yield offset + HEADER, offset + length
        offset += length
