"""API v1: what the pages show, as JSON (INTERFACES "HTTP")."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from appliance.export import as_json
from appliance.export.answer import answer as as_answer
from appliance.model.rows import MessageRow
from appliance.sip.headers import headers
from appliance.storage import notes
from appliance.storage.audit import Action
from appliance.storage.notes import Note
from appliance.web import asking, audit_trail, call_reports, errors, found_call, links
from appliance.web.state import Request, now_us
from appliance.web.views import message as message_view
from appliance.why.explain import explain

DEFAULT_ROWS = 100


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
    reports, logs = await call_reports.quality_of(request, found), call_reports.logs_of(found)
    whole = as_json.whole_call(
        found.call,
        found.callid,
        found.messages,
        found.others,
        quality_rows=reports,
        log_rows=logs,
        legs=as_json.legs(found.legs),
        possible=as_json.legs(found.possible),
        why=explain(found.messages, found.call, now_us()),
    )
    return _json({**whole, "notes": notes_as_json(found.notes)})


async def message(request: Request) -> Response:
    """GET /api/v1/messages/ID."""
    found = await message_view.find(request)
    written = await notes.of_message(request.state["database"], found.id)
    return _json({**whole_message(found), "notes": notes_as_json(written)})


def notes_as_json(written: Iterable[Note]) -> list[dict[str, Any]]:
    """Notes in the words of the API; `message` is null for one on the whole call."""
    return [
        {"id": note.id, "message": note.message_id or None, "user": note.user_name, "text": note.text,
         "made": note.made_at, "changed": note.changed_at}
        for note in written
    ]  # fmt: skip


def whole_message(found: MessageRow) -> dict[str, Any]:
    """A message row with `raw` (`raw_base64` when it is not UTF-8) and `fields`, its headers in their order."""
    whole = as_json.message(found, with_raw=True)
    found_headers = headers(found.raw or b"") if found.kind.is_sip else ()
    whole["fields"] = [
        {"name": header.name.decode("utf-8", "replace"), "value": header.value.decode("utf-8", "replace")}
        for header in found_headers
    ]
    return whole


def dump(value: Mapping[str, Any]) -> str:
    """JSON text, never with a lone surrogate."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode("utf-8")


def _json(value: Mapping[str, Any]) -> Response:
    return Response(dump(value), media_type=JSONResponse.media_type)
