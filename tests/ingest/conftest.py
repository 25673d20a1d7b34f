"""A real MariaDB with the tables of two days, and a real Redis, both empty for each test that asks."""

from collections.abc import AsyncIterator, Iterator

import pytest

from appliance.buffer.connection import AsyncClient, BlockingClient, open_async, open_blocking
from appliance.settings import MysqlSettings, RedisSettings
from appliance.storage.connection import Database
from tests import daily_database, redis_server, servers


@pytest.fixture(scope="session")
def mysql_settings() -> Iterator[MysqlSettings]:
    with servers.mariadb() as settings:
        yield daily_database.make(settings)


@pytest.fixture
def mysql(mysql_settings: MysqlSettings) -> MysqlSettings:
    daily_database.empty(mysql_settings)
    return mysql_settings


@pytest.fixture
async def database(mysql: MysqlSettings) -> AsyncIterator[Database]:
    pool = await Database.open(mysql, size=4, local_infile=True)
    yield pool
    await pool.close()


@pytest.fixture(scope="session")
def redis_settings() -> Iterator[RedisSettings]:
    with redis_server.redis_server() as settings:
        yield settings


@pytest.fixture
def redis(redis_settings: RedisSettings) -> RedisSettings:
    redis_server.empty(redis_settings)
    return redis_settings


@pytest.fixture
async def client(redis: RedisSettings) -> AsyncIterator[AsyncClient]:
    client = open_async(redis)
    yield client
    await client.aclose()


@pytest.fixture
def blocking(redis: RedisSettings) -> Iterator[BlockingClient]:
    client = open_blocking(redis)
    yield client
    client.close()
