"""What the health page and `hepbox status` want to know of the tables."""

from dataclasses import dataclass

from appliance.model.octets import text
from appliance.storage.connection import Database


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """How storing goes; times in microseconds UTC."""

    version: str
    last_stored_us: int | None
    """When the newest batch was stored."""
    unsettled: int
    """Transactions whose calls the settler has not folded yet."""
    quarantined: int


@dataclass(frozen=True, slots=True)
class PutAside:
    """A packet in quarantine, without its octets."""

    id: int
    put_at: int
    reason: str
    sender: str
    size: int


async def read(database: Database) -> StoreStatus:
    """Ask the database. Raises DatabaseError."""
    row = await database.fetch_one(
        "SELECT VERSION(), (SELECT MAX(stored_at) FROM ingest_ledger), (SELECT COUNT(*) FROM call_changes),"
        " (SELECT COUNT(*) FROM quarantine)"
    )
    assert row is not None
    version, last_stored_us, unsettled, quarantined = row
    return StoreStatus(str(version), last_stored_us, unsettled, quarantined)


async def put_aside(database: Database, most: int = 50) -> list[PutAside]:
    """The newest packets in quarantine."""
    rows = await database.fetch(
        "SELECT id, put_at, reason, sender, LENGTH(data) FROM quarantine ORDER BY id DESC LIMIT %s", (most,)
    )
    return [PutAside(id_, put_at, text(reason), text(sender), size) for id_, put_at, reason, sender, size in rows]
