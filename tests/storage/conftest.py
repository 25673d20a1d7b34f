"""A real MariaDB for the whole run of these tests, and an empty database for each test that asks."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from appliance.settings import MysqlSettings
from appliance.storage.connection import Database
from tests import daily_database
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


@pytest.fixture(scope="session")
def daily_settings(mariadb_settings: MysqlSettings) -> MysqlSettings:
    return daily_database.make(mariadb_settings)


@pytest.fixture
def mysql(daily_settings: MysqlSettings) -> MysqlSettings:
    """A database with all tables of two days, and no row in them."""
    daily_database.empty(daily_settings)
    return daily_settings


@pytest.fixture
async def tables(mysql: MysqlSettings) -> AsyncIterator[Database]:
    """A pool to it."""
    pool = await Database.open(mysql, size=4, local_infile=True)
    yield pool
    await pool.close()
