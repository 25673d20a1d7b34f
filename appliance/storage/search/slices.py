"""A range of time in slices, in the order of a search: small ones first, longer ones where little is found.

So rows are found in their order, however long the whole takes, and a search that must stop can say where.
"""

from collections.abc import Iterator

from appliance.model.ids import HOUR_US

FIRST_US = 120_000_000
"""Two minutes: what is frequent is found in them."""
NOTHING_SECONDS = 0.02
QUICK_SECONDS = 0.1
SLOW_SECONDS = 0.4
"""A slice that took next to nothing is followed by one of eight times its length, a quick one by one of twice that, and
a slow one by one of half of it."""


class Slices:
    """Goes on over several ranges (days) with the length that it has come to."""

    def __init__(self, first_us: int = FIRST_US) -> None:
        self._least_us = self._length_us = first_us
        self._again = False

    def of(self, start_us: int, end_us: int, *, oldest_first: bool = False) -> Iterator[tuple[int, int]]:
        """[low, high) again and again until the other end; an hour and more begin, or end, with an hour. Tell each by
        `took`."""
        return self._up(start_us, end_us) if oldest_first else self._down(start_us, end_us)

    def _up(self, start_us: int, end_us: int) -> Iterator[tuple[int, int]]:
        low = start_us
        while low < end_us:
            high = low + self._length_us
            if self._length_us >= HOUR_US:
                high += -high % HOUR_US
            high = min(end_us, high)
            yield low, high
            low, self._again = low if self._again else high, False

    def _down(self, start_us: int, end_us: int) -> Iterator[tuple[int, int]]:
        high = end_us
        while high > start_us:
            low = high - self._length_us
            if self._length_us >= HOUR_US:
                low -= low % HOUR_US
            low = max(start_us, low)
            yield low, high
            high, self._again = high if self._again else low, False

    def took(self, seconds: float) -> None:
        """How long the last slice took."""
        if seconds < QUICK_SECONDS:
            self._length_us *= 8 if seconds < NOTHING_SECONDS else 2
        elif seconds > SLOW_SECONDS:
            self._length_us = max(self._least_us, self._length_us // 2)

    def shorten(self, length_us: int) -> None:
        """The last slice, of this length, is too much at once: it comes again as a part of itself."""
        self._length_us = max(1, length_us // 8)
        self._again = True


def is_of_hours(low_us: int, high_us: int) -> bool:
    """Whether it is an hour or more."""
    return high_us - low_us >= HOUR_US


def hours_of(low_us: int, high_us: int) -> range:
    """The hours of the UTC day that a range within one day touches."""
    if high_us <= low_us:
        return range(0)
    first = low_us // HOUR_US
    return range(first % 24, first % 24 + (high_us - 1) // HOUR_US - first + 1)
