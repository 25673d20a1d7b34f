"""Who is signed in: rows keyed by the SHA-256 of a random token, so that they can be ended at any time."""

import hashlib
import secrets
from dataclasses import dataclass

from appliance.model.octets import text
from appliance.storage.accounts import USER_COLUMNS, User, user_of
from appliance.storage.connection import Database

IDLE_US = 30 * 60 * 1_000_000
"""A session ends when it was not used this long."""
ABSOLUTE_US = 12 * 3600 * 1_000_000
"""A session ends this long after the sign-in, used or not."""
SEEN_EVERY_US = 60 * 1_000_000
"""`last_seen_at` is written at most this often."""
TOKEN_OCTETS = 32


@dataclass(frozen=True, slots=True)
class Session:
    """A session that was alive when it was read."""

    token_hash: bytes
    user: User
    started_at: int
    last_seen_at: int

    def alive(self, now_us: int) -> bool:
        return now_us < self.last_seen_at + IDLE_US and now_us < self.started_at + ABSOLUTE_US


@dataclass(frozen=True, slots=True)
class Open:
    """A session as it is listed; `key` names it and opens nothing."""

    key: str
    user_id: int
    started_at: int
    last_seen_at: int
    address: str


KEY_OCTETS = 8


def key_of(hashed: bytes) -> str:
    """What a session is called where somebody may end it."""
    return hashed[:KEY_OCTETS].hex()


def token_hash(token: str) -> bytes:
    """What is kept of a session's or API token; the token has 256 random bits, so a plain hash does."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


async def start(database: Database, user: User, address: str, now_us: int) -> str:
    """Open a session and return its token; sessions that are over are forgotten on the way."""
    token = secrets.token_urlsafe(TOKEN_OCTETS)
    await database.execute(
        "DELETE FROM sessions WHERE last_seen_at < %s OR started_at < %s",
        (max(0, now_us - IDLE_US), max(0, now_us - ABSOLUTE_US)),
    )
    await database.execute(
        "INSERT INTO sessions (token_hash, user_id, started_at, last_seen_at, address) VALUES (%s, %s, %s, %s, %s)",
        (token_hash(token), user.id, now_us, now_us, address[:45].encode("ascii", "replace")),
    )
    return token


async def find(database: Database, hashed: bytes, now_us: int) -> Session | None:
    """The live session of a token's hash, marked as seen now; None when there is none (any more)."""
    row = await database.fetch_one(
        f"SELECT {USER_COLUMNS}, started_at, last_seen_at FROM sessions"  # noqa: S608
        " JOIN users ON users.id = user_id WHERE token_hash = %s",
        (hashed,),
    )
    if row is None:
        return None
    *user, started_at, last_seen_at = row
    session = Session(hashed, user_of(tuple(user)), started_at, last_seen_at)
    if session.user.disabled or not session.alive(now_us):
        return None
    if last_seen_at + SEEN_EVERY_US > now_us:
        return session
    await database.execute("UPDATE sessions SET last_seen_at = %s WHERE token_hash = %s", (now_us, hashed))
    return Session(hashed, session.user, started_at, now_us)


async def end(database: Database, hashed: bytes) -> None:
    await database.execute("DELETE FROM sessions WHERE token_hash = %s", (hashed,))


async def listed(database: Database, now_us: int, user: User | None = None) -> list[Open]:
    """Sessions that are alive, of one user or of all, the last used first."""
    whose, arguments = ("user_id = %s AND ", (user.id,)) if user is not None else ("", ())
    rows = await database.fetch(
        f"SELECT token_hash, user_id, started_at, last_seen_at, address FROM sessions WHERE {whose}"  # noqa: S608
        "last_seen_at > %s AND started_at > %s ORDER BY last_seen_at DESC",
        (*arguments, max(0, now_us - IDLE_US), max(0, now_us - ABSOLUTE_US)),
    )
    return [Open(key_of(hashed), user_id, began, seen, text(address)) for hashed, user_id, began, seen, address in rows]


async def end_one(database: Database, user: User, key: str) -> bool:
    """A user's session by its key; False when there is none."""
    return (
        await database.execute(
            "DELETE FROM sessions WHERE user_id = %s AND HEX(LEFT(token_hash, %s)) = %s",
            (user.id, KEY_OCTETS, key.upper()),
        )
        > 0
    )


async def end_others(database: Database, user: User, kept: bytes = b"") -> int:
    """All of a user but that of this hash; how many."""
    return await database.execute("DELETE FROM sessions WHERE user_id = %s AND token_hash <> %s", (user.id, kept))
