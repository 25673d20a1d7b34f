"""A byte stream of concatenated HEP 3 frames (TCP, TLS), cut by their total length.

Nothing but the length marks a boundary, so a stream that has lost step cannot be resumed: the connection is
closed. HEP 1 and 2 have no length and do not come over streams. A frame may be packed with gzip (heplify's
`payload_zip`); it is given unpacked.
"""

from appliance.hep.compression import GZIP, PackedFrame
from appliance.hep.decode import HEADER, MAGICS
from appliance.hep.errors import HepError

_STARTS = (*MAGICS, GZIP)


class FrameCutter:
    """Takes octets as they arrive, gives whole frames; holds less than one frame (65,536 octets) in between.

    Once the stream turns out to be no HEP 3, `error` says so; frames before that place are still given, and
    every later `feed` raises it.
    """

    def __init__(self) -> None:
        self.error: HepError | None = None
        self._kept = bytearray()
        self._packed: PackedFrame | None = None
        self._needed = HEADER
        self._offset = 0

    @property
    def pending(self) -> int:
        """Octets of a frame that is not yet whole; above 0 at the end of the stream means that it was cut short."""
        return len(self._kept) if self._packed is None else self._packed.taken

    def feed(self, data: bytes) -> list[bytes]:
        """The frames that `data` completes. Raises HepError when there are none and none can follow."""
        if self.error is not None:
            raise self.error
        if self._kept:
            self._kept += data
            if HEADER <= len(self._kept) < self._needed:
                return []
            data = bytes(self._kept)
        frames: list[bytes] = []
        rest = b""
        try:
            rest = self._cut(data, frames)
        except HepError as error:
            self.error, self._packed = error, None
            if not frames:
                self._kept.clear()
                raise
        self._kept[:] = rest
        return frames

    def _cut(self, data: bytes, frames: list[bytes]) -> bytes:
        """Add the frames in `data`; what is left of it. Raises HepError."""
        start = 0
        while start < len(data):
            if self._packed is not None or data.startswith(GZIP, start):
                after = self._unpack(data[start:], self._offset + start, frames)
                self._offset += len(data) - len(after or b"")
                if after is None:
                    return b""
                data, start = after, 0
            elif stop := self._frame_end(data, start):
                frames.append(data[start:stop])
                start = stop
            else:
                break
        self._offset += start
        return data[start:]

    def _unpack(self, data: bytes, at: int, frames: list[bytes]) -> bytes | None:
        """Feed the packed frame that is under way, or a new one; what follows it, None while it goes on."""
        if self._packed is None:
            self._packed = PackedFrame(at)
        after = self._packed.feed(data)
        if after is not None:
            frame, begun, self._packed = bytes(self._packed.frame), self._packed.at, None
            if frame[:4] not in MAGICS:
                raise HepError("not-hep", begun)
            frames.append(frame)
        return after

    def _frame_end(self, data: bytes, start: int) -> int:
        """Where the frame at `start` ends; 0 when it is not whole."""
        magic = data[start : start + 4]
        if magic not in MAGICS and not any(whole.startswith(magic) for whole in _STARTS):
            raise HepError("not-hep", self._offset + start)
        self._needed = HEADER
        if len(data) - start < HEADER:
            return 0
        self._needed = data[start + 4] << 8 | data[start + 5]
        if self._needed < HEADER:
            raise HepError("bad-length", self._offset + start + 4)
        return start + self._needed if start + self._needed <= len(data) else 0
