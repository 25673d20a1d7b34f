"""One stream of rows to one who watches: bounded in what it shows a second, in what waits, and in what it costs."""

import time
from collections import deque
from collections.abc import Callable, Sequence

from appliance.buffer.live import Channel
from appliance.model.quality import QualityRow
from appliance.model.rows import MessageRow
from appliance.query.tree import Node
from appliance.web.live.tally import Rates, Tally
from appliance.web.live.told import Fulfilment, Row, Shown, channel_of, shown

SHOWN_PER_SECOND = 40
SHOWN_AT_ONCE = 100
"""After some seconds with less: a call's messages come together."""
MOST_WAITING = 200
"""Rows that wait for a browser that does not take them; older ones are dropped for newer."""
LOOKED_BETWEEN_CLOCKS = 50

NOUNS = {"quality": "reports", "logs": "messages"}
"""What is stored, of which some are found."""


class Watcher:
    """What a query finds of what is stored; `user` is whose stream it is."""

    def __init__(self, user: int, root: Node | None, view: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.user = user
        self.channel = channel_of(root, view)
        self.dropped = 0
        """Rows that waited too long for the browser."""
        self._view = view
        self._fulfils = Fulfilment(root, view)
        self._clock = clock
        self._tally = Tally(clock(), NOUNS.get(view, view))
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

    def take(self) -> list[Shown]:
        """What is to be shown now, the newest first; of a call that changed again what it is at last."""
        taken = sorted({_key(row): row for row in self._waiting}.values(), key=_at, reverse=True)
        self._waiting.clear()
        if taken:
            self._tally.add(self._clock(), shown=len(taken))
        return [shown(row, self._view) for row in taken]

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


def _key(row: Row) -> object:
    """What is the same row when it is told again: a report tells of several streams, of which each is told once."""
    match row:
        case MessageRow():
            return row.id
        case QualityRow():
            return row
        case _:
            return row.callid, row.started


def _at(row: Row) -> int:
    match row:
        case MessageRow():
            return row.filed_ts
        case QualityRow():
            return row.ts
        case _:
            return row.ended
