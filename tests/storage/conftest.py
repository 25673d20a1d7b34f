"""A real MariaDB for the whole run of these tests, and an empty database for each test that asks."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from appliance.settings import MysqlSettings
from appliance.storage.connection import Database
from tests.servers import empty, mariadb


@pytest.fixture(scope="session")
def mariadb_settings() -> Iterator[MysqlSettings]:
    with mariadb() as settings:
        yield settings


@pytest.fixture
async def database(mariadb_settings: MysqlSettings) -> AsyncIterator[Database]:
    """An empty database and a pool to it."""
    await asyncio.to_thread(empty, mariadb_settings)
    pool = await Database.open(mariadb_settings, size=4)
    yield pool
    await pool.close()
