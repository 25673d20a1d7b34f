"""What was left out while a capture was read, by reason, so that it can be said at the end."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """Counts of one file (or of several, when handed on)."""

    frames: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    """Frames, datagrams or pieces of TCP streams that gave no packet, by a short fixed reason."""
    damage: str = ""
    """A sentence when the file ends in the middle or cannot be read on; what lay before was used."""

    def skip(self, reason: str) -> None:
        self.skipped[reason] += 1
