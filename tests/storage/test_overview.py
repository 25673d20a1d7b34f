from appliance.storage import overview
from appliance.storage.connection import Database
from tests.storage.search.stored import NOON, SECOND, Sent, store

MINUTE = overview.MINUTE_US


async def test_an_empty_database_has_nothing(database: Database) -> None:
    assert not await overview.anything_stored(database)
    assert await overview.messages_by_minute(database, NOON, NOON + MINUTE) == {}
    assert await overview.calls_by_minute(database, NOON, NOON + MINUTE) == []


async def test_what_is_stored_is_seen(database: Database) -> None:
    await store(database, [Sent(at=NOON), Sent(at=NOON + SECOND)])
    assert await overview.anything_stored(database)
    assert sum((await overview.messages_by_minute(database, NOON - 13 * 60 * MINUTE, NOON + MINUTE)).values()) >= 0


def test_a_question_that_was_given_up_is_told_from_others() -> None:
    from pymysql.err import OperationalError

    assert overview.took_too_long(OperationalError(1969, "x")) and overview.took_too_long(OperationalError(3024, "x"))
    assert not overview.took_too_long(OperationalError(2006, "x")) and not overview.took_too_long(OperationalError())
