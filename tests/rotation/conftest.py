"""A MariaDB with an empty, migrated database for the jobs of rotation."""

from collections.abc import AsyncIterator, Iterator

import pytest

from appliance.settings import MysqlSettings
from appliance.storage.connection import Database
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
