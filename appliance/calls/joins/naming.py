"""Which header it was that joined two legs, read from their messages: `its X-CID names 0-a@192.0.2.10`.

Edges hold the sort of the value only (calls.joins.keys), for one word of a column is all that the writers keep of it.
So the name is looked up when a leg is shown, among the headers that the operator chose, or Replaces and its like.
Without the messages, or when none of them has the value any more, the reason stays as the edge says it. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence

from appliance.calls.joins.keys import SORTS
from appliance.model.octets import text
from appliance.model.rows import MessageRow
from appliance.sip.headers import headers
from appliance.sip.leg_keys import named_by, named_in

_DIALOGS, _CHOSEN = SORTS["n"], SORTS["x"]
_EQUAL = _CHOSEN.equal.partition("{")[0]


def is_general(why: str) -> bool:
    """Whether a reason could tell which header it was."""
    return any(words in why for words in (_CHOSEN.naming, _DIALOGS.naming, _EQUAL))


class Naming:
    """What the messages of legs name, by Call-ID: the messages are read when the first reason asks for it."""

    def __init__(self, rows: Iterable[MessageRow], chosen: Sequence[str]) -> None:
        self._rows = rows
        self._chosen = {name.encode().lower(): name for name in chosen}
        self._read: Mapping[str, Sequence[tuple[str, str, bool]]] | None = None

    def reason(self, why: str, callid: str, other: str) -> str:
        """The reason of an edge between these legs, told of the first, with the header's name if it can be had."""
        if _CHOSEN.naming in why:
            return why.replace(_CHOSEN.naming, self._named(callid, other, False) or _CHOSEN.naming)
        if _DIALOGS.naming in why:
            return why.replace(_DIALOGS.naming, self._named(callid, other, True) or _DIALOGS.naming)
        before, equal, value = why.partition(_EQUAL)
        return f"{before}{self._equal(callid, other, value) or equal + value}" if equal else why

    def _named(self, callid: str, other: str, dialogs: bool) -> str:
        if forth := self._having(callid, other, dialogs):
            return f"its {forth} names {other}"
        if back := self._having(other, callid, dialogs):
            return f"{back} of {other} names it"
        return ""

    def _equal(self, callid: str, other: str, value: str) -> str:
        one, two = self._having(callid, value, False), self._having(other, value, False)
        if not one or not two:
            return ""
        return f"same {one} {value}" if one == two else f"its {one} is the {two} of {other}: {value}"

    def _having(self, callid: str, value: str, dialogs: bool) -> str:
        """The header of this leg that has the value; the operator's first one, as the writers prefer it."""
        if self._read is None:
            self._read = self._all()
        found = [name for name, said, dialog in self._read.get(callid, ()) if dialog is dialogs and said == value]
        if dialogs:
            return found[0] if found else ""
        return next((name for name in self._chosen.values() if name in found), "")

    def _all(self) -> Mapping[str, Sequence[tuple[str, str, bool]]]:
        """(header, value, whether it names a dialog) by Call-ID."""
        found: dict[str, dict[tuple[str, str, bool], None]] = {}
        for row in self._rows:
            if row.raw is None or not row.leg_keys:
                continue
            said = found.setdefault(row.callid, {})
            for name, value, canonical in headers(row.raw):
                if canonical in self._chosen:
                    said[self._chosen[canonical], text(named_in(value)), False] = None
                elif dialog := named_by(canonical, value):
                    said[text(name), text(dialog), True] = None
        return {callid: tuple(some) for callid, some in found.items()}
