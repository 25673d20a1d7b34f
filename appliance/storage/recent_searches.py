"""What each user asked for lately: their own alone, so many and no more, the same search once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from appliance.model.octets import octets, text
from appliance.storage.accounts import User
from appliance.storage.connection import Database, Row

MOST = 50


@dataclass(frozen=True, slots=True)
class Recent:
    """One search; `asked_at` is microseconds UTC."""

    key: str
    """Names it among those of its user: hexadecimal."""
    line: str
    view: str
    asked_at: int


async def remember(database: Database, user: User, line: str, view: str, now_us: int) -> None:
    """The search is the newest; what is beyond MOST is forgotten."""
    await database.execute(
        "INSERT INTO recent_searches (user_id, digest, line, view, asked_at) VALUES (%s, %s, %s, %s, %s)"
        " ON DUPLICATE KEY UPDATE asked_at = %s",
        (user.id, _digest(line, view), octets(line), view, now_us, now_us),
    )
    oldest = await database.fetch_one(
        "SELECT asked_at FROM recent_searches WHERE user_id = %s ORDER BY asked_at DESC LIMIT 1 OFFSET %s",
        (user.id, MOST),
    )
    if oldest is not None:
        await database.execute(
            "DELETE FROM recent_searches WHERE user_id = %s AND asked_at <= %s", (user.id, oldest[0])
        )


async def listed(database: Database, user: User, most: int = MOST) -> list[Recent]:
    """The newest first."""
    rows: Sequence[Row] = await database.fetch(
        "SELECT digest, line, view, asked_at FROM recent_searches WHERE user_id = %s ORDER BY asked_at DESC, digest"
        " LIMIT %s",
        (user.id, most),
    )
    return [Recent(bytes(digest).hex(), text(line), view, asked_at) for digest, line, view, asked_at in rows]


async def forget(database: Database, user: User, key: str) -> bool:
    """False when there was none."""
    try:
        digest = bytes.fromhex(key)
    except ValueError:
        return False
    return (
        await database.execute("DELETE FROM recent_searches WHERE user_id = %s AND digest = %s", (user.id, digest)) == 1
    )


async def forget_all(database: Database, user: User) -> int:
    """How many there were."""
    return await database.execute("DELETE FROM recent_searches WHERE user_id = %s", (user.id,))


def _digest(line: str, view: str) -> bytes:
    return hashlib.sha256(view.encode("ascii", "replace") + b"\0" + octets(line)).digest()
