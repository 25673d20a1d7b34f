"""What is left of a search's time."""

import time

LEAST_SECONDS = 0.05
"""What a statement of a scan is given at least, so that a scan always moves on."""


class Clock:
    """Counts down from the moment that it is made."""

    def __init__(self, seconds: float) -> None:
        self._began = time.monotonic()
        self._seconds = seconds

    @property
    def left(self) -> float:
        return max(0.0, self._began + self._seconds - time.monotonic())

    @property
    def used_ms(self) -> int:
        return round((time.monotonic() - self._began) * 1000)
