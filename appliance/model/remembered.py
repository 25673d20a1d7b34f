"""What octets were read as, remembered for the next time: a dialog's messages repeat most of their values."""

from collections.abc import Callable
from typing import TypeVar

Read = TypeVar("Read")

MOST = 8192
LONGEST = 256
"""Octets of a value that is remembered; with MOST of the longest a memory holds about 8 MB."""


class Remembered(dict[bytes, Read]):
    """`remembered[value]` is `read(value)`, which is asked only now and then.

    Bounded, since senders choose the values: long ones are read each time, and a full memory begins anew, which
    costs each value no more than being read and kept once more. `read` has no side effects and gives what nobody
    changes.
    """

    def __init__(self, read: Callable[[bytes], Read], most: int = MOST, longest: int = LONGEST) -> None:
        super().__init__()
        self._read = read
        self._most = most
        self._longest = longest

    def __missing__(self, value: bytes) -> Read:
        found = self._read(value)
        if len(value) <= self._longest:
            if len(self) >= self._most:
                self.clear()
            self[value] = found
        return found
