"""Share links: rows keyed by the SHA-256 of a random token, which is shown once and kept nowhere."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from appliance.model.octets import octets, text
from appliance.storage.accounts import User
from appliance.storage.connection import Database, Row

TOKEN_OCTETS = 32
HOUR_US = 3_600_000_000
LONGEST_US = 90 * 24 * HOUR_US
MOST_LIVE = 1000
"""Links of one user that work at a time."""
NOTE_LENGTH = 500
WORDS_LENGTH = 1000
MOST_LISTED = 1000

_COLUMNS = (
    "shares.id, hiding_key, user_id, users.name, callid, call_at, legs, redaction, words, shares.password_hash, note,"
    " shares.made_at, expires_at, revoked_at, opens, last_opened_at"
)


class ShareError(ValueError):
    """A link that cannot be made; the text is a sentence for whoever asked."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a link is to show, and to whom."""

    callid: str
    call_at: int | None
    legs: tuple[str, ...] | None
    """Call-IDs that are shown; None for all."""
    redaction: str
    expires_at: int
    words: str = ""
    """More words that are hidden, separated by blanks."""
    password_hash: str | None = field(default=None, repr=False)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A link that was made; its token is not known."""

    id: int
    hiding_key: bytes = field(repr=False)
    user_id: int
    user_name: str
    callid: str
    call_at: int | None
    legs: tuple[str, ...] | None
    redaction: str
    words: str
    password_hash: str | None = field(repr=False)
    note: str
    made_at: int
    expires_at: int
    revoked_at: int | None
    opens: int
    last_opened_at: int | None

    def state(self, now_us: int) -> str:
        """live, expired or revoked."""
        if self.revoked_at is not None:
            return "revoked"
        return "live" if now_us < self.expires_at else "expired"


def token_hash(token: str) -> bytes:
    """The token has 256 random bits, so a plain hash does."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


async def make(database: Database, user: User, wanted: Wanted, now_us: int) -> tuple[int, str]:
    """A new link: its id, and its token, to be shown once. Raises ShareError."""
    if not now_us < wanted.expires_at <= now_us + LONGEST_US:
        raise ShareError("a link works for 90 days at most")
    if len(wanted.note) > NOTE_LENGTH or len(wanted.words) > WORDS_LENGTH:
        raise ShareError(f"a note has at most {NOTE_LENGTH} characters, the words to hide {WORDS_LENGTH}")
    live = await database.fetch_one(
        "SELECT COUNT(*) FROM shares WHERE user_id = %s AND revoked_at IS NULL AND expires_at > %s", (user.id, now_us)
    )
    if live is not None and live[0] >= MOST_LIVE:
        raise ShareError(f"{user.name} has {MOST_LIVE} links that work already: revoke some at /admin/shares")
    token = secrets.token_urlsafe(TOKEN_OCTETS)
    async with database.transaction() as cursor:
        await cursor.execute(
            "INSERT INTO shares (token_hash, hiding_key, user_id, callid, call_at, legs, redaction, words,"
            " password_hash, note, made_at, expires_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                *(token_hash(token), secrets.token_bytes(32), user.id, octets(wanted.callid), wanted.call_at),
                *(None if wanted.legs is None else json.dumps(wanted.legs), wanted.redaction, wanted.words),
                *(wanted.password_hash, wanted.note, now_us, wanted.expires_at),
            ),
        )
        return int(cursor.lastrowid), token


async def find(database: Database, token: str, now_us: int) -> Share | None:
    """The link that works now; None for a wrong, expired or revoked one, and one of a user who may not sign in."""
    hashed = token_hash(token)
    row = await database.fetch_one(
        f"SELECT {_COLUMNS}, token_hash, disabled FROM shares"  # noqa: S608
        " JOIN users ON users.id = user_id WHERE token_hash = %s",
        (hashed,),
    )
    if row is None:
        return None
    *columns, stored, disabled = row
    share = _share(columns)
    good = hmac.compare_digest(bytes(stored), hashed) and not disabled and share.state(now_us) == "live"
    return share if good else None


async def opened(database: Database, share: Share, now_us: int) -> None:
    """Count that somebody looked."""
    await database.execute("UPDATE shares SET opens = opens + 1, last_opened_at = %s WHERE id = %s", (now_us, share.id))


async def by_id(database: Database, number: int) -> Share | None:
    rows = await _listed(database, "shares.id = %s", (number,))
    return rows[0] if rows else None


async def listed(database: Database, user: User | None = None) -> list[Share]:
    """Links of one user, or of all; the newest first, at most MOST_LISTED."""
    number = user.id if user else None
    return await _listed(database, "%s IS NULL OR user_id = %s", (number, number))


async def revoke(database: Database, number: int, now_us: int) -> bool:
    """The link works no more, and what was kept for it alone is kept no longer; False when it did not work before."""
    changed = await database.execute(
        "UPDATE shares SET revoked_at = %s WHERE id = %s AND revoked_at IS NULL", (now_us, number)
    )
    await database.execute("DELETE FROM pins WHERE share_id = %s", (number,))
    return changed == 1


async def _listed(database: Database, where: str, arguments: Sequence[object]) -> list[Share]:
    rows = await database.fetch(
        f"SELECT {_COLUMNS} FROM shares JOIN users ON users.id = user_id"  # noqa: S608
        f" WHERE {where} ORDER BY shares.id DESC LIMIT {MOST_LISTED:d}",
        arguments,
    )
    return [_share(row) for row in rows]


def _share(columns: Row | list[Any]) -> Share:
    number, key, user_id, user_name, callid, call_at, legs, *rest = columns
    shown = None if legs is None else tuple(json.loads(legs))
    return Share(number, bytes(key), user_id, user_name, text(callid), call_at, shown, *rest)
