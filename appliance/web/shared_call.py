"""A call as a share shows it: found, its legs chosen, and what must not be told replaced (redaction)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException

from appliance.calls.ladder import Ladder
from appliance.export.prepared import ladder_of
from appliance.model.ids import call_key
from appliance.model.octets import octets
from appliance.model.quality import QualityRow
from appliance.model.rows import CallRow, MessageRow
from appliance.redaction.profile import Profile
from appliance.redaction.rows import Redacted, redact
from appliance.storage.shares import Share
from appliance.web import call_reports, found_call
from appliance.web.found_call import FoundCall
from appliance.web.state import Request

MOST_SHARED = 2000
"""Messages of one share; of a longer call the first."""
MOST_REPORTED = 5000


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be told of a call. Ids of messages are 1, 2, 3 …"""

    call: CallRow | None
    messages: tuple[MessageRow, ...]
    profile: Profile
    withheld: int
    left_out: int
    not_shown: int
    """Messages beyond MOST_SHARED."""
    quality: tuple[QualityRow, ...] = ()
    """What was reported of its media."""

    @property
    def ladder(self) -> Ladder:
        return ladder_of(self.messages, quality=self.quality)

    @property
    def from_user(self) -> str:
        first = self.call or self.messages[0]
        return first.from_user or first.from_domain

    @property
    def to_user(self) -> str:
        first = self.call or self.messages[0]
        return first.to_user or first.to_domain

    @property
    def started(self) -> int:
        return self.call.started if self.call else self.messages[0].ts

    def as_found(self) -> FoundCall:
        """For what is made of found calls: the names of files."""
        callid = self.messages[0].callid
        return FoundCall(callid, self.call, self.messages, len(self.messages), (), False)


async def load(request: Request, share: Share) -> Shown | None:
    """What a share shows; None when nothing of it is stored any more."""
    asked = f"at={share.call_at}".encode() if share.call_at is not None else b""
    path = {"key": call_key(octets(share.callid))}
    try:
        found = await found_call.find(Request({**request.scope, "path_params": path, "query_string": asked}))
    except HTTPException:
        return None
    quality = await measured(request, found, share.legs)
    return await shown(found, share.legs, Profile(share.redaction), share.hiding_key, share.words, quality)


async def measured(request: Request, found: FoundCall, legs: tuple[str, ...] | None) -> list[QualityRow]:
    """What was reported of the media of these legs; of more than MOST_REPORTED the last, whose sums are whole."""
    rows = of_legs(found, legs)
    call = found.call if legs is None or found.callid in legs else None
    callids = [callid for callid in found.shown_callids if legs is None or callid in legs]
    database, site = request.state["database"], request.state["site"]
    return (await call_reports.reported(database, site, callids, call, rows))[-MOST_REPORTED:]


def of_legs(found: FoundCall, legs: tuple[str, ...] | None) -> list[MessageRow]:
    return [row for row in found.messages if legs is None or row.callid in legs or not row.callid]


async def shown(
    found: FoundCall,
    legs: tuple[str, ...] | None,
    profile: Profile,
    key: bytes,
    words: str,
    quality: Sequence[QualityRow] = (),
) -> Shown | None:
    """These legs of a call through a profile; None when there is no message to show."""
    rows = of_legs(found, legs)
    shared = rows[:MOST_SHARED]
    ids = {row.id for row in shared}
    others = [row for row in found.messages if row.id not in ids]
    call = found.call if legs is None or found.callid in legs else None
    hidden = [word.encode("utf-8", "replace") for word in words.split()]
    made: Redacted = await asyncio.to_thread(redact, call, shared, others, profile, key, hidden, quality)
    if not made.messages:
        return None
    not_shown = len(rows) - len(shared)
    return Shown(made.call, made.messages, profile, made.withheld, made.left_out, not_shown, made.quality)
