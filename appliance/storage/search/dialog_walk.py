"""Dialogs on their way into a page, the latest first; OPTIONS of the same two ends become one row.

A page ends where the next row begins: what was folded into a row lies before that, so no dialog is missed or counted
twice, however many rows one stands for.
"""

from collections.abc import Mapping
from dataclasses import replace

from appliance.calls import dialogs
from appliance.model.dialogs import DialogRow
from appliance.model.kinds import Kind
from appliance.storage.search.cursor import MessageKey
from appliance.storage.search.source import Found

Key = tuple[int, int]


class Walk:
    """Of one day: takes `most` rows, of which the last only tells that there is more."""

    def __init__(self, most: int, apart: bool, messages_left: int) -> None:
        self.messages_left = messages_left
        """How many may be looked at before it ends."""
        self.rows: list[tuple[MessageKey, DialogRow]] = []
        self.consumed: MessageKey | None = None
        """The last message that was looked at and needs not be again."""
        self.is_full = False
        self._most = most
        self._apart = apart
        self._groups: dict[tuple[str, str], int] = {}

    def take(self, key: Key, row: DialogRow) -> bool:
        """The next dialog; whether it is full then, and takes no more."""
        together = not self._apart and dialogs.is_ping(row)
        place = self._groups.setdefault(dialogs.ends(row), len(self.rows)) if together else len(self.rows)
        if place < len(self.rows):
            first, latest = self.rows[place]
            self.rows[place] = first, dialogs.together(latest, row)
        else:
            self.rows.append(((*key, str(Kind.REST)), row))
            self.is_full = len(self.rows) == self._most
        if not self.is_full:
            self.consumed = (*key, str(Kind.REST))
        return self.is_full

    def passed(self, key: Key) -> None:
        """All messages down to this one were looked at."""
        self.consumed = (*key, str(Kind.REST))

    def found(self, events: Mapping[int, str]) -> list[Found]:
        """The rows; `events` are Event headers by place."""
        last = len(self.rows) - (2 if self.is_full else 1)
        return [
            Found(key, replace(row, event=events.get(place, "")), self.consumed if place == last else None)
            for place, (key, row) in enumerate(self.rows)
        ]
