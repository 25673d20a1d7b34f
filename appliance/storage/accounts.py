"""Who may sign in: the table `users`. Passwords come and go as hashes only; times are microseconds UTC."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pymysql.err

from appliance.storage.connection import Database, Row

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}\Z")
_COLUMNS = "id, name, role, password_hash, must_change, disabled, made_at, password_changed_at"


class AccountError(ValueError):
    """What was asked of an account cannot be done; the text is a sentence for whoever asked."""


class Role(StrEnum):
    """What an account may do, see web.auth.permissions."""

    ADMIN = "admin"
    USER = "user"


@dataclass(frozen=True, slots=True)
class User:
    """One account."""

    id: int
    name: str
    role: Role
    password_hash: str = field(repr=False)
    must_change: bool
    """The password is one that others know: it opens nothing but its own change."""
    disabled: bool
    made_at: int
    password_changed_at: int


def user_of(columns: Row) -> User:
    """A User from the columns of `USER_COLUMNS`."""
    number, name, role, password_hash, must_change, disabled, made_at, changed_at = columns
    return User(number, name, Role(role), password_hash, bool(must_change), bool(disabled), made_at, changed_at)


USER_COLUMNS = ", ".join(f"users.{name}" for name in _COLUMNS.split(", "))
"""To be selected by tables that join `users`."""


async def by_name(database: Database, name: str) -> User | None:
    """Names are ASCII and compared without case."""
    if not NAME.match(name):
        return None
    row = await database.fetch_one(f"SELECT {USER_COLUMNS} FROM users WHERE name = %s", (name,))  # noqa: S608
    return user_of(row) if row else None


async def listed(database: Database) -> list[User]:
    return [user_of(row) for row in await database.fetch(f"SELECT {USER_COLUMNS} FROM users ORDER BY name")]  # noqa: S608


async def add(
    database: Database, name: str, role: Role, password_hash: str, now_us: int, *, must_change: bool = False
) -> None:
    """Raises AccountError when the name is taken or is none."""
    if not NAME.match(name):
        raise AccountError(
            f"{name!r} cannot be a user's name: up to 64 of A-Z a-z 0-9 . _ @ -, beginning with a letter or digit"
        )
    try:
        await database.execute(
            "INSERT INTO users (name, role, password_hash, must_change, made_at, password_changed_at)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            (name, role.value, password_hash, must_change, now_us, now_us),
        )
    except pymysql.err.IntegrityError as error:
        raise AccountError(f"there is a user {name} already") from error


async def is_empty(database: Database) -> bool:
    return await database.fetch_one("SELECT 1 FROM users LIMIT 1") is None


async def add_first(database: Database, name: str, password_hash: str, now_us: int) -> bool:
    """Make an administrator who must change the password, if there is no user at all; True if made."""
    try:
        made = await database.execute(
            "INSERT INTO users (name, role, password_hash, must_change, made_at, password_changed_at)"
            " SELECT %s, 'admin', %s, TRUE, %s, %s FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM users)",
            (name, password_hash, now_us, now_us),
        )
    except pymysql.err.IntegrityError:
        return False
    return made == 1


async def set_password(
    database: Database, user: User, password_hash: str, now_us: int, *, must_change: bool = False
) -> None:
    """Replace the password and end every session of this user."""
    async with database.transaction() as cursor:
        await cursor.execute(
            "UPDATE users SET password_hash = %s, must_change = %s, password_changed_at = %s WHERE id = %s",
            (password_hash, must_change, now_us, user.id),
        )
        await cursor.execute("DELETE FROM sessions WHERE user_id = %s", (user.id,))


async def disable(database: Database, user: User) -> None:
    """No sign-in, no session, no token works any more. Raises AccountError for the last administrator."""
    async with database.transaction() as cursor:
        await _keep_an_administrator(cursor, user)
        await cursor.execute("UPDATE users SET disabled = TRUE WHERE id = %s", (user.id,))
        await cursor.execute("DELETE FROM sessions WHERE user_id = %s", (user.id,))


async def set_role(database: Database, user: User, role: Role) -> None:
    """What the user may do from now on. Raises AccountError for the last administrator."""
    async with database.transaction() as cursor:
        if role is not Role.ADMIN:
            await _keep_an_administrator(cursor, user)
        await cursor.execute("UPDATE users SET role = %s WHERE id = %s", (role.value, user.id))


async def enable(database: Database, user: User) -> None:
    await database.execute("UPDATE users SET disabled = FALSE WHERE id = %s", (user.id,))


async def delete(database: Database, user: User) -> None:
    """With sessions and tokens; the audit trail keeps the name. Raises AccountError for the last administrator."""
    async with database.transaction() as cursor:
        await _keep_an_administrator(cursor, user)
        await cursor.execute("DELETE FROM users WHERE id = %s", (user.id,))


async def _keep_an_administrator(cursor: Any, user: User) -> None:
    await cursor.execute("SELECT id FROM users WHERE role = 'admin' AND NOT disabled FOR UPDATE")
    administrators = {row[0] for row in await cursor.fetchall()}
    if administrators == {user.id}:
        raise AccountError(f"{user.name} is the last administrator who can sign in: make another one first")
