"""/api/v1/searches: saved searches for programs."""

import json
from typing import Any

from starlette.responses import JSONResponse, Response

from appliance.storage import saved_searches
from appliance.storage.saved_searches import SavedSearchError, Wanted
from appliance.web import errors, kept_searches
from appliance.web.state import Request
from appliance.web.views.account import signed_in

FIELDS: dict[str, type] = {
    "name": str,
    "query": str,
    "from": str,
    "to": str,
    "view": str,
    "columns": list,
    "shared": bool,
}
_WORDS: dict[type, str] = {str: "text", list: "a list of names", bool: "true or false"}


async def listed(request: Request) -> Response:
    """GET /api/v1/searches: one's own, then what others share."""
    user = signed_in(request).user
    found = await saved_searches.usable(request.state["database"], user)
    return JSONResponse({"searches": [kept_searches.as_json(one, user) for one in found]})


async def add(request: Request) -> Response:
    """POST /api/v1/searches: keep a search under a name."""
    user = signed_in(request).user
    try:
        saved = await kept_searches.add(request, user, _wanted(await request.body()))
    except SavedSearchError as error:
        return errors.answer(request, 422, str(error), code="bad_search", where=error.where or None)
    return JSONResponse(kept_searches.as_json(saved, user), 201)


async def delete(request: Request) -> Response:
    """DELETE /api/v1/searches/ID."""
    identity = signed_in(request)
    number = request.path_params["id"]
    found = await kept_searches.delete(request, identity.user, number, by_token=identity.by_token)
    if found is None:
        return errors.answer(request, 404, "There is no such saved search of yours.")
    return JSONResponse(kept_searches.as_json(found, identity.user))


def _wanted(body: bytes) -> Wanted:
    try:
        asked: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise SavedSearchError("The body is no JSON object.", "") from error
    if not isinstance(asked, dict):
        raise SavedSearchError("The body is no JSON object.", "")
    for name, value in asked.items():
        if name not in FIELDS:
            raise SavedSearchError(f"There is no field {name[:40]}; there are {', '.join(FIELDS)}.", name[:40])
        if not isinstance(value, FIELDS[name]):
            raise SavedSearchError(f"{name} is {_WORDS[FIELDS[name]]}.", name)
    columns = asked.get("columns", [])
    if not all(isinstance(column, str) and "," not in column for column in columns):
        raise SavedSearchError("columns is a list of names.", "columns")
    texts = {name: asked.get(name, "") for name in ("name", "from", "to", "view")}
    return kept_searches.wanted(
        {
            **texts,
            "q": asked.get("query", ""),
            "columns": ",".join(columns),
            "shared": "1" if asked.get("shared") else "",
        }
    )
