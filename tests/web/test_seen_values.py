import asyncio

from appliance.settings import MysqlSettings
from appliance.storage.connection import Database
from appliance.web.seen_values import FRESH_US, WAIT_SECONDS, SeenValues
from tests.web.conftest import in_database
from tests.web.stored import NOW_US


def test_values_are_read_once_for_many_who_type(mysql: MysqlSettings) -> None:
    async def type_(database: Database) -> None:
        values = SeenValues(database)
        found = await asyncio.gather(*(values.lately(NOW_US) for _ in range(20)))
        assert "+4930111" in found[0]["from"]
        assert all(one is found[0] for one in found)
        assert await values.lately(NOW_US + FRESH_US - 1) is found[0]
        assert await values.lately(NOW_US + FRESH_US) is not found[0]

    in_database(mysql, type_)


def test_who_types_does_not_wait_for_a_server_that_is_away() -> None:
    async def type_() -> None:
        database = await Database.open(MysqlSettings(host="127.0.0.1", port=1), size=1)
        values = SeenValues(database)
        async with asyncio.timeout(2 * WAIT_SECONDS):
            assert await values.lately(NOW_US) == {}
            assert await values.lately(NOW_US) == {}
        await database.close()

    asyncio.run(type_())
