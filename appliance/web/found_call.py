"""A call as every view, file and API answer of it needs it: found by its key, copies folded, in order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from starlette.exceptions import HTTPException

from appliance.calls.joins.graph import MOST_LEGS
from appliance.calls.joins.naming import is_general
from appliance.export.prepared import in_order
from appliance.model.aliases import Aliases
from appliance.model.ids import BadName, parse_call_key
from appliance.model.octets import text
from appliance.model.rows import CallRow, MessageRow
from appliance.settings import Settings
from appliance.storage import messages as stored_messages
from appliance.storage import notes, pins
from appliance.storage.connection import Database
from appliance.storage.found_legs import ASKED_FOR, FoundLeg, with_headers
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
    legs: tuple[FoundLeg, ...] = ()
    """Every leg, the earliest first; those that are not `shown` have no message here."""
    possible: tuple[FoundLeg, ...] = ()
    chosen: tuple[str, ...] = ()
    """The legs that were asked for, as `?leg=` has them; none: all, or `one`."""
    one: bool = False
    """Only the leg of this Call-ID was asked for."""

    notes: tuple[Note, ...] = ()
    """Of the call and its messages, the oldest first."""
    pins: tuple[Pin, ...] = ()
    """What keeps it beyond its days, the longest first."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What its addresses are called."""

    @property
    def shown_callids(self) -> list[str]:
        """Of the legs that are shown."""
        return [leg.callid for leg in self.legs if leg.shown] or [self.callid]

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
    database, at, (one, chosen) = request.state["database"], at_of(request), _wanted(request)
    only = (text(callid),) if one else chosen or None
    found = await stored_messages.call(database, request.state["site"], callid, at, only)
    found = await pins.call(database, callid, at, found, now_us())
    if found is None:
        raise HTTPException(404, NOT_FOUND)
    folded = in_order(found.messages)
    cut = len(found.messages) >= MOST_MESSAGES
    whole = FoundCall(found.callid, found.call, folded, len(found.messages), found.others, cut)
    legs = found.legs or ((FoundLeg(found.call, ASKED_FOR, 1.0),) if found.call else ())
    whole = replace(whole, legs=legs, possible=found.possible, chosen=chosen, one=one)
    whole = await named(whole, database, request.state["site"], request.state["settings"])
    return replace(
        whole,
        notes=tuple(own_notes(whole, await notes.of_callids(database, whole.callids))),
        pins=tuple(await pins.of_callid(database, whole.callid, now_us())),
        names=names_of(whole.messages, request.state["names"].aliases),
    )


def names_of(messages: Iterable[MessageRow], aliases: Aliases) -> dict[str, str]:
    """Aliases of where messages came from and went to."""
    ends = [(row.source_ip, row.source_port) for row in messages]
    return aliases.names_of([*ends, *((row.destination_ip, row.destination_port) for row in messages)])


async def named(found: FoundCall, database: Database, site: str, settings: Settings) -> FoundCall:
    """With the headers by which its legs belong together; of legs that are not shown they are read for that."""
    legs = [*found.legs, *found.possible]
    unread = [leg for leg in legs if not leg.shown] if any(is_general(leg.why) for leg in legs) else []
    rows = [*found.messages, *await stored_messages.naming(database, site, unread)]
    chosen = settings.sip.correlation_headers
    return replace(
        found, legs=with_headers(found.legs, rows, chosen), possible=with_headers(found.possible, rows, chosen)
    )


def own_notes(found: FoundCall, written: Sequence[Note]) -> list[Note]:
    """Those of this call among those of its Call-ID: of the last one that had begun, or nearly, when they say."""
    starts = sorted([found.started or 0, *found.others])
    known = {row.id for row in found.messages}

    def begun(note: Note) -> int:
        return max((start for start in starts if start <= note.call_at + pins.AROUND_US), default=starts[0])

    return [note for note in written if note.message_id in known or begun(note) == (found.started or 0)]


def _wanted(request: Request) -> tuple[bool, tuple[str, ...]]:
    """Whether only the call's own leg is wanted, and which legs are by name."""
    legs = request.query_params.get("legs", "all")
    if legs not in ("all", "one"):
        raise HTTPException(422, "`legs` is `all` or `one`.")
    keys = request.query_params.getlist("leg")[:MOST_LEGS]
    try:
        return legs == "one", tuple(text(parse_call_key(key)) for key in keys)
    except BadName as error:
        raise HTTPException(422, f"`leg` is no call's key: {error}.") from error


def at_of(request: Request) -> int | None:
    """`?at=`. Raises HTTPException (422)."""
    given = request.query_params.get("at", "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= 17):
        raise HTTPException(422, "`at` is a time within the call, in microseconds since 1970.")
    return int(given)
