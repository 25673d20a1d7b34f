"""API v1: what the pages show, as JSON (INTERFACES "HTTP")."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from appliance.export import as_json
from appliance.export.answer import answer as as_answer
from appliance.storage import notes
from appliance.storage.audit import Action
from appliance.web import asking, audit_trail, call_download, errors, found_call, links
from appliance.web.patience import while_wanted
from appliance.web.state import Request, now_us
from appliance.web.views import message as message_view

DEFAULT_ROWS = 100


@while_wanted
async def search(request: Request) -> Response:
    """GET /api/v1/search."""
    asked = asking.of(request.query_params, DEFAULT_ROWS)
    try:
        asked = asking.resolved(asked, now_us())
        found = await asking.answer(request, asked)
    except asking.PROBLEMS as error:
        problem = asking.problem_of(error, asked)
        sentence = f"{problem.sentence}; did you mean {problem.suggestion}?" if problem.suggestion else problem.sentence
        return errors.answer(request, problem.status, sentence, code=problem.code, where=problem.where)
    await audit_trail.write(request, Action.SEARCHED, asked.words)
    return _json(as_answer(asked.q, asked.view, asked.from_us, asked.to_us, found))


async def call(request: Request) -> Response:
    """GET /api/v1/calls/KEY."""
    found = await found_call.find(request)
    await audit_trail.write(request, Action.CALL_OPENED, links.call(found.callid))
    return _json(as_json.of_material(await call_download.material(request, found)))


async def message(request: Request) -> Response:
    """GET /api/v1/messages/ID."""
    found = await message_view.find(request)
    written = await notes.of_message(request.state["database"], found.id)
    return _json({**as_json.whole_message(found), "notes": as_json.notes(written)})


def dump(value: Mapping[str, Any]) -> str:
    """JSON text, never with a lone surrogate."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode("utf-8")


def _json(value: Mapping[str, Any]) -> Response:
    return Response(dump(value), media_type=JSONResponse.media_type)
