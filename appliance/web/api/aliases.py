"""/api/v1/aliases: names of addresses for programs."""

import json
from typing import Any

from starlette.responses import JSONResponse, Response

from appliance.model.aliases import Alias, AliasError, checked
from appliance.web import alias_edits, errors
from appliance.web.state import Request

FIELDS = ("address", "port", "name", "group", "colour")


async def listed(request: Request) -> Response:
    """GET /api/v1/aliases: all, by name."""
    await request.state["names"].read()
    return JSONResponse({"aliases": [as_json(alias) for alias in request.state["names"].aliases.all]})


async def put(request: Request) -> Response:
    """POST /api/v1/aliases: name an address; what it was called is replaced."""
    try:
        wanted = _wanted(await request.body())
        await alias_edits.put(request, [wanted])
    except AliasError as error:
        return errors.answer(request, 422, str(error), code="bad_alias", where=error.where or None)
    return JSONResponse(as_json(wanted), 201)


async def delete(request: Request) -> Response:
    """DELETE /api/v1/aliases?address=&port=."""
    asked = request.query_params
    try:
        found = await alias_edits.delete(request, asked.get("address", ""), asked.get("port", ""))
    except AliasError as error:
        return errors.answer(request, 422, str(error), code="bad_alias", where=error.where or None)
    if found is None:
        return errors.answer(request, 404, "There is no such alias.")
    return JSONResponse(as_json(found))


def as_json(alias: Alias) -> dict[str, Any]:
    """In the API's words; `port` is null where it is any."""
    return {
        "address": alias.address,
        "port": alias.port or None,
        "name": alias.name,
        "group": alias.group,
        "colour": alias.colour,
    }


def _wanted(body: bytes) -> Alias:
    try:
        asked: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise AliasError("The body is no JSON object.", "") from error
    if not isinstance(asked, dict):
        raise AliasError("The body is no JSON object.", "")
    for name, value in asked.items():
        if name not in FIELDS:
            raise AliasError(f"There is no field {name[:40]}; there are {', '.join(FIELDS)}.", name[:40])
        if not isinstance(value, str) and not (name == "port" and (value is None or type(value) is int)):
            raise AliasError(f"{name} is {'a number' if name == 'port' else 'text'}.", name)
    port = asked.get("port")
    texts = {name: asked.get(name, "") for name in FIELDS if name != "port"}
    return checked(texts["address"], texts["name"], "" if port is None else str(port), texts["group"], texts["colour"])
