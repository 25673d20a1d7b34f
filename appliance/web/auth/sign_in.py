"""Signing in, changing the password, signing out: what happens, apart from the pages."""

from dataclasses import dataclass

from appliance.storage import accounts, audit, sessions, throttle
from appliance.storage.accounts import User
from appliance.storage.audit import Action
from appliance.storage.connection import Database
from appliance.web.auth import first_user, passwords

MOST_NAME = 64


@dataclass(frozen=True, slots=True)
class Refused(Exception):
    """No session: the same sentence whether the name or the password was wrong."""

    sentence: str
    wait_seconds: int = 0


WRONG = Refused("Wrong name or password.")
OVER = Refused(
    "The first password was not changed within 72 hours and works no more. "
    "On the machine itself, run: hepbox user passwd admin"
)


async def sign_in(
    database: Database, name: str, password: str, address: str, old_session: bytes | None, now_us: int
) -> tuple[User, str]:
    """The user and the token of a new session. Raises Refused."""
    name = name.strip()[:MOST_NAME]
    wait = await throttle.wait_seconds(database, name, address, now_us)
    if wait:
        raise Refused(f"Too many wrong tries: wait {wait} s, then try again.", wait)
    await throttle.tried(database, name, address, now_us)
    user = await accounts.by_name(database, name)
    usable = user is not None and not user.disabled
    right = await passwords.matches(user.password_hash if user and usable else None, password[: passwords.MOST_LENGTH])
    if user is None or not right:
        await audit.record(database, now_us, name, Action.SIGN_IN_FAILED, name, address)
        raise WRONG
    if first_user.is_over(user, now_us):
        await audit.record(database, now_us, name, Action.SIGN_IN_FAILED, name, address)
        raise OVER
    await throttle.succeeded(database, name, address)
    if old_session is not None:
        await sessions.end(database, old_session)
    await audit.record(database, now_us, user.name, Action.SIGN_IN, user.name, address)
    return user, await sessions.start(database, user, address, now_us)


async def change_password(
    database: Database, user: User, old: str, new: str, again: str, address: str, now_us: int
) -> str:
    """End all sessions of the user and return the token of a new one. Raises Refused or WeakPassword."""
    wait = await throttle.wait_seconds(database, user.name, address, now_us)
    if wait:
        raise Refused(f"Too many wrong tries: wait {wait} s, then try again.", wait)
    await throttle.tried(database, user.name, address, now_us)
    if not await passwords.matches(user.password_hash, old[: passwords.MOST_LENGTH]):
        raise Refused("That is not the present password.")
    await throttle.succeeded(database, user.name, address)
    if new != again:
        raise passwords.WeakPassword("The new password was not the same twice.")
    passwords.check(new, user.name, old)
    await accounts.set_password(database, user, await passwords.hashed(new), now_us)
    await audit.record(database, now_us, user.name, Action.PASSWORD_CHANGED, user.name, address)
    return await sessions.start(database, user, address, now_us)
