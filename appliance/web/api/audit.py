"""/api/v1/audit: the audit trail for programs, a page at a time."""

from starlette.responses import JSONResponse, Response

from appliance.storage import audit
from appliance.web import errors, trail_query
from appliance.web.state import Request, now_us
from appliance.web.trail_query import BadTrailQuery
from appliance.web.views.audit import as_json

MOST_LINES = 1000
DEFAULT_LINES = 100


async def listed(request: Request) -> Response:
    """GET /api/v1/audit?user=&action=&object=&from=&to=&before=&limit=: lines, newest first."""
    query = request.query_params
    try:
        asked, limit = trail_query.asked(query, now_us()), _limit(query.get("limit", ""))
    except BadTrailQuery as error:
        return errors.answer(request, 422, str(error), code="bad_argument", where=error.where)
    found = await audit.found(request.state["database"], asked, limit + 1)
    entries = [as_json(entry) for entry in found[:limit]]
    return JSONResponse({"entries": entries, "next": found[limit - 1].id if len(found) > limit else None})


def _limit(text: str) -> int:
    if not text:
        return DEFAULT_LINES
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_LINES):
        raise BadTrailQuery(f"`limit` is 1 to {MOST_LINES}.", "limit")
    return int(text)
