"""Keeping a found call beyond its days: every leg that it shows is copied as it is stored (storage.pins),
its log lines among the messages, and what reports measured of its media."""

from dataclasses import replace

from appliance.model.octets import octets
from appliance.storage import messages as stored_messages
from appliance.storage import pins
from appliance.storage.accounts import User
from appliance.storage.messages import FoundCall as StoredCall
from appliance.web import call_reports
from appliance.web.found_call import FoundCall
from appliance.web.state import Request, now_us


async def pin(request: Request, user: User, found: FoundCall, keep_until: int, share_id: int | None = None) -> int:
    """The pin's id. Raises PinError."""
    legs = [leg for leg in [await _leg(request, found, callid) for callid in found.callids] if leg is not None]
    database, site = request.state["database"], request.state["site"]
    rows = [row for leg in legs for row in leg.messages]
    quality = await call_reports.reported(database, site, found.callids, found.call, rows)
    return await pins.add(database, user, legs, keep_until, now_us(), share_id, quality)


async def _leg(request: Request, found: FoundCall, callid: str) -> StoredCall | None:
    database, at = request.state["database"], found.started
    stored = await stored_messages.call(database, request.state["site"], octets(callid), at, [callid])
    leg = await pins.call(database, octets(callid), at, stored, now_us())
    return replace(leg, messages=tuple(row for row in leg.messages if row.callid == callid)) if leg else None
