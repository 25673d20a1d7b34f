"""What the settler remembers of calls, so that a call in progress is not read again from the tables at each change.

A call may be folded from memory only if all its messages are there: its INVITE came in the notes since this settler
began, and the tables had no record of it. The oldest are forgotten; their calls are then read from the tables.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from appliance.storage.bundle import CallChange
from appliance.storage.calls import Home
from appliance.storage.noted import NotedRows

MOST_LINES = 200_000
MOST_LINES_OF_A_CALL = 2_000
MOST_MESSAGES_OF_A_CALL = 5_000
"""More under one Call-ID is a flood, not a call: it is not folded again, or one sender could hold up all others."""
MOST_FLOODS = 10_000


@dataclass(slots=True)
class Memory:
    """One Call-ID: its messages as lines, and its records as they lie in the tables."""

    lines: list[bytes] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
    is_whole: bool = False

    def rows(self) -> NotedRows:
        """Made anew each time that they are looked at."""
        return NotedRows(self.lines)


class Recall:
    """Calls by Call-ID, the one that changed last at the end."""

    def __init__(self) -> None:
        self._calls: OrderedDict[bytes, Memory] = OrderedDict()
        self._lines = 0
        self._large: dict[bytes, int] = {}
        """Call-IDs with more than MOST_LINES_OF_A_CALL messages, and how many."""

    def is_flood(self, change: CallChange) -> bool:
        """Whether the Call-ID has more messages than a call can have, with these."""
        before = self._large.get(change.callid)
        if before is None:
            memory = self._calls.get(change.callid)
            before = len(memory.lines) if memory is not None else 0
        messages = before + len(change.lines)
        if messages > MOST_LINES_OF_A_CALL:
            if len(self._large) >= MOST_FLOODS:
                self._large.clear()
            self._large[change.callid] = messages
        return messages > MOST_MESSAGES_OF_A_CALL

    def add(self, change: CallChange) -> None:
        """Remember the messages of a note."""
        memory = self._calls.get(change.callid)
        if memory is None:
            self._calls[change.callid] = Memory(list(change.lines))
        else:
            memory.lines += change.lines
            self._calls.move_to_end(change.callid)
        self._lines += len(change.lines)

    def of(self, callid: bytes) -> Memory:
        """What is remembered, or nothing."""
        return self._calls.get(callid) or Memory()

    def settled(self, callid: bytes, homes: Sequence[Home], is_whole: bool) -> None:
        """Remember where its records lie now; messages are of use only as long as they are all."""
        memory = self._calls.get(callid)
        if memory is None:
            return
        memory.homes = list(homes)
        memory.is_whole = is_whole and len(memory.lines) <= MOST_LINES_OF_A_CALL
        if not memory.is_whole:
            self._lines -= len(memory.lines)
            del self._calls[callid]

    def shrink(self, needed: set[bytes]) -> None:
        """Forget the oldest beyond MOST_LINES, but none that is still to be settled."""
        if self._lines <= MOST_LINES:
            return
        for callid in [callid for callid in self._calls if callid not in needed]:
            self._lines -= len(self._calls.pop(callid).lines)
            if self._lines <= MOST_LINES // 2:
                break

    def clear(self) -> None:
        self._calls.clear()
        self._lines = 0
        self._large.clear()
