from dataclasses import replace
from pathlib import Path

from appliance.model.ids import callid_key
from appliance.model.kinds import DailyTable, Kind
from appliance.settings import MysqlSettings
from appliance.storage import measure
from appliance.storage.bundle import Bundle, CallChange
from appliance.storage.connection import Database
from appliance.storage.measure import Progress, StoredFacts
from appliance.storage.store import Store
from tests.calls.made import START_US, flow
from tests.daily_database import DAY, NEXT_DAY
from tests.sip_packets import received, understood


async def test_rows_of_all_tables_are_counted_and_equal_octets_told_apart(
    tables: Database, mysql: MysqlSettings
) -> None:
    assert await measure.stored(tables) == StoredFacts(0, 0, 0, 0)
    call = flow("0 A>B INVITE", "50 B>A 200 INVITE", "90 A>B OPTIONS")
    rows = [understood(received(row)).row for row in [*call, call[0]]]
    store = Store(mysql, 1)
    await store.store(Bundle([("a", 3), ("b", 2)], rows, [CallChange(b"c1@made", 1, 1)]))
    await store.close()
    assert await measure.stored(tables) == StoredFacts(received=5, rows=4, distinct=3, unsettled=1)
    assert await measure.progress(tables) == Progress(received=5, unsettled=1)


async def test_a_message_is_there_or_not(tables: Database, mysql: MysqlSettings) -> None:
    (invite,) = flow("0 A>B INVITE")
    store = Store(mysql, 1)
    await store.store(Bundle([("a", 1)], [understood(received(replace(invite, callid="probe"))).row], []))
    await store.close()
    key = callid_key(b"probe", START_US)
    assert await measure.is_there(tables, DailyTable(DAY, Kind.CALL), key)
    assert not await measure.is_there(tables, DailyTable(DAY, Kind.CALL), key + 1)
    assert not await measure.is_there(tables, DailyTable(NEXT_DAY, Kind.CALL), key)
    assert not await measure.is_there(tables, DailyTable(DAY.replace(year=1999), Kind.CALL), key)


async def test_changed_pages_are_written_before_it_returns(tables: Database) -> None:
    await tables.execute("INSERT INTO import_days VALUES ('2026-11-23', 1)")
    await measure.flush_pages(tables)
    row = await tables.fetch_one("SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_pages_dirty'")
    assert row is not None and int(row[1]) < 20
    await tables.execute("SET GLOBAL innodb_max_dirty_pages_pct = 90")


async def test_the_thread_that_answers_is_one_of_the_servers(mysql: MysqlSettings) -> None:
    database = await Database.open(mysql, size=1)
    thread = await measure.own_thread(database)
    assert Path(f"/proc/{thread}/comm").read_text().strip() == "mariadbd"
    assert await measure.own_thread(database) == thread
    await database.close()
