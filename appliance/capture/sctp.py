"""SCTP packets of a capture (RFC 9260, I-DATA of RFC 8260): the user messages that their chunks make.

SIP over SCTP puts one message into each user message (RFC 4168 section 5.1). Fragments of one are told by rising
numbers; chunks sent again are left out. Memory is bounded: the association silent for longest goes first.
"""

import struct
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from appliance.capture.cutter import Message
from appliance.capture.frames import Segment, Skipped
from appliance.capture.tally import Tally

MOST_ASSOCIATIONS = 1024
"""Directions of them."""
MOST_PIECES = 256
"""Of one direction that wait for others."""
MOST_OCTETS = 131_072
"""In them."""
_REMEMBERED = 512
"""Numbers of chunks, to know those sent again."""
_DATA, _I_DATA = 0, 64
_LAST, _FIRST, _UNORDERED = 1, 2, 4
_ALL = (1 << 32) - 1

Place = tuple[int, int]
"""What a fragment's neighbours share, and its number among them: (-1, TSN) of DATA, (MID and flow, FSN) of I-DATA."""


@dataclass(slots=True)
class _Piece:
    flags: int
    data: bytes
    frame: int
    time_us: int


@dataclass(slots=True)
class _Direction:
    seen: OrderedDict[int, None] = field(default_factory=OrderedDict)
    """TSNs."""
    pieces: OrderedDict[Place, _Piece] = field(default_factory=OrderedDict)
    octets: int = 0


class Associations:
    """All associations of a capture; each is known by its ports and its verification tag, whatever path it takes."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._directions: OrderedDict[tuple[int, int, int], _Direction] = OrderedDict()

    def feed(self, segment: Segment) -> list[tuple[int, int, Message]]:
        """Take a packet; source port, destination port and each user message that it completes. Raises Skipped."""
        if len(segment.data) < 12:
            raise Skipped("cut short")
        source, destination, tag = struct.unpack_from(">HHI", segment.data)
        direction = self._direction((source, destination, tag))
        found = []
        for kind, flags, chunk in _chunks(segment.data):
            message = self._take(direction, kind, _Piece(flags, chunk, segment.frame, segment.time_us))
            if message is not None:
                found.append((source, destination, message))
        return found

    def _direction(self, key: tuple[int, int, int]) -> _Direction:
        direction = self._directions.setdefault(key, _Direction())
        self._directions.move_to_end(key)
        if len(self._directions) > MOST_ASSOCIATIONS:
            self._forget(self._directions.popitem(last=False)[1])
        return direction

    def end(self) -> None:
        """No more frames: count the messages that never became whole."""
        while self._directions:
            self._forget(self._directions.popitem(last=False)[1])

    def _forget(self, direction: _Direction) -> None:
        if direction.pieces:
            self._tally.skip("SCTP message with a chunk missing")

    def _take(self, direction: _Direction, kind: int, piece: _Piece) -> Message | None:
        """A chunk's value; the message that it is or completes."""
        chunk = piece.data
        header = 12 if kind == _DATA else 16
        if len(chunk) < header:
            raise Skipped("cut short")
        tsn = struct.unpack_from(">I", chunk)[0]
        if tsn in direction.seen:
            return None
        direction.seen[tsn] = None
        if len(direction.seen) > _REMEMBERED:
            direction.seen.popitem(last=False)
        piece.data = chunk[header:]
        if piece.flags & (_FIRST | _LAST) == _FIRST | _LAST:
            return Message(piece.data, piece.frame, piece.time_us)
        place = (-1, tsn) if kind == _DATA else _interleaved(chunk, piece.flags)
        direction.pieces[place] = piece
        direction.octets += len(piece.data)
        message = _joined(direction, place)
        self._bound(direction)
        return message

    def _bound(self, direction: _Direction) -> None:
        while len(direction.pieces) > MOST_PIECES or direction.octets > MOST_OCTETS:
            direction.octets -= len(direction.pieces.popitem(last=False)[1].data)
            self._tally.skip("SCTP message with a chunk missing")


def _chunks(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Kind, flags and value of the chunks with user data."""
    at = 12
    while at + 4 <= len(data):
        kind, flags, size = struct.unpack_from(">BBH", data, at)
        if size < 4:
            raise Skipped("malformed SCTP")
        if kind in (_DATA, _I_DATA):
            yield kind, flags, data[at + 4 : at + size]
        at += size + -size % 4


def _interleaved(chunk: bytes, flags: int) -> Place:
    """RFC 8260 section 2.1: of the first fragment, the number is where others have the protocol's identifier."""
    stream, message, number = struct.unpack_from(">xxxxHxxII", chunk)
    flow = (flags & _UNORDERED) << 46 | stream << 32 | message
    return flow, 0 if flags & _FIRST else number


def _joined(direction: _Direction, place: Place) -> Message | None:
    """The message around the fragment at `place`, when its first, its last and all between are there."""
    pieces, (flow, number) = direction.pieces, place
    first = number
    while not pieces[flow, first].flags & _FIRST:
        first = first - 1 & _ALL
        if (flow, first) not in pieces or pieces[flow, first].flags & _LAST:
            return None
    last = number
    while not pieces[flow, last].flags & _LAST:
        last = last + 1 & _ALL
        if (flow, last) not in pieces or pieces[flow, last].flags & _FIRST:
            return None
    places = [(flow, first + step & _ALL) for step in range((last - first & _ALL) + 1)]
    parts = [pieces.pop(one) for one in places]
    direction.octets -= sum(len(part.data) for part in parts)
    newest = max(parts, key=lambda part: part.frame)
    return Message(b"".join(part.data for part in parts), newest.frame, newest.time_us)
