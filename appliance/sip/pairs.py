"""Pairs of values of two messages: the same, changed, or on one side only, with the changed words marked.

What sip.compare and sip.compared_bodies give, and pages and files show. Marks do not depend on which side is which.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

MOST_WORDS = 250
"""Words of a value that are compared one by one; a longer one is marked whole, since that takes their square."""

_WORD = re.compile(r"[\w.+%-]+|\s+|[^\w\s]")


class Status(StrEnum):
    """How the sides of a pair differ."""

    SAME = "same"
    CHANGED = "changed"
    LEFT = "left"
    """Only there."""
    RIGHT = "right"


Piece = tuple[bool, str]
"""Whether it is changed, and the text."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One value of each side; None where there is none."""

    name: str
    left: str | None
    right: str | None
    status: Status
    noise: bool = False
    """The difference is of what is new on every hop and every call: Via, branch, tag, Call-ID."""
    left_pieces: tuple[Piece, ...] = ()
    right_pieces: tuple[Piece, ...] = ()

    @property
    def differs(self) -> bool:
        """In what is worth a look."""
        return self.status is not Status.SAME and not self.noise


@dataclass(frozen=True, slots=True)
class Section:
    """First line, headers, or a part of the body."""

    title: str
    pairs: tuple[Pair, ...]

    @property
    def differences(self) -> int:
        return sum(pair.differs for pair in self.pairs)

    @property
    def noises(self) -> int:
        return sum(pair.noise for pair in self.pairs)


def pair(name: str, left: str | None, right: str | None, *, same: bool | None = None, noise: bool = False) -> Pair:
    """Two values; `same` says that they mean the same however they are written."""
    if left is None or right is None:
        status = Status.LEFT if right is None else Status.RIGHT
        return Pair(name, left, right, status, noise, _whole(left), _whole(right))
    if left == right or same:
        return Pair(name, left, right, Status.SAME, False, ((False, left),), ((False, right),))
    first, second = marked(*sorted((left, right)))
    if left > right:
        first, second = second, first
    return Pair(name, left, right, Status.CHANGED, noise, first, second)


def ranked(one: Sequence[str], other: Sequence[str], from_end: bool = False) -> list[tuple[str | None, str | None]]:
    """First with first, second with second …; or last with last."""
    size = max(len(one), len(other))
    left: list[str | None] = [*one]
    right: list[str | None] = [*other]
    for values in (left, right):
        missing: list[str | None] = [None] * (size - len(values))
        values[0 if from_end else len(values) : 0 if from_end else len(values)] = missing
    return list(zip(left, right, strict=True))


def aligned(one: Sequence[str], other: Sequence[str]) -> list[tuple[str | None, str | None]]:
    """Lines side by side as far as they are the same."""
    if list(one) > list(other):
        return [(left, right) for right, left in aligned(other, one)]
    found: list[tuple[str | None, str | None]] = []
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        found += zip(one[a:b], other[c:d], strict=True) if kind == "equal" else ranked(one[a:b], other[c:d])
    return found


def marked(one: str, other: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both in pieces, those marked that the other has not."""
    words: list[list[str]] = [_WORD.findall(text) for text in (one, other)]
    if max(map(len, words)) > MOST_WORDS:
        return _whole(one), _whole(other)
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, words[0], words[1], autojunk=False).get_opcodes():
        for pieces, found in ((left, words[0][a:b]), (right, words[1][c:d])):
            if found:
                pieces.append((kind != "equal", "".join(found)))
    return tuple(left), tuple(right)


def _whole(text: str | None) -> tuple[Piece, ...]:
    return () if text is None else ((True, text),)
