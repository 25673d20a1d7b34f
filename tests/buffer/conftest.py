"""A real Redis for the run of these tests, empty for each test that asks."""

from collections.abc import AsyncIterator, Iterator

import pytest

from appliance.buffer.connection import AsyncClient, BlockingClient, open_async, open_blocking
from appliance.settings import RedisSettings
from tests.redis_server import empty, redis_server


@pytest.fixture(scope="session")
def redis_settings() -> Iterator[RedisSettings]:
    with redis_server() as settings:
        yield settings


@pytest.fixture
def redis(redis_settings: RedisSettings) -> RedisSettings:
    """An empty server."""
    empty(redis_settings)
    return redis_settings


@pytest.fixture
def blocking(redis: RedisSettings) -> Iterator[BlockingClient]:
    client = open_blocking(redis)
    yield client
    client.close()


@pytest.fixture
async def client(redis: RedisSettings) -> AsyncIterator[AsyncClient]:
    client = open_async(redis)
    yield client
    await client.aclose()
