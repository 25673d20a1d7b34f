"""An edge between two calls that are, or may be, legs of one call: with its reason and how sure it is."""

from dataclasses import dataclass
from enum import StrEnum

Place = tuple[int, int]
"""A call: its start in microseconds, and the hash of its Call-ID (model.ids.callid_hash)."""


class Ground(StrEnum):
    """What an edge rests on."""

    KEY = "key"
    """A value that names the other's Call-ID, or is the same in both."""
    SCORE = "score"
    MADE = "made"
    """Somebody said so."""


@dataclass(frozen=True, slots=True)
class Edge:
    """`one` and `other` in no order."""

    one: Place
    other: Place
    ground: Ground
    joined: bool
    """False: possible, for a person to decide."""
    confidence: float
    why: str

    def seen_from(self, place: Place) -> Place:
        """The other end."""
        return self.other if place == self.one else self.one
