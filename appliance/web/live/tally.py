"""How many rows a second were stored, looked at, found and shown, over the last few seconds."""

from collections import deque
from dataclasses import dataclass

from appliance.web.wording import number

WINDOW_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Rates:
    """Rows a second."""

    stored: float = 0.0
    looked: float = 0.0
    """Of those stored; fewer when there are more than can be told or tried."""
    found: float = 0.0
    """Of those looked at."""
    shown: float = 0.0
    noun: str = "messages"

    @property
    def is_sampled(self) -> bool:
        return self.looked < 0.99 * self.stored

    @property
    def words(self) -> str:
        """`showing 40 of 1,900/s · 4,210 messages/s`."""
        if not self.is_sampled:
            return f"showing {_figure(self.shown)} of {_figure(self.found)}/s · {_figure(self.stored)} {self.noun}/s"
        about = self.found * self.stored / self.looked if self.looked else 0.0
        looked = f"looked at {_figure(self.looked)} of {_figure(self.stored)} {self.noun}/s"
        return f"showing {_figure(self.shown)} of about {_figure(about)}/s · {looked}"


def _figure(per_second: float) -> str:
    tenths = round(per_second * 10)
    return number(tenths / 10 if tenths % 10 and tenths < 100 else round(per_second))


class Tally:
    """Counts of one watcher."""

    def __init__(self, now: float, noun: str = "messages") -> None:
        self._begun = now
        self._noun = noun
        self._counts: deque[tuple[float, int, int, int, int]] = deque()

    def add(self, now: float, stored: int = 0, looked: int = 0, found: int = 0, shown: int = 0) -> None:
        self._forget(now)
        self._counts.append((now, stored, looked, found, shown))

    def rates(self, now: float) -> Rates:
        """Over the window, or as much of it as there was."""
        self._forget(now)
        seconds = max(1.0, min(WINDOW_SECONDS, now - self._begun))
        stored, looked, found, shown = (sum(count[place] for count in self._counts) / seconds for place in range(1, 5))
        return Rates(stored, looked, found, shown, self._noun)

    def _forget(self, now: float) -> None:
        while self._counts and self._counts[0][0] < now - WINDOW_SECONDS:
            self._counts.popleft()
