from appliance.settings import MysqlSettings
from appliance.storage import status
from appliance.storage.bundle import Bundle, CallChange, Quarantined
from appliance.storage.connection import Database
from appliance.storage.status import PutAside
from appliance.storage.store import Store


async def test_an_empty_database_has_stored_nothing(tables: Database) -> None:
    found = await status.read(tables)
    assert "MariaDB" in found.version
    assert (found.last_stored_us, found.unsettled, found.quarantined) == (None, 0, 0)
    assert await status.put_aside(tables) == []


async def test_it_tells_what_was_stored_waits_and_was_put_aside(tables: Database, mysql: MysqlSettings) -> None:
    store = Store(mysql, 1, lambda: 10.0)
    bad = [Quarantined(f"reason {n}\udcff" if n else "x" * 300, "b", "192.0.2.1", b"\xff" * n) for n in range(3)]
    await store.store(Bundle([("b", 3), ("c", 1)], [], [CallChange(b"a", 1, 1)], bad))
    await store.close()
    found = await status.read(tables)
    assert (found.last_stored_us, found.unsettled, found.quarantined) == (10_000_000, 1, 3)
    newest, *_, oldest = await status.put_aside(tables)
    assert newest == PutAside(newest.id, 10_000_000, "reason 2\udcff", "192.0.2.1", 2)
    assert oldest.reason == "x" * 255
    assert await status.put_aside(tables, most=1) == [newest]
