"""A running number while packets are sent."""

import sys
import time

_PROGRESS_S = 0.2


class Progress:
    """A running number on a terminal, nothing in a pipe."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._next = 0.0

    def show(self, done: int) -> None:
        if self._terminal and time.monotonic() >= self._next:
            self._next = time.monotonic() + _PROGRESS_S
            print(f"\r{done:,} packets", end="", file=sys.stderr, flush=True)

    def wait(self, due: float, done: int) -> None:
        """Sleep until `due` of the monotonic clock."""
        while (left := due - time.monotonic()) > 0:
            self.show(done)
            time.sleep(min(left, 1.0))

    def end(self) -> None:
        if self._terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
