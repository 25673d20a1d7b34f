"""/admin/audit: who did what, when, from where; searched, paged and exported."""

import csv as csv_module
import io
import json as json_module
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import RedirectResponse, Response, StreamingResponse

from appliance.export.as_csv import defused
from appliance.storage import audit
from appliance.storage.audit import Action, Asked, Entry
from appliance.web import audit_trail, links, trail_query, typed_times
from appliance.web.render import page
from appliance.web.state import Request, now_us
from appliance.web.trail_query import BadTrailQuery
from appliance.web.wording import zoned

PATH = "/admin/audit"
PAGE_LINES = 100
LINES_AT_ONCE = 2000
"""Of an export."""
Written = Callable[[list[Entry]], str]
COLUMNS = ("id", "at", "user", "action", "object", "address")


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The context of audit.html; `older` is the address of the next page."""

    entries: list[Entry]
    query: Mapping[str, str]
    actions: tuple[str, ...] = tuple(Action)
    older: str = ""
    problem: str = ""
    since: str = trail_query.SINCE


async def show(request: Request) -> Response:
    """The lines, newest first."""
    if typed_times.is_typed(request.query_params):
        return RedirectResponse(links.with_query(PATH, typed_times.settled(request.query_params, now_us())), 303)
    query = _query(request)
    try:
        asked = trail_query.asked(query, now_us())
    except BadTrailQuery as error:
        return page(request, "audit.html", AuditPage([], query, problem=str(error)), status=422)
    found = await audit.found(request.state["database"], asked, PAGE_LINES + 1)
    older = ""
    if len(found) > PAGE_LINES:
        older = links.with_query(PATH, query, before=str(found[PAGE_LINES - 1].id))
    return page(request, "audit.html", AuditPage(found[:PAGE_LINES], query, older=older))


async def csv(request: Request) -> Response:
    """All lines that are asked for, for a spreadsheet."""

    def written(entries: list[Entry]) -> str:
        file = io.StringIO(newline="")
        cells = ((one.id, zoned(one.at), one.user_name, one.action, one.object, one.address) for one in entries)
        csv_module.writer(file).writerows([defused(str(cell)) for cell in row] for row in cells)
        return file.getvalue()

    return await _export(request, "csv", ",".join(COLUMNS) + "\r\n", written)


async def json(request: Request) -> Response:
    """The same as a JSON object a line."""
    return await _export(
        request, "json", "", lambda entries: "".join(f"{json_module.dumps(as_json(one))}\n" for one in entries)
    )


def as_json(entry: Entry) -> dict[str, Any]:
    """In the API's words; `at` is epoch microseconds."""
    return {
        "id": entry.id,
        "at": entry.at,
        "user": entry.user_name,
        "action": entry.action,
        "object": entry.object,
        "address": entry.address,
    }


async def _export(request: Request, kind: str, heading: str, written: Written) -> Response:
    query = _query(request)
    try:
        asked = trail_query.asked(query, now_us())
    except BadTrailQuery as error:
        return page(request, "audit.html", AuditPage([], query, problem=str(error)), status=422)
    words = " ".join(f"{name}:{value}" for name, value in query.items())
    await audit_trail.write(request, Action.EXPORTED, f"audit.{kind} {words}".strip())
    headers = {"Content-Disposition": f'attachment; filename="audit.{kind}"'}
    media_type = "text/csv" if kind == "csv" else "application/x-ndjson"
    return StreamingResponse(_lines(request, asked, heading, written), media_type=media_type, headers=headers)


async def _lines(
    request: Request, asked: Asked, heading: str, written: Callable[[list[Entry]], str]
) -> AsyncIterator[bytes]:
    yield heading.encode()
    while found := await audit.found(request.state["database"], asked, LINES_AT_ONCE):
        yield written(found).encode("utf-8", "replace")
        asked = replace(asked, before=found[-1].id)


def _query(request: Request) -> dict[str, str]:
    return {name: value for name in trail_query.FIELDS if (value := request.query_params.get(name, ""))}
