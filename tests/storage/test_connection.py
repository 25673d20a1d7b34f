import asyncio

import pytest

from appliance.settings import MysqlSettings
from appliance.storage.connection import Database, DatabaseError, connect, connect_arguments


async def test_sessions_are_strict_and_in_utc_and_read_what_is_committed(tables: Database) -> None:
    (row,) = await tables.fetch("SELECT @@time_zone, @@sql_mode, @@tx_isolation, @@autocommit")
    assert row[0] == "+00:00"
    assert "STRICT_ALL_TABLES" in row[1]
    assert row[2:] == ("READ-COMMITTED", 1)


async def test_octets_come_as_bytes_and_words_as_text(tables: Database) -> None:
    assert await tables.fetch_one("SELECT CAST(%s AS BINARY), %s, NULL", (b"\xff\x00'\\", "ä📞")) == (
        b"\xff\x00'\\",
        "ä📞",
        None,
    )


async def test_nothing_found_is_none(tables: Database) -> None:
    assert await tables.fetch_one("SELECT 1 FROM agents") is None
    assert await tables.fetch("SELECT 1 FROM agents") == []


INSERT = "INSERT INTO import_days (day, imported_at) VALUES (%s, 1)"


async def test_a_statement_is_kept_at_once_and_tells_how_many_rows_it_changed(tables: Database) -> None:
    assert await tables.execute(INSERT, ("2026-11-23",)) == 1
    assert len(await tables.fetch("SELECT * FROM import_days")) == 1


async def test_a_transaction_is_kept_whole_or_not_at_all(tables: Database) -> None:
    with pytest.raises(RuntimeError):
        async with tables.transaction() as cursor:
            await cursor.execute(INSERT, ("2026-11-23",))
            raise RuntimeError
    assert await tables.fetch("SELECT * FROM import_days") == []
    async with tables.transaction() as cursor:
        await cursor.execute(INSERT, ("2026-11-23",))
    assert len(await tables.fetch("SELECT * FROM import_days")) == 1


async def test_a_cancelled_transaction_leaves_nothing_behind(tables: Database) -> None:
    begun = asyncio.Event()

    async def insert() -> None:
        async with tables.transaction() as cursor:
            await cursor.execute(INSERT, ("2026-11-23",))
            begun.set()
            await asyncio.sleep(60)

    task = asyncio.ensure_future(insert())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await tables.fetch("SELECT * FROM import_days") == []


async def test_after_the_server_cut_a_connection_the_next_question_is_answered(tables: Database) -> None:
    for _ in range(3):
        with pytest.raises((DatabaseError, OSError, RuntimeError)):
            async with tables.connection() as connection, connection.cursor() as cursor:
                await tables.execute(f"KILL {connection.thread_id()}")
                await asyncio.sleep(0.05)
                await cursor.execute("SELECT 1")
    assert await tables.fetch("SELECT 1") == [(1,)]


async def test_many_at_once_share_the_pool(tables: Database) -> None:
    answers = await asyncio.gather(*(tables.fetch("SELECT SLEEP(0.01), %s", (n,)) for n in range(20)))
    assert [answer[0][1] for answer in answers] == list(range(20))


async def test_a_server_away_is_an_error_of_the_database(tmp_path: object) -> None:
    database = await Database.open(MysqlSettings(host="127.0.0.1", port=1))
    with pytest.raises(DatabaseError):
        await database.fetch("SELECT 1")
    await database.close()


async def test_a_writer_decides_itself_when_to_commit(mysql: MysqlSettings) -> None:
    connection = await connect(mysql, local_infile=True)
    async with connection.cursor() as cursor:
        await cursor.execute("SELECT @@autocommit, @@local_infile")
        assert await cursor.fetchone() == (0, 1)
    connection.close()


async def test_a_password_of_any_letters_lets_us_in(tables: Database, mysql: MysqlSettings) -> None:
    password = "pä'ß📞 \\\"%s"
    await tables.execute("CREATE OR REPLACE USER 'other'@'localhost' IDENTIFIED BY %s", (password,))
    await tables.execute("GRANT ALL ON hepbox_daily.* TO 'other'@'localhost'")
    database = await Database.open(mysql.model_copy(update={"user": "other", "password": password}))
    assert await database.fetch("SELECT CURRENT_USER()") == [("other@localhost",)]
    await database.close()


def test_a_socket_goes_before_a_host() -> None:
    assert "host" not in connect_arguments(MysqlSettings(host="db", socket="/run/s"))
    assert connect_arguments(MysqlSettings(host="db", port=3307))["port"] == 3307
