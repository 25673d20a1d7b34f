"""The batch that a receiver is filling: closed when it is large, old, or nothing more came for a moment."""

from appliance.buffer.batch import Batch, record, seal

IDLE_NS = 20_000_000
OLDEST_NS = 200_000_000
LARGEST_BYTES = 256 << 10
LARGEST_WHILE_WAITING_BYTES = 8 << 20
"""While the buffer takes its time over the batch before, the next one may grow to this."""


class OpenBatch:
    """Records of one receiver until they are sealed; names are `START-RECEIVER-SEQUENCE`, never used twice.

    `start` is random and new with each process: a receiver that was killed begins its sequence anew, and a name that
    was used before would have its batch taken for a repetition.
    """

    def __init__(self, start: str, receiver: int) -> None:
        self._prefix = f"{start}-{receiver}"
        self._sequence = 0
        self._clear()

    def _clear(self) -> None:
        self._records: list[bytes] = []
        self._count = 0
        self.size = 0
        self._first_ns = 0
        self._last_ns = 0

    def add(self, now_ns: int, received_us: int, sender: tuple[str, int], origin: int, data: bytes) -> None:
        """Add one datagram; `now_ns` is monotonic."""
        self.add_records(now_ns, record(received_us, sender[0], sender[1], origin, data), 1)

    def add_records(self, now_ns: int, records: bytes, count: int) -> None:
        """Add `count` records that stand one behind the other."""
        if not self._records:
            self._first_ns = now_ns
        self._last_ns = now_ns
        self._records.append(records)
        self._count += count
        self.size += len(records)

    def is_due(self, now_ns: int, pusher_is_busy: bool) -> bool:
        """Whether it is time to seal."""
        if not self._records:
            return False
        if pusher_is_busy:
            return self.size >= LARGEST_WHILE_WAITING_BYTES
        idle = now_ns - self._last_ns >= IDLE_NS
        return idle or self.size >= LARGEST_BYTES or now_ns - self._first_ns >= OLDEST_NS

    def sealed(self) -> Batch | None:
        """The batch, and a new one begins; None when it is empty."""
        if not self._records:
            return None
        self._sequence += 1
        batch = Batch(f"{self._prefix}-{self._sequence}", self._count, seal(self._records))
        self._clear()
        return batch
