"""TCP connections of a capture: segments in, the SIP messages and HEP frames of each direction out.

Segments come late, twice, overlapping, or are missing in the capture: what is missing is given up when the other
end has acknowledged it, after `PATIENCE_US`, beyond `MOST_HELD` octets, or at the end; reading goes on at the next
start line. Connections seen from the middle are read too. Memory is bounded; the one silent for longest goes first.
"""

import struct
from collections import OrderedDict
from dataclasses import dataclass, field

from appliance.capture.cutter import Cutter, Message
from appliance.capture.frames import Segment, Skipped
from appliance.capture.tally import Tally

MOST_DIRECTIONS = 4096
MOST_HELD = 262_144
MOST_IN_ALL = 64 << 20
"""Octets that all connections hold together."""
_SEGMENT_WEIGHT = 256
"""What a held segment weighs beside its octets, so that many small ones are soon too many."""
PATIENCE_US = 3_000_000
_REORDERED_US = 100_000
"""An acknowledgement can be captured before the segment that it answers, but not by more than this."""
_FIN, _SYN, _RST, _ACK = 1, 2, 4, 16
_HALF, _ALL = 1 << 31, (1 << 32) - 1
_WINDOW = 1 << 24
"""Octets; a segment further ahead belongs to another connection on the same ports."""

End = tuple[str, int]
Found = tuple[End, End, Message]


@dataclass(slots=True)
class _Held:
    data: bytes
    frame: int
    time_us: int


@dataclass(slots=True)
class _Direction:
    next: int
    """Sequence number of the octet that comes next."""
    cutter: Cutter = field(default_factory=Cutter)
    held: dict[int, _Held] = field(default_factory=dict)
    """Segments beyond a gap, by sequence number."""
    held_size: int = 0
    """What they weigh."""
    counted: int = 0
    """What of it is in the sum of all."""
    gap_since_us: int = 0
    fin: int | None = None

    def ahead(self, sequence: int) -> int:
        """How many octets `sequence` lies after the next one (negative: before)."""
        return (sequence - self.next + _HALF & _ALL) - _HALF


