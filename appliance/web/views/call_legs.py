"""POST /calls/KEY/legs: a leg is added by its Call-ID, or said not to be of this call."""

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from appliance.model.ids import BadName, parse_call_key
from appliance.model.octets import octets, text
from appliance.web import leg_edits, links
from appliance.web.state import Request


async def submit(request: Request) -> Response:
    """One of the fields `cut`, `join` (keys of calls) and `callid` (a Call-ID as typed)."""
    form = await request.form(max_files=0, max_fields=100)
    said = {name: str(form.get(name, "")).strip() for name in ("cut", "join", "callid", "at")}
    at = int(said["at"]) if said["at"].isascii() and said["at"].isdigit() and len(said["at"]) <= 17 else None
    try:
        callid = parse_call_key(request.path_params["key"])
        other = octets(said["callid"]) if said["callid"] else parse_call_key(said["cut"] or said["join"])
    except BadName as error:
        raise HTTPException(404, f"This is no call's address: {error}.") from error
    if not other:
        raise HTTPException(422, "Name the Call-ID of the leg that belongs to this call.")
    await leg_edits.edit(request, callid, at, other, joined=not said["cut"])
    return RedirectResponse(links.call(text(callid), at=at), 303)
