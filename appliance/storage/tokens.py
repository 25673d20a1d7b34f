"""API tokens: `Authorization: Bearer …`; only the SHA-256 is kept, so a token is shown once."""

import secrets
from dataclasses import dataclass

import pymysql.err

from appliance.storage.accounts import USER_COLUMNS, AccountError, User, user_of
from appliance.storage.connection import Database
from appliance.storage.sessions import token_hash

PREFIX = "hepbox_"
"""So that a token found in a script or a leak can be recognised."""
USED_EVERY_US = 60 * 1_000_000
NAME_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token once it was shown."""

    id: int
    user_name: str
    name: str
    made_at: int
    last_used_at: int | None


async def create(database: Database, user: User, name: str, now_us: int) -> str:
    """A new token of this user, to be shown once. Raises AccountError when the name is no good."""
    name = name.strip()
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise AccountError(f"a token's name is 1 to {NAME_LENGTH} printable characters")
    token = PREFIX + secrets.token_urlsafe(32)
    try:
        await database.execute(
            "INSERT INTO api_tokens (user_id, name, token_hash, made_at) VALUES (%s, %s, %s, %s)",
            (user.id, name, token_hash(token), now_us),
        )
    except pymysql.err.IntegrityError as error:
        raise AccountError(f"{user.name} has a token named {name} already: revoke it or choose another name") from error
    return token


async def find(database: Database, hashed: bytes, now_us: int) -> User | None:
    """Whose token this is the hash of; None for a revoked one and for a disabled user's."""
    row = await database.fetch_one(
        f"SELECT {USER_COLUMNS}, api_tokens.id, last_used_at FROM api_tokens"  # noqa: S608
        " JOIN users ON users.id = user_id WHERE token_hash = %s AND NOT disabled",
        (hashed,),
    )
    if row is None:
        return None
    *user, number, last_used_at = row
    if last_used_at is None or last_used_at + USED_EVERY_US <= now_us:
        await database.execute("UPDATE api_tokens SET last_used_at = %s WHERE id = %s", (now_us, number))
    return user_of(tuple(user))


async def listed(database: Database, user: User | None = None) -> list[Token]:
    """Tokens of one user, or of all."""
    rows = await database.fetch(
        "SELECT api_tokens.id, users.name, api_tokens.name, api_tokens.made_at, last_used_at FROM api_tokens"
        " JOIN users ON users.id = user_id WHERE %s IS NULL OR user_id = %s ORDER BY users.name, api_tokens.name",
        (user.id if user else None, user.id if user else None),
    )
    return [Token(*row) for row in rows]


async def revoke(database: Database, user: User, name: str) -> bool:
    """True when there was such a token."""
    return await database.execute("DELETE FROM api_tokens WHERE user_id = %s AND name = %s", (user.id, name)) == 1
