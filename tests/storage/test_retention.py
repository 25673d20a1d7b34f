import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from appliance.settings import MysqlSettings
from appliance.storage import retention
from appliance.storage.connection import Database, connect
from appliance.storage.migrate import migrate
from tests import servers


@pytest.fixture(scope="module")
def server() -> Iterator[MysqlSettings]:
    with servers.mariadb() as settings:
        yield settings


@pytest.fixture
async def database(server: MysqlSettings) -> AsyncIterator[Database]:
    servers.empty(server)
    migrate(server)
    database = await Database.open(server)
    yield database
    await database.close()


@pytest.mark.parametrize("table", ["users", "audit", "calls_20261123", "ingest_ledger; --"])
async def test_only_tables_that_age_are_pruned(database: Database, table: str) -> None:
    with pytest.raises(KeyError):
        await retention.prune(database, table, 1)


async def test_each_table_that_ages_can_be_pruned(database: Database) -> None:
    for table in ("ingest_ledger", "quarantine", "sessions", "sign_in_throttle", "shares", "pins", "notes"):
        assert await retention.prune(database, table, 2**63) == 0


async def test_two_databases_of_one_server_rotate_side_by_side(database: Database, server: MysqlSettings) -> None:
    await database.execute("CREATE DATABASE IF NOT EXISTS other")
    other = await Database.open(server.model_copy(update={"database": "other"}))
    try:
        async with retention.alone(database) as here, retention.alone(other) as there:
            assert here
            assert there
    finally:
        await other.close()


async def test_the_lock_goes_with_a_connection_that_dies(database: Database, server: MysqlSettings) -> None:
    holder = await connect(server)
    async with holder.cursor() as cursor:
        await cursor.execute("SELECT GET_LOCK(%s, 0)", (retention.lock_name("hepbox"),))
    async with retention.alone(database) as mine:
        assert not mine
    await database.execute(f"KILL {holder.thread_id()}")
    async with asyncio.timeout(60):
        while True:
            async with retention.alone(database) as mine:
                if mine:
                    break
    holder.close()
