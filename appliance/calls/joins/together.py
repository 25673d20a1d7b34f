"""Addresses that were seen to be one host: an SBC receives at one and sends from another.

Told by joins that a header made: what a call was sent to, and what its next leg came from. Bounded; what was not seen
again for the longest time is forgotten.
"""

from collections import OrderedDict

LEAST = 3
"""Joins that it takes: one may be a forwarded call."""
MOST = 4096


class Together:
    """Counts of pairs."""

    def __init__(self) -> None:
        self._counts: OrderedDict[tuple[str, str], int] = OrderedDict()

    def seen(self, received_at: str, sent_from: str) -> None:
        """A joined call went in at the one address and out from the other."""
        if received_at and sent_from and received_at != sent_from:
            pair = min(received_at, sent_from), max(received_at, sent_from)
            self._counts[pair] = self._counts.get(pair, 0) + 1
            self._counts.move_to_end(pair)
            if len(self._counts) > MOST:
                self._counts.popitem(last=False)

    def same(self, one: str, other: str) -> bool:
        return self._counts.get((min(one, other), max(one, other)), 0) >= LEAST
