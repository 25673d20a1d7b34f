"""Whoever signed in with a password that others know can do nothing but change it (FEATURES K1)."""

from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from appliance.web import errors, paths
from appliance.web.state import Request

ALLOWED = frozenset({"/account", "/account/password", "/logout"})
SENTENCE = "Change the first password before anything else: open /account."


class FirstPassword:
    """Pages lead to /account; the API and files answer 403."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            refusal = _refusal(Request(scope, receive))
            if refusal is not None:
                await refusal(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _refusal(request: Request) -> Response | None:
    identity = request.state["identity"]
    path = request.url.path
    if identity is None or identity.by_token or not identity.user.must_change:
        return None
    if path in ALLOWED or paths.is_open(path):
        return None
    if paths.is_api(path) or paths.is_file(path) or paths.is_metrics(path):
        return errors.answer(request, 403, SENTENCE)
    return RedirectResponse("/account", 303)
