"""What people said of legs: two Call-IDs are one call, or are not. It holds against whatever the settler finds."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from appliance.model.octets import octets, shown, text
from appliance.storage import changes
from appliance.storage.bundle import CallChange
from appliance.storage.connection import Database

MOST = 100_000
"""Decisions that are looked at, the newest."""
_NOTE = "legs-"
"""How names of notes begin that come with decisions."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One of them; the Call-IDs as tables hold them (255 octets), the lesser first."""

    one: str
    other: str
    joined: bool
    by: str

    @property
    def why(self) -> str:
        return f"joined by {self.by}"


def pair(one: str, other: str) -> tuple[str, str]:
    """Two Call-IDs as the table has them."""
    first, second = sorted((octets(one)[:255], octets(other)[:255]))
    return text(first), text(second)


def is_told_by(batch: str) -> bool:
    """Whether the note of this name came with decisions."""
    return batch.startswith(_NOTE)


async def all_of(database: Database) -> list[Decision]:
    """Every decision."""
    rows = await database.fetch(
        "SELECT one, other, joined, user_name FROM leg_decisions ORDER BY made_at DESC LIMIT %s", (MOST,)
    )
    return [Decision(text(one), text(other), bool(joined), text(name)) for one, other, joined, name in rows]


async def about(database: Database, callids: Iterable[str]) -> list[Decision]:
    """Decisions that name one of these Call-IDs."""
    wanted = [octets(callid)[:255] for callid in dict.fromkeys(callids)]
    if not wanted:
        return []
    marks = ",".join(["%s"] * len(wanted))
    rows = await database.fetch(
        f"SELECT one, other, joined, user_name FROM leg_decisions WHERE one IN ({marks})"  # noqa: S608
        f" UNION SELECT one, other, joined, user_name FROM leg_decisions WHERE other IN ({marks})",
        (*wanted, *wanted),
    )
    return [Decision(text(one), text(other), bool(joined), text(name)) for one, other, joined, name in rows]


async def decide(
    database: Database,
    pairs: Sequence[tuple[CallChange, CallChange]],
    joined: bool,
    user_name: str,
    now_us: int,
) -> None:
    """Write it down, and have all these calls folded anew; they are Call-IDs and when each lies, without lines."""
    calls = {change.callid: change for both in pairs for change in both}
    decided = [pair(text(one.callid), text(other.callid)) for one, other in pairs]
    async with database.transaction() as cursor:
        await cursor.executemany(
            "REPLACE INTO leg_decisions (one, other, joined, user_name, made_at) VALUES (%s, %s, %s, %s, %s)",
            [(octets(one), octets(other), joined, octets(shown(user_name))[:64], now_us) for one, other in decided],
        )
        await cursor.execute(
            "INSERT INTO call_changes (batch, noted_at, body) VALUES (%s, %s, %s)",
            (f"{_NOTE}{secrets.token_hex(8)}".encode(), now_us, changes.encoded(calls.values())),
        )
