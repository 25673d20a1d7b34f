"""What is answered when there is no page to show: HTML for people, JSON for the API, a line for downloads."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, Response

from appliance.log import logger
from appliance.storage.connection import DatabaseError
from appliance.web import paths
from appliance.web.render import page
from appliance.web.state import Request

RETRY_SECONDS = 3
AWAY = "The database does not answer. Packets are still received and kept; this page tries again by itself."
_MAY_PASS = frozenset({1040, 1044, 1045, 1049, 1053, 1130, 1146, 1184, 1205, 1213, 1927, 1969, 3024, 4031})
"""Too many connections, no access (yet), shutting down, a table that was just dropped, locks, time over."""
_ADVICE = {
    404: "There is no such page. Search for what you need in the line above.",
    405: "This address does not take that kind of request.",
    413: "That was too much at once.",
    500: "Something went wrong here, and it was written to the log. Try again; if it stays so, see the health page.",
}


def answer(
    request: Request,
    status: int,
    sentence: str,
    *,
    code: str = "",
    where: str | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """An error in the form that the request's path calls for."""
    headers = dict(headers or {})
    if status == 401:
        basic = ', Basic realm="hepbox"' if paths.is_ingest(request.url.path) else ""
        headers.setdefault("WWW-Authenticate", f'Bearer realm="hepbox"{basic}')
    path = request.url.path
    if paths.is_api(path) or path in ("/search.json", "/agents.json"):
        return JSONResponse(body(code or _code(status), sentence, where), status, headers)
    if "text/html" not in request.headers.get("accept", "text/html" if not paths.is_file(path) else ""):
        return PlainTextResponse(f"{sentence}\n", status, headers)
    context = {"status": status, "title": _phrase(status), "sentence": sentence, "retry": 0, "target": _target(request)}
    if status == 503:
        context["retry"] = RETRY_SECONDS
        headers["Refresh"] = str(RETRY_SECONDS)
        headers.setdefault("Retry-After", str(RETRY_SECONDS))
    return page(request, "error.html", context, block="part", status=status, headers=headers)


def body(code: str, sentence: str, where: str | None = None) -> dict[str, object]:
    """INTERFACES: `{"error": {"code", "message", "where"}}`."""
    return {"error": {"code": code, "message": sentence, "where": where}}


def database_away(request: Request) -> Response:
    return answer(request, 503, AWAY, code="database_away")


async def on_http(request: Request, error: Exception) -> Response:
    """For HTTPException: no route, wrong method, and what views raise with a sentence of their own."""
    assert isinstance(error, HTTPException)
    own = error.detail if error.detail != _phrase(error.status_code) else ""
    sentence = own or _ADVICE.get(error.status_code, f"{_phrase(error.status_code)}.")
    return answer(request, error.status_code, sentence, headers=dict(error.headers or {}))


async def on_database(request: Request, error: Exception) -> Response:
    """For DatabaseError and OSError anywhere in a view: away or busy; what is wrong with a statement is our fault."""
    if not is_away(error):
        return await on_fault(request, error)
    logger().warning("database_failed", path=paths.told(request.url.path), error=str(error))
    return database_away(request)


async def on_fault(request: Request, error: Exception) -> Response:
    """For what nobody foresaw: the log has the traceback, the page has not."""
    logger().error("request_failed", path=paths.told(request.url.path), exc_info=error)
    return answer(request, 500, _ADVICE[500])


def is_away(error: Exception) -> bool:
    """Whether the database may answer when it is asked again."""
    code = error.args[0] if isinstance(error, DatabaseError) and error.args else 0
    return not isinstance(code, int) or code < 1000 or 2000 <= code < 3000 or code in _MAY_PASS


def _target(request: Request) -> str:
    """Id of the part of the page that htmx will replace by this answer, so that the next one finds it again."""
    name = request.headers.get("hx-target", "").rpartition("#")[2]
    return name if name in ("results", "dock", "health") else ""


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase


def _code(status: int) -> str:
    return _phrase(status).lower().replace(" ", "_").replace("-", "_")
