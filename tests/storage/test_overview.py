import asyncio

import pytest
from pymysql.err import OperationalError

from appliance.settings import MysqlSettings
from appliance.storage import overview
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate
from tests.web.stored import BEGUN_US, NOW_US, answered, store

MINUTE = overview.MINUTE_US


async def test_an_empty_database_has_nothing(database: Database) -> None:
    assert not await overview.anything_stored(database)
    assert await overview.messages_by_minute(database, BEGUN_US, NOW_US) == {}
    assert await overview.calls_by_minute(database, BEGUN_US, NOW_US) == []


async def test_what_is_stored_is_counted_by_minute(database: Database, mariadb_settings: MysqlSettings) -> None:
    await asyncio.to_thread(migrate, mariadb_settings)
    await store(mariadb_settings, answered())
    assert await overview.anything_stored(database)
    messages = await overview.messages_by_minute(database, BEGUN_US, NOW_US)
    assert messages == {BEGUN_US // MINUTE * MINUTE: 7}
    (minute,) = await overview.calls_by_minute(database, BEGUN_US, NOW_US)
    assert (minute.start_us, minute.states) == (BEGUN_US // MINUTE * MINUTE, {"completed": 1})


async def test_what_lies_outside_is_left_out(database: Database, mariadb_settings: MysqlSettings) -> None:
    await asyncio.to_thread(migrate, mariadb_settings)
    await store(mariadb_settings, answered())
    assert await overview.messages_by_minute(database, BEGUN_US + MINUTE, NOW_US) == {}
    assert await overview.calls_by_minute(database, BEGUN_US - MINUTE, BEGUN_US) == []


@pytest.mark.parametrize(("code", "late"), [(1969, True), (3024, True), (2006, False), (1146, False)])
def test_a_question_that_was_given_up_is_told_from_others(code: int, late: bool) -> None:
    assert overview.took_too_long(OperationalError(code, "x")) == late


def test_an_error_without_a_number_is_another() -> None:
    assert not overview.took_too_long(OperationalError())
