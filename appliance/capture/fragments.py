"""Fragments of IP datagrams (RFC 791, RFC 8200) put together again, in bounded memory."""

from collections import OrderedDict
from dataclasses import dataclass, field

from appliance.capture.tally import Tally

MOST_WAITING = 1024
"""Datagrams; the oldest is given up beyond."""
PATIENCE_US = 30_000_000
_LARGEST = 65_535
"""Octets of a datagram; a fragment that reaches beyond is an attack."""

Key = tuple[bytes, bytes, int, int]
"""Source, destination, protocol, identification."""


@dataclass(slots=True)
class _Pieces:
    since_us: int
    size: int | None = None
    """Of the whole, once the last fragment has come."""
    at: dict[int, bytes] = field(default_factory=dict)
    octets: int = 0
    """Of all pieces; fewer than `size` cannot be whole."""


class Fragments:
    """Datagrams that wait for fragments."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._waiting: OrderedDict[Key, _Pieces] = OrderedDict()

    def add(self, key: Key, offset: int, more: bool, piece: bytes, time_us: int) -> bytes | None:
        """Take a fragment; the payload of the datagram when this one completes it."""
        self._forget(time_us)
        pieces = self._waiting.setdefault(key, _Pieces(time_us))
        if offset + len(piece) > _LARGEST:
            return None
        if not more:
            pieces.size = offset + len(piece)
        before = len(pieces.at.get(offset, b""))
        if len(piece) > before:
            pieces.at[offset] = piece
            pieces.octets += len(piece) - before
        whole = _joined(pieces)
        if whole is not None:
            del self._waiting[key]
        return whole

    def end(self) -> None:
        """Count those that never became whole."""
        while self._waiting:
            self._give_up()

    def _forget(self, time_us: int) -> None:
        while self._waiting:
            oldest = next(iter(self._waiting.values()))
            if len(self._waiting) < MOST_WAITING and time_us - oldest.since_us < PATIENCE_US:
                return
            self._give_up()

    def _give_up(self) -> None:
        self._waiting.popitem(last=False)
        self._tally.skip("datagram with a fragment missing")


def _joined(pieces: _Pieces) -> bytes | None:
    if pieces.size is None or pieces.octets < pieces.size or 0 not in pieces.at:
        return None
    whole = bytearray()
    for offset in sorted(pieces.at):
        if offset > len(whole):
            return None
        whole += pieces.at[offset][len(whole) - offset :]
    return bytes(whole[: pieces.size]) if len(whole) >= pieces.size else None
