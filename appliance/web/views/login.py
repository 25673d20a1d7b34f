"""/login and /logout."""

from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response

from appliance.storage import audit, sessions
from appliance.storage.audit import Action
from appliance.web import links
from appliance.web.auth import sign_in
from appliance.web.middleware.sessions import cookie_name, delete_cookie, set_cookie
from appliance.web.render import page
from appliance.web.state import Request, now_us


@dataclass(frozen=True, slots=True)
class LoginPage:
    """The context of login.html."""

    name: str
    next: str
    problem: str


async def show(request: Request) -> Response:
    """The form; whoever is signed in goes on."""
    target = _target(request.query_params.get("next", "/"))
    if request.state["identity"] is not None:
        return RedirectResponse(target, 303)
    return page(request, "login.html", LoginPage("", target, ""))


async def submit(request: Request) -> Response:
    """303 to where one wanted to go; 403 when wrong, 429 when too often."""
    form = await request.form(max_files=0, max_fields=10)
    name, password = str(form.get("name", "")), str(form.get("password", ""))
    target = _target(str(form.get("next", "/")))
    old = request.cookies.get(cookie_name(request))
    old_key = sessions.token_hash(old) if old else None
    try:
        user, token = await sign_in.sign_in(
            request.state["database"], name, password, client(request), old_key, now_us()
        )
    except sign_in.Refused as refused:
        status, headers = (429, {"Retry-After": str(refused.wait_seconds)}) if refused.wait_seconds else (403, {})
        shown = LoginPage(name, target, refused.sentence)
        return page(request, "login.html", shown, block="form", status=status, headers=headers)
    if old_key is not None:
        request.state["identities"].forget(old_key)
    response = RedirectResponse("/account" if user.must_change else target, 303)
    set_cookie(request, response, token)
    return response


async def sign_out(request: Request) -> Response:
    """End this session."""
    identity = request.state["identity"]
    if identity is not None and identity.session is not None:
        database = request.state["database"]
        await sessions.end(database, identity.key)
        request.state["identities"].forget(identity.key)
        name = identity.user.name
        await audit.record(database, now_us(), name, Action.SIGN_OUT, name, client(request))
    response = RedirectResponse("/login", 303)
    delete_cookie(request, response)
    return response


def _target(text: str) -> str:
    """Where to go after signing in: a page of ours, and not back here."""
    target = links.local(text)
    return "/" if target.startswith("/login") else target


def client(request: Request) -> str:
    """The address that a request came from."""
    return request.client.host if request.client else ""
