"""Finds out who sends a request, and sends away who is nobody."""

import base64
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from appliance.export import moments
from appliance.storage.connection import DatabaseError
from appliance.web import errors, paths, zones
from appliance.web.auth.identity import Identity
from appliance.web.state import Request, now_us

COOKIE = "hepbox_session"
SECURE_COOKIE = "__Host-hepbox_session"
"""Over https: the browser then refuses one that a neighbouring host set."""


class Sessions:
    """Sets `state["identity"]`; pages without one lead to /login, the API and files answer 401."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        scope["state"]["identity"] = None
        if not (scope["path"].startswith("/static/") or paths.is_shared(scope["path"])):
            try:
                scope["state"]["identity"] = await identify(request)
            except (DatabaseError, OSError):
                if not (paths.is_open(scope["path"]) or paths.is_metrics(scope["path"])):
                    await errors.database_away(request)(scope, receive, send)
                    return
        refusal = _refusal(request)
        with moments.shown_in(zones.of(request)):
            await (refusal or self.app)(scope, receive, send)


async def identify(request: Request) -> Identity | None:
    """By `Authorization: Bearer` (to post events also Basic, the token its password), else by the session's cookie.

    Raises DatabaseError.
    """
    identities = request.state["identities"]
    authorization = request.headers.get("authorization", "")
    if authorization:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() == "basic" and paths.is_ingest(request.url.path):
            token = _password(token)
        elif scheme.lower() != "bearer":
            return None
        return await identities.by_token(token.strip(), now_us())
    token = request.cookies.get(cookie_name(request), "")
    return await identities.by_session(token, now_us()) if token else None


def _password(credentials: str) -> str:
    """Of Basic; empty when it is not readable."""
    try:
        return base64.b64decode(credentials.strip(), validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def cookie_name(request: Request) -> str:
    return SECURE_COOKIE if request.url.scheme == "https" else COOKIE


def set_cookie(request: Request, response: Response, token: str) -> None:
    """Lax, so that a link to a call in a ticket opens it; what changes something is guarded by CrossOrigin."""
    secure = request.url.scheme == "https"
    response.set_cookie(cookie_name(request), token, path="/", httponly=True, samesite="lax", secure=secure)


def delete_cookie(request: Request, response: Response) -> None:
    secure = request.url.scheme == "https"
    response.delete_cookie(cookie_name(request), path="/", httponly=True, samesite="lax", secure=secure)


def _refusal(request: Request) -> Response | None:
    path = request.url.path
    if request.state["identity"] is not None or paths.is_open(path) or paths.is_metrics(path):
        return None
    if paths.is_api(path) or request.headers.get("authorization"):
        return errors.answer(request, 401, "Sign in, or send `Authorization: Bearer TOKEN` with a token that is valid.")
    if paths.is_file(path) and "text/html" not in request.headers.get("accept", ""):
        return errors.answer(request, 401, "Sign in, or send `Authorization: Bearer TOKEN` with a token that is valid.")
    target = sign_in_address(request)
    if request.headers.get("hx-request"):
        return Response(status_code=204, headers={"HX-Redirect": target})
    return RedirectResponse(target, 303)


def sign_in_address(request: Request) -> str:
    """/login, and where to go from there."""
    if request.method != "GET" or request.url.path == "/":
        return "/login"
    where = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.headers.get("hx-request"):
        return "/login"
    return f"/login?next={quote(where, safe='/')}"