class Connections:
    """All connections of a capture."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._held = 0
        self._directions: OrderedDict[tuple[End, End], _Direction] = OrderedDict()

    def feed(self, segment: Segment) -> list[Found]:
        """Take a segment; the messages that it completes, with source and destination. Raises Skipped."""
        if len(segment.data) < 20:
            raise Skipped("cut short")
        source_port, destination_port, sequence, acknowledged, offset, flags = struct.unpack_from(
            ">HHIIBB", segment.data
        )
        source, destination = (segment.source_ip, source_port), (segment.destination_ip, destination_port)
        if offset >> 4 < 5:
            raise Skipped("malformed TCP")
        data = segment.data[(offset >> 4) * 4 :]
        found = self._acknowledge((destination, source), acknowledged, segment) if flags & _ACK else []
        found += self._take((source, destination), sequence, flags, _Held(data, segment.frame, segment.time_us))
        self._count((source, destination))
        self._count((destination, source))
        while self._held > MOST_IN_ALL:
            found += self._close(*self._directions.popitem(last=False))
        return found

    def _count(self, key: tuple[End, End]) -> None:
        direction = self._directions.get(key)
        if direction is not None:
            weight = direction.held_size + direction.cutter.size
            self._held += weight - direction.counted
            direction.counted = weight

    def end(self) -> list[Found]:
        """No more frames: what connections still hold."""
        found: list[Found] = []
        while self._directions:
            key, direction = self._directions.popitem(last=False)
            found += self._close(key, direction)
        return found

    def _take(self, key: tuple[End, End], sequence: int, flags: int, held: _Held) -> list[Found]:
        found: list[Found] = []
        if flags & _SYN:
            sequence = sequence + 1 & _ALL
        direction = self._directions.get(key)
        if direction is not None and self._is_another(direction, sequence, flags):
            found += self._close(key, self._directions.pop(key))
            direction = None
        if direction is None:
            if not (held.data or flags & _SYN):
                return found
            direction = self._open(key, sequence, found)
        self._directions.move_to_end(key)
        if held.data:
            found += self._place(key, direction, sequence, held)
        if flags & _FIN:
            direction.fin = sequence + len(held.data) & _ALL
        if flags & _RST or direction.fin == direction.next:
            found += self._close(key, self._directions.pop(key))
        return found

    @staticmethod
    def _is_another(direction: _Direction, sequence: int, flags: int) -> bool:
        ahead = direction.ahead(sequence)
        return bool(flags & _SYN and ahead > 0) or not -_WINDOW < ahead < _WINDOW

    def _open(self, key: tuple[End, End], sequence: int, found: list[Found]) -> _Direction:
        if len(self._directions) >= MOST_DIRECTIONS:
            oldest, direction = self._directions.popitem(last=False)
            found += self._close(oldest, direction)
        opened = self._directions[key] = _Direction(sequence)
        return opened

    def _place(self, key: tuple[End, End], direction: _Direction, sequence: int, held: _Held) -> list[Found]:
        ahead = direction.ahead(sequence)
        if ahead > 0:
            if not direction.held:
                direction.gap_since_us = held.time_us
            before = direction.held.get(sequence)
            if before is None or len(held.data) > len(before.data):
                direction.held[sequence] = held
                direction.held_size += (
                    len(held.data) + _SEGMENT_WEIGHT if before is None else len(held.data) - len(before.data)
                )
            return self._impatient(key, direction, held.time_us)
        messages = self._deliver(direction, sequence, held)
        return [(*key, message) for message in messages + self._drain(direction)]

    @staticmethod
    def _deliver(direction: _Direction, sequence: int, held: _Held) -> list[Message]:
        """Hand on what of a segment is new."""
        new = held.data[-direction.ahead(sequence) :]
        direction.next = direction.next + len(new) & _ALL
        return direction.cutter.feed(new, held.frame, held.time_us) if new else []

    def _drain(self, direction: _Direction) -> list[Message]:
        """Hand on held segments that now follow without a gap."""
        messages: list[Message] = []
        for sequence in sorted(direction.held, key=direction.ahead):
            if direction.ahead(sequence) > 0:
                break
            held = direction.held.pop(sequence)
            direction.held_size -= len(held.data) + _SEGMENT_WEIGHT
            messages += self._deliver(direction, sequence, held)
        return messages

    def _impatient(self, key: tuple[End, End], direction: _Direction, now_us: int) -> list[Found]:
        if direction.held_size > MOST_HELD:
            return self._give_up_all(key, direction)
        return self._give_up(key, direction) if now_us - direction.gap_since_us >= PATIENCE_US else []

    def _acknowledge(self, key: tuple[End, End], acknowledged: int, segment: Segment) -> list[Found]:
        """The receiver has what we lack: it will not be sent again."""
        direction = self._directions.get(key)
        if direction is None or not direction.held or direction.ahead(acknowledged) <= 0:
            return []
        if segment.time_us - direction.gap_since_us < _REORDERED_US:
            return []
        return self._give_up(key, direction)

    def _give_up(self, key: tuple[End, End], direction: _Direction) -> list[Found]:
        """Go on behind the first gap."""
        self._tally.skip("gap in a TCP connection")
        messages = self._cut_off(direction)
        direction.next = min(direction.held, key=direction.ahead)
        messages += self._drain(direction)
        return [(*key, message) for message in messages]

    def _give_up_all(self, key: tuple[End, End], direction: _Direction) -> list[Found]:
        """Hand on all that is held, over every gap."""
        messages: list[Message] = []
        for sequence in sorted(direction.held, key=direction.ahead):
            if direction.ahead(sequence) > 0:
                self._tally.skip("gap in a TCP connection")
                messages += self._cut_off(direction)
                direction.next = sequence
            messages += self._deliver(direction, sequence, direction.held[sequence])
        direction.held.clear()
        direction.held_size = 0
        return [(*key, message) for message in messages]

    def _close(self, key: tuple[End, End], direction: _Direction) -> list[Found]:
        self._held -= direction.counted
        found = self._give_up_all(key, direction)
        return found + [(*key, message) for message in self._cut_off(direction)]

    def _cut_off(self, direction: _Direction) -> list[Message]:
        """End what the cutter holds: nothing that follows belongs to it."""
        waiting = direction.cutter.waiting
        messages = direction.cutter.end()
        if waiting and not messages:
            self._tally.skip("beginning of a SIP message over TCP")
        return messages
