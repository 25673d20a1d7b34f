"""Keeping a call beyond its days, and letting go of it."""

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from appliance.model.kinds import DAY_US
from appliance.storage.audit import Action
from appliance.storage.pins import LONGEST_US, PinError
from appliance.web import audit_trail, found_call, links, pinning, share_making
from appliance.web.state import Request, now_us
from appliance.web.views.account import signed_in
from appliance.web.wording import sentence


async def pin(request: Request) -> Response:
    """Copy the call's messages, to be kept for so many days."""
    found = await found_call.find(request)
    form = await request.form(max_files=0, max_fields=5)
    days = str(form.get("days", ""))
    if not (days.isascii() and days.isdigit() and 1 <= int(days[:6]) <= LONGEST_US // DAY_US):
        raise HTTPException(422, f"A call is kept for 1 to {LONGEST_US // DAY_US} days.")
    try:
        number = await pinning.pin(request, signed_in(request).user, found, now_us() + int(days) * DAY_US)
    except PinError as error:
        raise HTTPException(422, sentence(str(error))) from error
    await audit_trail.write(request, Action.CALL_PINNED, f"pin {number} {links.call(found.callid)}")
    where = links.local(str(form.get("next", "")))
    return RedirectResponse(links.call(found.callid) if where == "/" else where, 303)


async def release(request: Request) -> Response:
    """The copies are gone; what is still stored of the call stays."""
    form = await request.form(max_files=0, max_fields=5)
    if not await share_making.release(request, signed_in(request).user, int(request.path_params["id"])):
        raise HTTPException(404, "There is no such pinned call of yours.")
    where = links.local(str(form.get("next", "")))
    return RedirectResponse("/admin/shares" if where == "/" else where, 303)
