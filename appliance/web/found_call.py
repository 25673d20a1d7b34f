"""A call as every view, file and API answer of it needs it: found by its key, copies folded, in order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette.exceptions import HTTPException

from appliance.export.prepared import in_order
from appliance.model.ids import BadName, parse_call_key
from appliance.model.rows import CallRow, MessageRow
from appliance.storage import messages as stored_messages
from appliance.storage import notes, pins
from appliance.storage.messages import MOST_MESSAGES
from appliance.storage.notes import Note
from appliance.storage.pins import Pin
from appliance.web.state import Request, now_us

NOT_FOUND = (
    "Nothing is stored of this call: its days were dropped, or its Call-ID is another. "
    "Search for a party, or for a part of the Call-ID with `callid:*part*`, over a longer time."
)


@dataclass(frozen=True, slots=True)
class FoundCall:
    """`messages` are one per message on the wire, in transaction order, with raw."""

    callid: str
    call: CallRow | None
    messages: tuple[MessageRow, ...]
    stored: int
    """Stored packets that these messages stand for."""
    others: tuple[int, ...]
    cut: bool
    """More was stored than is read at once."""
    notes: tuple[Note, ...] = ()
    """Of the call and its messages, the oldest first."""
    pins: tuple[Pin, ...] = ()
    """What keeps it beyond its days, the longest first."""

    @property
    def callids(self) -> tuple[str, ...]:
        """Of all legs, its own first."""
        return tuple(dict.fromkeys([self.callid, *(row.callid for row in self.messages if row.callid)]))

    @property
    def started(self) -> int | None:
        if self.call is not None:
            return self.call.started
        return self.messages[0].ts if self.messages else None


async def find(request: Request) -> FoundCall:
    """The call of `/calls/{key}` and `?at=`. Raises HTTPException with a sentence (404, 422)."""
    try:
        callid = parse_call_key(request.path_params["key"])
    except BadName as error:
        raise HTTPException(404, f"This is no call's address: {error}.") from error
    database, at = request.state["database"], _at(request)
    found = await stored_messages.call(database, request.state["site"], callid, at)
    found = await pins.call(database, callid, at, found, now_us())
    if found is None:
        raise HTTPException(404, NOT_FOUND)
    folded = in_order(found.messages)
    cut = len(found.messages) >= MOST_MESSAGES
    whole = FoundCall(found.callid, found.call, folded, len(found.messages), found.others, cut)
    return replace(
        whole,
        notes=tuple(own_notes(whole, await notes.of_callids(database, whole.callids))),
        pins=tuple(await pins.of_callid(database, whole.callid, now_us())),
    )


def own_notes(found: FoundCall, written: Sequence[Note]) -> list[Note]:
    """Those of this call among those of its Call-ID: of the last one that had begun, or nearly, when they say."""
    starts = sorted([found.started or 0, *found.others])
    known = {row.id for row in found.messages}

    def begun(note: Note) -> int:
        return max((start for start in starts if start <= note.call_at + pins.AROUND_US), default=starts[0])

    return [note for note in written if note.message_id in known or begun(note) == (found.started or 0)]


def _at(request: Request) -> int | None:
    text = request.query_params.get("at", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 17):
        raise HTTPException(422, "`at` is a time within the call, in microseconds since 1970.")
    return int(text)
