"""A wall clock of an instance's own that a test moves; clock.c says how."""

import time
from pathlib import Path

from tests.faults.dial import Dial


class Clock:
    """Microseconds UTC as the instance's processes see them, whenever they were started."""

    def __init__(self, directory: Path) -> None:
        self._ahead_us = Dial(directory, "clock.c", "HEPBOX_TEST_CLOCK")
        self.environment = self._ahead_us.environment

    def now_us(self) -> int:
        return time.time_ns() // 1000 + self._ahead_us.value

    def set(self, to_us: int) -> None:
        """Let it be then, and go on from there."""
        self._ahead_us.value = to_us - time.time_ns() // 1000

    def move(self, by_us: int) -> None:
        """Forward, or back if negative."""
        self._ahead_us.value += by_us
