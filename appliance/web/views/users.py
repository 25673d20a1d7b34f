"""/admin/users: who may sign in, and what as; for administrators."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from appliance.storage import accounts, sessions, throttle, tokens
from appliance.storage.accounts import AccountError, Role, User
from appliance.storage.audit import Action
from appliance.web import audit_trail
from appliance.web.auth import first_user, passwords
from appliance.web.auth.passwords import WeakPassword
from appliance.web.render import page
from appliance.web.state import Request, now_us
from appliance.web.views.account import signed_in
from appliance.web.wording import sentence

PATH = "/admin/users"
MOST_FIELDS = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """A user in the list."""

    user: User
    state: str
    sessions: int
    tokens: int
    last_seen_at: int | None
    """When a session that is still open was used last."""


@dataclass(frozen=True, slots=True)
class UsersPage:
    """The context of users.html; `problem` is about the form that was sent, of `about` or of a new user."""

    users: list[Shown]
    own: str
    """The name of whoever looks."""
    problem: str = ""
    about: str = ""
    name: str = ""
    """That was typed for a new user."""
    roles: tuple[str, ...] = tuple(Role)
    least_length: int = passwords.LEAST_LENGTH


async def show(request: Request) -> Response:
    """The list, and a form for one more."""
    return await _page(request)


async def add(request: Request) -> Response:
    """One more, whose password somebody else knows, and which is therefore to be changed."""
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    name, password = str(form.get("name", "")).strip(), str(form.get("password", ""))
    try:
        role = _role(form)
        passwords.check(password, name)
        hashed = await passwords.hashed(password)
        await accounts.add(request.state["database"], name, role, hashed, now_us(), must_change=True)
    except (AccountError, WeakPassword) as error:
        return await _page(request, str(error), name=name)
    await audit_trail.write(request, Action.USER_ADDED, f"{name} {role}")
    return RedirectResponse(PATH, 303)


async def change(request: Request) -> Response:
    """One of DEEDS to a user. One does nothing to oneself here that would lock one out."""
    deed = DEEDS.get(request.path_params["deed"])
    found = await accounts.by_name(request.state["database"], request.path_params["name"])
    if deed is None or found is None:
        raise HTTPException(404, "There is no such user, or nothing like that can be done.")
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    try:
        action, words = await deed(request, found, form)
    except (AccountError, WeakPassword) as error:
        return await _page(request, str(error), about=found.name)
    request.state["identities"].forget_user(found)
    await audit_trail.write(request, action, f"{found.name} {words}".strip())
    return RedirectResponse(PATH, 303)


async def _set_role(request: Request, user: User, form: FormData) -> tuple[Action, str]:
    role = _role(form)
    await accounts.set_role(request.state["database"], _another(request, user), role)
    return Action.ROLE_CHANGED, role


async def _set_password(request: Request, user: User, form: FormData) -> tuple[Action, str]:
    password, database = str(form.get("password", "")), request.state["database"]
    passwords.check(password, user.name)
    hashed = await passwords.hashed(password)
    await accounts.set_password(database, _another(request, user), hashed, now_us(), must_change=True)
    await throttle.succeeded(database, user.name)
    return Action.PASSWORD_CHANGED, ""


async def _disable(request: Request, user: User, _form: FormData) -> tuple[Action, str]:
    await accounts.disable(request.state["database"], _another(request, user))
    return Action.USER_DISABLED, ""


async def _enable(request: Request, user: User, _form: FormData) -> tuple[Action, str]:
    await accounts.enable(request.state["database"], user)
    return Action.USER_ENABLED, ""


async def _delete(request: Request, user: User, _form: FormData) -> tuple[Action, str]:
    await accounts.delete(request.state["database"], _another(request, user))
    return Action.USER_DELETED, ""


async def _end_sessions(request: Request, user: User, _form: FormData) -> tuple[Action, str]:
    ended = await sessions.end_others(request.state["database"], _another(request, user))
    return Action.SESSION_ENDED, f"{ended} of them"


DEEDS: dict[str, Callable[[Request, User, FormData], Awaitable[tuple[Action, str]]]] = {
    "role": _set_role,
    "password": _set_password,
    "disable": _disable,
    "enable": _enable,
    "delete": _delete,
    "end": _end_sessions,
}


def _another(request: Request, user: User) -> User:
    if user.id == signed_in(request).user.id:
        raise AccountError(
            "that is you: another administrator can do this; your own password is on your account's page"
        )
    return user


def _role(form: FormData) -> Role:
    try:
        return Role(str(form.get("role", "")))
    except ValueError as error:
        raise AccountError(f"a role is one of {', '.join(Role)}") from error


async def _page(request: Request, problem: str = "", *, about: str = "", name: str = "") -> Response:
    database = request.state["database"]
    open_ = await sessions.listed(database, now_us())
    counts, seen = Counter(one.user_id for one in open_), {one.user_id: one.last_seen_at for one in reversed(open_)}
    keys = Counter(one.user_name for one in await tokens.listed(database))
    users = [
        Shown(user, _state(user), counts[user.id], keys[user.name], seen.get(user.id))
        for user in await accounts.listed(database)
    ]
    shown = UsersPage(users, signed_in(request).user.name, sentence(problem) if problem else "", about, name)
    return page(request, "users.html", shown, status=422 if problem else 200)


def _state(user: User) -> str:
    if user.disabled:
        return "disabled"
    if first_user.is_over(user, now_us()):
        return "first password ran out"
    return "must choose a password" if user.must_change else ""
