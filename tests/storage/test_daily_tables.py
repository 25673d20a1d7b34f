import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta

import pymysql
import pytest

from appliance.model.kinds import Kind
from appliance.settings import MysqlSettings
from appliance.storage import daily_tables
from appliance.storage.connection import Database, connect
from tests import servers

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def server() -> Iterator[MysqlSettings]:
    with servers.mariadb() as settings:
        yield settings


@pytest.fixture
async def database(server: MysqlSettings) -> AsyncIterator[Database]:
    servers.empty(server)
    database = await Database.open(server)
    yield database
    await database.close()


async def test_it_makes_every_table_of_a_day_once(database: Database) -> None:
    made = await daily_tables.ensure_days(database, [DAY, DAY + timedelta(days=1)])
    assert len(made) == 2 * (2 * len(Kind) + 6)
    assert "sip_capture_call_20261123" in made
    assert "logs_capture_all_texts_20261124" in made
    assert "calls_20261124" in made
    assert await daily_tables.ensure_days(database, [DAY]) == []


async def test_every_daily_table_is_page_compressed(database: Database) -> None:
    await daily_tables.ensure_day(database, DAY)
    compressed = await database.fetch(
        "SELECT table_name FROM information_schema.tables WHERE create_options LIKE %s", ("%PAGE_COMPRESSED%",)
    )
    names = {str(row[0]) for row in compressed}
    assert names == set(daily_tables.names(DAY))


async def test_a_server_told_to_compress_nothing_gets_plain_tables(database: Database) -> None:
    await database.execute("SET GLOBAL innodb_compression_algorithm = 'none'")
    try:
        assert await daily_tables.table_options(database) == ""
    finally:
        await database.execute("SET GLOBAL innodb_compression_algorithm = 'zlib'")
    assert await daily_tables.table_options(database) == "PAGE_COMPRESSED=1"


async def test_options_that_the_server_refuses_are_left_out(database: Database) -> None:
    await daily_tables.create(database, "calls_20261123", "PAGE_COMPRESSED=1 ROW_FORMAT=COMPRESSED")
    assert [stored.table.name for stored in await daily_tables.existing(database)] == ["calls_20261123"]


async def test_a_writer_gets_the_table_that_it_misses_and_its_texts(database: Database) -> None:
    await daily_tables.ensure_table_for(database, Kind.LOG, DAY)
    assert await daily_tables.all_names(database) == {
        "logs_capture_all_20261123",
        "logs_capture_all_texts_20261123",
    }
    await daily_tables.ensure_table_for(database, Kind.CALL, DAY)
    assert "calls_20261123" in await daily_tables.all_names(database)


async def test_writers_may_make_the_same_table_at_once(database: Database) -> None:
    await asyncio.gather(*(daily_tables.ensure_table_for(database, Kind.CALL, DAY) for _ in range(8)))
    assert len(await daily_tables.all_names(database)) == 7


async def test_the_list_has_size_rows_and_version(database: Database) -> None:
    await daily_tables.ensure_table_for(database, Kind.OTHER, DAY)
    await database.execute(
        "INSERT INTO other_capture_all_texts_20261123 VALUES (1, 1, 1, 1, %s)", (os.urandom(1 << 20),)
    )
    async with database.connection() as connection, connection.cursor() as cursor:
        await cursor.execute("FLUSH TABLES other_capture_all_texts_20261123 FOR EXPORT")  # sizes are those on disk
        await cursor.execute("UNLOCK TABLES")
    await database.execute("ANALYZE TABLE other_capture_all_texts_20261123")
    rows, texts = await daily_tables.existing(database)
    assert (rows.table.kind, rows.table.day, rows.version, rows.rows) == (Kind.OTHER, DAY, 1, 0)
    assert texts.rows == 1
    assert texts.size > 1_000_000


async def test_the_list_works_without_the_right_to_see_sizes(database: Database, server: MysqlSettings) -> None:
    await daily_tables.ensure_day(database, DAY)
    await database.execute("CREATE OR REPLACE USER plain@localhost")
    await database.execute("GRANT SELECT ON hepbox.* TO plain@localhost")
    plain = await Database.open(server.model_copy(update={"user": "plain"}))
    try:
        stored = await daily_tables.existing(plain)
    finally:
        await plain.close()
    assert len(stored) == 24
    assert all(table.size > 0 for table in stored)


async def test_tables_that_are_not_ours_are_not_listed(database: Database) -> None:
    await database.execute("CREATE TABLE sip_capture_call_20170314 (id INT) COMMENT='20170314'")
    await database.execute("CREATE TABLE sip_capture_20261123 (id INT) COMMENT='hepbox schema 1'")
    await database.execute("CREATE TABLE calls_20261399 (id INT) COMMENT='hepbox schema 1'")
    assert await daily_tables.existing(database) == []


@pytest.mark.parametrize(
    "name", ["users", "calls_2026112", "calls_20261123x", "x_calls_20261123", "calls_20261301", "calls_20261123`; --"]
)
async def test_a_name_that_is_not_ours_is_neither_made_nor_dropped(database: Database, name: str) -> None:
    with pytest.raises(ValueError, match="is no daily table"):
        daily_tables.create_sql(name)
    with pytest.raises(ValueError, match="is no daily table"):
        await daily_tables.drop(database, name)


def test_names_are_taken_apart() -> None:
    for name in daily_tables.names(DAY):
        table = daily_tables.parsed(name)
        assert table is not None
        assert table.day == DAY
    rest = daily_tables.parsed("sip_capture_rest_texts_20261123")
    assert rest is not None
    assert rest.kind is Kind.REST
    calls = daily_tables.parsed("calls_20261123")
    assert calls is not None
    assert calls.kind is Kind.CALL


async def test_a_dropped_table_is_gone(database: Database) -> None:
    await daily_tables.ensure_day(database, DAY)
    assert await daily_tables.drop(database, "calls_20261123")
    assert "calls_20261123" not in await daily_tables.all_names(database)
    assert await daily_tables.drop(database, "calls_20261123")


async def test_a_table_in_use_is_left_for_later(
    database: Database, server: MysqlSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily_tables, "LOCK_WAIT_SECONDS", 1)
    await daily_tables.ensure_table_for(database, Kind.CALL, DAY)
    reader = await connect(server)
    try:
        async with reader.cursor() as cursor:
            await cursor.execute("SELECT * FROM calls_20261123")
            assert not await daily_tables.drop(database, "calls_20261123")
            await cursor.execute("COMMIT")
        assert await daily_tables.drop(database, "calls_20261123")
    finally:
        reader.close()
    assert await database.fetch_one("SELECT @@lock_wait_timeout") != (1,)


async def test_a_fault_of_the_server_reaches_the_caller(database: Database) -> None:
    await database.execute("DROP DATABASE hepbox")
    with pytest.raises(pymysql.err.MySQLError):
        await daily_tables.create(database, "calls_20261123", "PAGE_COMPRESSED=1")
