"""A MariaDB for the tests of this folder, with everything migrated."""

from collections.abc import AsyncIterator, Iterator

import pytest

from appliance.settings import MysqlSettings
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate
from tests.servers import mariadb


@pytest.fixture(scope="session")
def mysql() -> Iterator[MysqlSettings]:
    """A private server, made once a run."""
    with mariadb() as settings:
        migrate(settings)
        yield settings


@pytest.fixture
async def database(mysql: MysqlSettings) -> AsyncIterator[Database]:
    """A pool of that server."""
    pool = await Database.open(mysql)
    yield pool
    await pool.close()
