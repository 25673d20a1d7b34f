"""A byte stream of concatenated HEP 3 frames (TCP, TLS), cut by their total length.

Nothing but the length marks a boundary, so a stream that has lost step cannot be resumed: the connection is
closed. HEP 1 and 2 have no length and do not come over streams.
"""

from appliance.hep.decode import HEADER, MAGICS
from appliance.hep.errors import HepError


class FrameCutter:
    """Takes octets as they arrive, gives whole frames; holds less than one frame (65,535 octets) in between.

    Once the stream turns out to be no HEP 3, `error` says so; frames before that place are still given, and
    every later `feed` raises it.
    """

    def __init__(self) -> None:
        self.error: HepError | None = None
        self._kept = bytearray()
        self._needed = HEADER
        self._offset = 0

    @property
    def pending(self) -> int:
        """Octets of a frame that is not yet whole; above 0 at the end of the stream means that it was cut short."""
        return len(self._kept)

    def feed(self, data: bytes) -> list[bytes]:
        """The frames that `data` completes. Raises HepError when there are none and none can follow."""
        if self.error is not None:
            raise self.error
        if self._kept:
            self._kept += data
            if HEADER <= len(self._kept) < self._needed:
                return []
            data = bytes(self._kept)
        frames, start = [], 0
        try:
            while stop := self._frame_end(data, start):
                frames.append(data[start:stop])
                start = stop
        except HepError as error:
            self.error = error
            if not frames:
                raise
        self._kept[:] = b"" if self.error else data[start:]
        self._offset += start
        return frames

    def _frame_end(self, data: bytes, start: int) -> int:
        """Where the frame at `start` ends; 0 when it is not whole."""
        magic = data[start : start + 4]
        if magic not in MAGICS and not any(whole.startswith(magic) for whole in MAGICS):
            raise HepError("not-hep", self._offset + start)
        self._needed = HEADER
        if len(data) - start < HEADER:
            return 0
        self._needed = data[start + 4] << 8 | data[start + 5]
        if self._needed < HEADER:
            raise HepError("bad-length", self._offset + start + 4)
        return start + self._needed if start + self._needed <= len(data) else 0
