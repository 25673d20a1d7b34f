"""POST /api/v1/calls/KEY/legs: `{"callid": …, "joined": true|false}` joins a leg by hand, or cuts it."""

import json
from typing import Any

from starlette.responses import JSONResponse, Response

from appliance.export import as_json
from appliance.model.ids import BadName, parse_call_key
from appliance.web import errors, found_call, leg_edits
from appliance.web.api.v1 import dump
from appliance.web.state import Request

_WANTED = 'Send {"callid": "the other Call-ID", "joined": true or false}.'


async def post(request: Request) -> Response:
    """The legs as they are then."""
    try:
        callid = parse_call_key(request.path_params["key"])
        said: Any = json.loads(await request.body())
    except BadName as error:
        return errors.answer(request, 404, f"This is no call's address: {error}.")
    except ValueError:
        return errors.answer(request, 422, _WANTED, code="bad_argument")
    match said:
        case {"callid": str(other), "joined": bool(joined)} if other:
            at = found_call.at_of(request)
            await leg_edits.edit(request, callid, at, other.encode("utf-8", "replace"), joined=joined)
        case _:
            return errors.answer(request, 422, _WANTED, code="bad_argument", where="callid")
    found = await found_call.find(request)
    body = dump({"legs": as_json.legs(found.legs), "possible": as_json.legs(found.possible)})
    return Response(body, media_type=JSONResponse.media_type)
