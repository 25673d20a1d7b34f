"""A call as every view, file and API answer of it needs it: found by its key, copies folded, in order."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException

from appliance.export.prepared import in_order
from appliance.model.ids import BadName, parse_call_key
from appliance.model.rows import CallRow, MessageRow
from appliance.storage import messages as stored_messages
from appliance.storage.messages import MOST_MESSAGES
from appliance.web.state import Request

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
    found = await stored_messages.call(request.state["database"], request.state["site"], callid, _at(request))
    if found is None:
        raise HTTPException(404, NOT_FOUND)
    folded = in_order(found.messages)
    cut = len(found.messages) >= MOST_MESSAGES
    return FoundCall(found.callid, found.call, folded, len(found.messages), found.others, cut)


def _at(request: Request) -> int | None:
    text = request.query_params.get("at", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 17):
        raise HTTPException(422, "`at` is a time within the call, in microseconds since 1970.")
    return int(text)
