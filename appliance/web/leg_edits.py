"""Joins and cuts legs for whoever is signed in, and writes down who did it. For the call's page and the API."""

from starlette.exceptions import HTTPException

from appliance.model.ids import call_key
from appliance.storage import leg_edits as stored
from appliance.storage.audit import Action
from appliance.storage.leg_edits import NoSuchLeg
from appliance.web import audit_trail
from appliance.web.state import Request, now_us


async def edit(request: Request, callid: bytes, at: int | None, other: bytes, *, joined: bool) -> None:
    """Raises HTTPException with a sentence (422)."""
    identity = request.state["identity"]
    name = identity.user.name if identity else ""
    change = stored.join if joined else stored.cut
    try:
        await change(request.state["database"], callid, at, other, name, now_us())
    except NoSuchLeg as error:
        raise HTTPException(422, str(error)) from error
    action = Action.LEG_JOINED if joined else Action.LEG_CUT
    await audit_trail.write(request, action, f"{call_key(callid)} {call_key(other)}")
