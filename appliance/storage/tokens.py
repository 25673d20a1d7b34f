"""API tokens: `Authorization: Bearer …`; only the SHA-256 is kept, so a token is shown once."""

import secrets
from dataclasses import dataclass
from enum import StrEnum

import pymysql.err

from appliance.storage.accounts import USER_COLUMNS, AccountError, User, user_of
from appliance.storage.connection import Database
from appliance.storage.sessions import token_hash

PREFIX = "hepbox_"
"""So that a token found in a script or a leak can be recognised."""
USED_EVERY_US = 60 * 1_000_000
NAME_LENGTH = 64
_LIMITS = "COALESCE(scope, 'all'), expires_at"
_WITH_LIMITS = "LEFT JOIN api_token_limits ON token_id = api_tokens.id"


DAY_US = 86_400_000_000
MOST_DAYS = 3650


class Scope(StrEnum):
    """How much of what its user may a token may (web.auth.permissions)."""

    ALL = "all"
    READ = "read"
    """Search, open, export, and see how the appliance is."""
    INGEST = "ingest"
    """Post events to be stored, and nothing else."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token that is good stands for."""

    user: User
    scope: Scope
    expires_at: int | None


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token once it was shown."""

    id: int
    user_name: str
    name: str
    made_at: int
    last_used_at: int | None
    scope: Scope = Scope.ALL
    expires_at: int | None = None

    def is_over(self, now_us: int) -> bool:
        return self.expires_at is not None and now_us >= self.expires_at


async def create(
    database: Database, user: User, name: str, now_us: int, scope: Scope = Scope.ALL, days: int | None = None
) -> str:
    """A new token of this user, to be shown once; good for so many days, None for ever. Raises AccountError when the
    name or the number of days is no good."""
    name = name.strip()
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise AccountError(f"a token is good for 1 to {MOST_DAYS} days, or for ever")
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise AccountError(f"a token's name is 1 to {NAME_LENGTH} printable characters")
    token = PREFIX + secrets.token_urlsafe(32)
    try:
        async with database.transaction() as cursor:
            await cursor.execute(
                "INSERT INTO api_tokens (user_id, name, token_hash, made_at) VALUES (%s, %s, %s, %s)",
                (user.id, name, token_hash(token), now_us),
            )
            await cursor.execute(
                "INSERT INTO api_token_limits (token_id, scope, expires_at) VALUES (%s, %s, %s)",
                (cursor.lastrowid, scope.value, None if days is None else now_us + days * DAY_US),
            )
    except pymysql.err.IntegrityError as error:
        raise AccountError(f"{user.name} has a token named {name} already: revoke it or choose another name") from error
    return token


async def find(database: Database, hashed: bytes, now_us: int) -> User | None:
    """Whose token this is the hash of; None for one that is no good."""
    found = await grant(database, hashed, now_us)
    return found.user if found else None


async def grant(database: Database, hashed: bytes, now_us: int) -> Grant | None:
    """What the token with this hash stands for; None for a revoked one, one that is over, and a disabled user's."""
    row = await database.fetch_one(
        f"SELECT {USER_COLUMNS}, api_tokens.id, last_used_at, {_LIMITS} FROM api_tokens"  # noqa: S608
        f" JOIN users ON users.id = user_id {_WITH_LIMITS} WHERE token_hash = %s AND NOT disabled",
        (hashed,),
    )
    if row is None:
        return None
    *user, number, last_used_at, scope, expires_at = row
    if expires_at is not None and now_us >= expires_at:
        return None
    if last_used_at is None or last_used_at + USED_EVERY_US <= now_us:
        await database.execute("UPDATE api_tokens SET last_used_at = %s WHERE id = %s", (now_us, number))
    return Grant(user_of(tuple(user)), Scope(scope), expires_at)


async def listed(database: Database, user: User | None = None) -> list[Token]:
    """Tokens of one user, or of all."""
    rows = await database.fetch(
        f"SELECT api_tokens.id, users.name, api_tokens.name, api_tokens.made_at, last_used_at, {_LIMITS}"  # noqa: S608
        f" FROM api_tokens JOIN users ON users.id = user_id {_WITH_LIMITS} WHERE %s IS NULL OR user_id = %s"
        " ORDER BY users.name, api_tokens.name",
        (user.id if user else None, user.id if user else None),
    )
    return [
        Token(number, user_name, name, made_at, used_at, Scope(scope), expires_at)
        for number, user_name, name, made_at, used_at, scope, expires_at in rows
    ]


async def revoke(database: Database, user: User, name: str) -> bool:
    """True when there was such a token."""
    return await database.execute("DELETE FROM api_tokens WHERE user_id = %s AND name = %s", (user.id, name)) == 1
