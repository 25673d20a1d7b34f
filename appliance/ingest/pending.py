"""What changed and is not folded yet: its new messages by their times, and the notes that told of them."""

from dataclasses import dataclass, field

from appliance.ingest.spans import Span
from appliance.storage.changes import Note

_NEVER_US = 1 << 63


@dataclass(slots=True)
class Pending:
    """The first and the last of its new messages, and when they were noted; microseconds."""

    first_us: int = _NEVER_US
    last_us: int = 0
    first_noted_us: int = _NEVER_US
    last_noted_us: int = 0
    notes: set[str] = field(default_factory=set)

    @property
    def span(self) -> Span:
        return Span(self.first_us, self.last_us)

    def add(self, first_us: int, last_us: int, note: Note) -> bool:
        """Messages of these times that a note tells of; whether it is a new note."""
        self.first_us = min(self.first_us, first_us)
        self.last_us = max(self.last_us, last_us)
        self.first_noted_us = min(self.first_noted_us, note.noted_us)
        self.last_noted_us = max(self.last_noted_us, note.noted_us)
        is_new = note.batch not in self.notes
        self.notes.add(note.batch)
        return is_new

    def is_due(self, now_us: int, quiet_us: int, longest_us: int) -> bool:
        """Nothing came for so long, or its first message has waited so long, or the clock went back meanwhile."""
        quiet, waited = now_us - self.last_noted_us, now_us - self.first_noted_us
        return quiet >= quiet_us or waited >= longest_us or waited <= -longest_us


def is_time(now_us: int, next_us: int, every_us: int) -> bool:
    """Whether what is done so often, and next then, is to be done now: also when the clock went back."""
    return not now_us < next_us <= now_us + every_us
