"""/api/v1/shares: links made, listed and ended by programs."""

import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from appliance.model.ids import call_key
from appliance.model.octets import octets
from appliance.storage import shares
from appliance.storage.shares import Share
from appliance.web import errors, found_call, share_form, share_making
from appliance.web.auth.permissions import Deed, may
from appliance.web.found_call import FoundCall
from appliance.web.share_form import BadShare, ShareForm
from appliance.web.state import Request, now_us
from appliance.web.views.account import signed_in

FIELDS = {"call": str, "callid": str, "at": int, "hours": int, "legs": list, "redaction": str, "password": str,
          "note": str, "words": str, "keep": bool}  # fmt: skip

_TEXTS: tuple[str, ...] = ("hours", "redaction", "note", "words", "password")


async def make(request: Request) -> Response:
    """POST /api/v1/shares: a link to a call."""
    try:
        asked = await _asked(request)
        found = await _found(request, asked)
        made = await share_making.make(request, signed_in(request).user, found, _form(asked, found))
    except BadShare as error:
        return errors.answer(request, 422, str(error), code="bad_share", where=error.where)
    return JSONResponse({"id": made.id, "url": made.url, "expires": made.expires_at}, 201)


async def listed(request: Request) -> Response:
    """GET /api/v1/shares: one's own links, or all for an administrator; without their addresses."""
    identity = signed_in(request)
    everybody = may(identity.user, Deed.ADMINISTER, by_token=identity.by_token)
    found = await shares.listed(request.state["database"], None if everybody else identity.user)
    return JSONResponse({"shares": [as_json(share) for share in found]})


async def revoke(request: Request) -> Response:
    """DELETE /api/v1/shares/ID: the link works no more."""
    identity = signed_in(request)
    number = request.path_params["id"]
    share = await share_making.revoke(request, identity.user, number, by_token=identity.by_token)
    if share is None:
        return errors.answer(request, 404, "There is no such link of yours.")
    return JSONResponse({"id": share.id, "url": None, "expires": min(share.expires_at, now_us())})


def as_json(share: Share) -> dict[str, Any]:
    """What is known of a link; its address is not."""
    return {
        "id": share.id,
        "user": share.user_name,
        "call": call_key(octets(share.callid)),
        "at": share.call_at,
        "redaction": share.redaction,
        "password": share.password_hash is not None,
        "note": share.note,
        "made": share.made_at,
        "expires": share.expires_at,
        "state": share.state(now_us()),
        "opens": share.opens,
        "last_opened": share.last_opened_at,
    }


async def _asked(request: Request) -> dict[str, Any]:
    try:
        asked = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise BadShare("The body is no JSON object.", "") from error
    if not isinstance(asked, dict):
        raise BadShare("The body is no JSON object.", "")
    for name, value in asked.items():
        if name not in FIELDS:
            raise BadShare(f"There is no field {name[:40]}; there are {', '.join(FIELDS)}.", name[:40])
        if value is not None and (not isinstance(value, FIELDS[name]) or (FIELDS[name] is int and value is True)):
            raise BadShare(f"{name} is {_WORDS[FIELDS[name]]}.", name)
    return {name: value for name, value in asked.items() if value is not None}


_WORDS: dict[type, str] = {str: "text", int: "a whole number", list: "a list of Call-IDs", bool: "true or false"}


async def _found(request: Request, asked: dict[str, Any]) -> FoundCall:
    """By `call`, the KEY of its address, or by `callid`."""
    key = asked.get("call") or (call_key(octets(asked["callid"])) if asked.get("callid") else "")
    if not key:
        raise BadShare("Say which call: `call` is the key in its address, or `callid` its Call-ID.", "call")
    at = f"at={asked['at']}".encode() if "at" in asked else b""
    scope = {**request.scope, "path_params": {"key": key}, "query_string": at}
    try:
        return await found_call.find(Request(scope))
    except HTTPException as error:
        raise BadShare(error.detail, "call") from error


def _form(asked: dict[str, Any], found: FoundCall) -> ShareForm:
    values: dict[str, str] = {name: str(asked[name]) for name in _TEXTS if name in asked}
    values["keep"] = "1" if asked.get("keep") else ""
    legs = asked.get("legs")
    if legs is None:
        return share_form.of_form(values, [], found)
    places = [str(found.callids.index(leg)) for leg in legs if leg in found.callids]
    if len(places) != len(legs):
        raise BadShare("`legs` are Call-IDs of this call.", "legs")
    return share_form.of_form({**values, "legs": "chosen"}, places, found)
