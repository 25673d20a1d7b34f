"""/account: one's own password, API tokens and zone; and the switch between light and dark."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from appliance.storage import audit, preferences, sessions, tokens
from appliance.storage.accounts import AccountError
from appliance.storage.audit import Action
from appliance.storage.sessions import Open
from appliance.storage.tokens import Scope, Token
from appliance.web import links, zones
from appliance.web.auth import passwords, sign_in
from appliance.web.auth.identity import Identity
from appliance.web.middleware.sessions import set_cookie
from appliance.web.render import page
from appliance.web.state import Request, now_us
from appliance.web.views.login import client

THEMES = ("light", "dark", "")
THEME_SECONDS = 365 * 86400


@dataclass(frozen=True, slots=True)
class AccountPage:
    """The context of account.html; a problem stands beside the form it belongs to."""

    must_change: bool
    least_length: int
    tokens: list[Token]
    changed: bool = False
    new_token: str = ""
    password_problem: str = ""
    token_problem: str = ""
    zone: str = ""
    zone_names: tuple[str, ...] = ()
    zone_kept: bool = False
    sessions: tuple[Open, ...] = ()
    """One's own, that of this request first."""
    own_key: str = ""
    """That of this request's session."""


async def show(request: Request) -> Response:
    """The signed-in user: password and tokens."""
    return await _page(
        request, changed=request.query_params.get("changed") == "1", zone_kept=request.query_params.get("zone") == "1"
    )


async def change_password(request: Request) -> Response:
    """All sessions of this user end, this one goes on under a new token."""
    identity = signed_in(request)
    form = await request.form(max_files=0, max_fields=10)
    old, new, again = (str(form.get(name, "")) for name in ("old", "new", "again"))
    try:
        token = await sign_in.change_password(
            request.state["database"], identity.user, old, new, again, client(request), now_us()
        )
    except (sign_in.Refused, passwords.WeakPassword) as problem:
        sentence = problem.sentence if isinstance(problem, sign_in.Refused) else str(problem)
        return await _page(request, status=422, password_problem=sentence)
    request.state["identities"].forget_user(identity.user)
    response = RedirectResponse("/" if identity.user.must_change else "/account?changed=1", 303)
    set_cookie(request, response, token)
    return response


async def create_token(request: Request) -> Response:
    """Shows the token, this once."""
    identity = signed_in(request)
    form = await request.form(max_files=0, max_fields=10)
    name, days = str(form.get("name", "")), str(form.get("days", ""))
    database = request.state["database"]
    try:
        scope = _scope(str(form.get("scope", "") or Scope.ALL))
        token = await tokens.create(database, identity.user, name, now_us(), scope, _days(days))
    except AccountError as problem:
        return await _page(request, status=422, token_problem=f"{str(problem)[:1].upper()}{str(problem)[1:]}.")
    await audit.record(database, now_us(), identity.user.name, Action.TOKEN_CREATED, f"{name} {scope}", client(request))
    return await _page(request, new_token=token)


def _scope(text: str) -> Scope:
    try:
        return Scope(text)
    except ValueError as error:
        raise AccountError(f"a token's scope is one of {', '.join(Scope)}") from error


def _days(text: str) -> int | None:
    if not text.strip():
        return None
    if not (text.isascii() and text.isdigit()):
        raise AccountError(f"{text[:20]} is no number of days: leave it empty for ever")
    return int(text[:9])


async def revoke_token(request: Request) -> Response:
    """Make one of one's own tokens work no more."""
    identity = signed_in(request)
    form = await request.form(max_files=0, max_fields=10)
    name = str(form.get("name", ""))
    database = request.state["database"]
    if await tokens.revoke(database, identity.user, name):
        request.state["identities"].forget_user(identity.user)
        await audit.record(database, now_us(), identity.user.name, Action.TOKEN_REVOKED, name, client(request))
    return RedirectResponse("/account", 303)


async def end_session(request: Request) -> Response:
    """End another session of one's own by its `key`, or without one all others."""
    identity = signed_in(request)
    form = await request.form(max_files=0, max_fields=10)
    key, database = str(form.get("key", "")), request.state["database"]
    if key:
        ended = await sessions.end_one(database, identity.user, key)
    else:
        ended = bool(await sessions.end_others(database, identity.user, identity.key))
    if ended:
        request.state["identities"].forget_user(identity.user)
        words = f"{identity.user.name} {key or 'all others'}"
        await audit.record(database, now_us(), identity.user.name, Action.SESSION_ENDED, words, client(request))
    return RedirectResponse("/account#sessions", 303)


async def choose_zone(request: Request) -> Response:
    """The zone that pages show times in, kept for the person."""
    identity = signed_in(request)
    form = await request.form(max_files=0, max_fields=10)
    zone = str(form.get("zone", ""))
    if not zones.is_choice(zone):
        raise HTTPException(422, "This zone is not known here: choose one of the list.")
    await preferences.keep(request.state["database"], identity.user, preferences.ZONE, zone)
    request.state["identities"].forget_user(identity.user)
    return RedirectResponse("/account?zone=1#zone", 303)


async def choose_theme(request: Request) -> Response:
    """Kept in a cookie of this browser."""
    form = await request.form(max_files=0, max_fields=10)
    theme = str(form.get("theme", ""))
    response = RedirectResponse(links.local(str(form.get("next", "/"))), 303)
    response.set_cookie("theme", theme if theme in THEMES else "", max_age=THEME_SECONDS, path="/", samesite="lax")
    return response


def signed_in(request: Request) -> Identity:
    """Who asks, of an address that nobody else gets to."""
    identity = request.state["identity"]
    assert identity is not None, "middleware.sessions lets nobody else in here"
    return identity


async def _page(
    request: Request,
    *,
    status: int = 200,
    changed: bool = False,
    zone_kept: bool = False,
    new_token: str = "",
    password_problem: str = "",
    token_problem: str = "",
) -> Response:
    identity = signed_in(request)
    must_change = identity.user.must_change
    own = [] if must_change else await tokens.listed(request.state["database"], identity.user)
    open_ = [] if must_change else await sessions.listed(request.state["database"], now_us(), identity.user)
    own_key = sessions.key_of(identity.key)
    shown = AccountPage(
        must_change,
        passwords.LEAST_LENGTH,
        own,
        changed,
        new_token,
        password_problem,
        token_problem,
        identity.zone,
        zones.names(),
        zone_kept,
        tuple(sorted(open_, key=lambda one: one.key != own_key)),
        own_key,
    )
    return page(request, "account.html", shown, status=status)
