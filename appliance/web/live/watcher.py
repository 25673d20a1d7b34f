"""One stream of rows to one who watches: bounded in what it shows a second, in what waits, and in what it costs."""

import time
from collections import deque
from collections.abc import Callable, Sequence

from appliance.buffer.live import Channel
from appliance.matching.filter import Call, Leg, Packet, of_calls, of_messages, reads_octets
from appliance.model.rows import CallRow, MessageRow
from appliance.query.tree import Node
from appliance.web.live.tally import Rates, Tally

SHOWN_PER_SECOND = 40
SHOWN_AT_ONCE = 100
"""After some seconds with less: a call's messages come together."""
MOST_WAITING = 200
"""Rows that wait for a browser that does not take them; older ones are dropped for newer."""
LOOKED_BETWEEN_CLOCKS = 50

Row = MessageRow | CallRow


class Watcher:
    """What a query finds of what is stored; `user` is whose stream it is."""

    def __init__(self, user: int, root: Node | None, view: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.user = user
        self.channel = channel_of(root, view)
        self.dropped = 0
        """Rows that waited too long for the browser."""
        self._fulfils = fulfilment(root, view)
        self._clock = clock
        self._tally = Tally(clock(), view)
        self._waiting: deque[Row] = deque()
        self._left = float(SHOWN_AT_ONCE)
        self._left_at = clock()

    def look(self, stored: int, rows: Sequence[Row], until: float) -> None:
        """Try these rows of so many that were stored, until a time of the clock."""
        found, looked = [], 0
        for place, row in enumerate(rows):
            if place % LOOKED_BETWEEN_CLOCKS == 0 and self._clock() > until:
                break
            if self.channel is Channel.TEXTS and isinstance(row, MessageRow) and row.raw is None:
                continue
            looked += 1
            if self._fulfils(row):
                found.append(row)
        self._tally.add(self._clock(), stored, looked, len(found))
        self._show(found)

    def take(self) -> list[Row]:
        """What is to be shown now, the newest first; of a call that changed again what it is at last."""
        taken = sorted({_key(row): row for row in self._waiting}.values(), key=_at, reverse=True)
        self._waiting.clear()
        if taken:
            self._tally.add(self._clock(), shown=len(taken))
        return taken

    @property
    def rates(self) -> Rates:
        return self._tally.rates(self._clock())

    def _show(self, found: Sequence[Row]) -> None:
        now = self._clock()
        self._left = min(SHOWN_AT_ONCE, self._left + (now - self._left_at) * SHOWN_PER_SECOND)
        self._left_at = now
        most = min(len(found), int(self._left))
        self._left -= most
        # of more than that some from everywhere among them
        self._waiting.extend(found[number * len(found) // most] for number in range(most))
        while len(self._waiting) > MOST_WAITING:
            self._waiting.popleft()
            self.dropped += 1


def channel_of(root: Node | None, view: str) -> Channel:
    """Where the rows are told that a query needs."""
    return Channel.CALLS if view == "calls" else Channel.TEXTS if reads_octets(root) else Channel.ROWS


def fulfilment(root: Node | None, view: str) -> Callable[[Row], bool]:
    """Whether a row fits.

    Of a call each leg is tried by itself: which others it has, nobody knows when its record is written.
    """
    message, call = of_messages(root if view == "messages" else None), of_calls(root if view == "calls" else None)
    return lambda row: message(Packet(row)) if isinstance(row, MessageRow) else call(Call((Leg(row),)))


def _key(row: Row) -> object:
    return row.id if isinstance(row, MessageRow) else (row.callid, row.started)


def _at(row: Row) -> int:
    return row.filed_ts if isinstance(row, MessageRow) else row.ended
