"""Asks for every request of somebody who is signed in whether that somebody may do it (auth.permissions)."""

from starlette.types import ASGIApp, Receive, Scope, Send

from appliance.web import errors, paths
from appliance.web.auth.permissions import Deed, may
from appliance.web.state import Request

_DEEDS = {
    "/account": Deed.CHANGE_OWN_PASSWORD,
    "/account/password": Deed.CHANGE_OWN_PASSWORD,
    "/account/tokens": Deed.MANAGE_OWN_TOKENS,
    "/account/tokens/revoke": Deed.MANAGE_OWN_TOKENS,
    "/api/v1/ingest": Deed.INGEST,
    "/agents": Deed.SEE_HEALTH,
    "/agents.csv": Deed.SEE_HEALTH,
    "/agents.json": Deed.SEE_HEALTH,
    "/captures": Deed.IMPORT,
    "/health": Deed.SEE_HEALTH,
    "/metrics": Deed.SEE_HEALTH,
    "/account/sessions/end": Deed.MANAGE_OWN_TOKENS,
    "/account/zone": Deed.KEEP_SEARCHES,
    "/search/columns": Deed.KEEP_SEARCHES,
    "/admin/audit": Deed.ADMINISTER,
    "/admin/audit.csv": Deed.ADMINISTER,
    "/admin/audit.json": Deed.ADMINISTER,
    "/api/v1/audit": Deed.ADMINISTER,
    "/admin/shares": Deed.SHARE,
    "/admin/shares.csv": Deed.SHARE,
    "/api/v1/shares": Deed.SHARE,
    "/searches": Deed.KEEP_SEARCHES,
    "/searches.json": Deed.KEEP_SEARCHES,
    "/api/v1/searches": Deed.KEEP_SEARCHES,
}
_BELOW = (
    ("/admin/shares/", Deed.SHARE),
    ("/admin/aliases/", Deed.ADMINISTER),
    ("/admin/users", Deed.ADMINISTER),
    ("/api/v1/shares/", Deed.SHARE),
    ("/notes/", Deed.ANNOTATE),
    ("/pins/", Deed.PIN),
    ("/searches/", Deed.KEEP_SEARCHES),
    ("/api/v1/searches/", Deed.KEEP_SEARCHES),
)
"""Of every path that begins so."""
_WRITTEN = {"/api/v1/aliases": Deed.ADMINISTER}
"""What is for all to read, and not to write."""
_OF_CALLS = {"legs": Deed.JOIN, "share": Deed.SHARE, "notes": Deed.ANNOTATE, "pin": Deed.PIN}
"""By what stands after a call's or message's key."""
SENTENCE = "That is not allowed in this session."


class Rights:
    """403 where `may` says no; a path that is named nowhere is for reading."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _allowed(Request(scope)):
            await errors.answer(Request(scope), 403, SENTENCE)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _allowed(request: Request) -> bool:
    identity, path = request.state["identity"], request.url.path
    if identity is None or paths.is_open(path) or path == "/logout":
        return True
    deed = deed_of(path, request.method)
    return may(identity.user, deed, path, by_token=identity.by_token, scope=identity.scope)


def deed_of(path: str, method: str = "GET") -> Deed:
    """What somebody does who asks for this path."""
    if method not in ("GET", "HEAD") and path in _WRITTEN:
        return _WRITTEN[path]
    of_api = path.removeprefix("/api/v1")
    if of_api.startswith(("/calls/", "/messages/")):
        return _OF_CALLS.get([*of_api.split("/"), ""][3], Deed.READ)
    below = next((deed for start, deed in _BELOW if path.startswith(start)), Deed.READ)
    return _DEEDS.get(path, below)
