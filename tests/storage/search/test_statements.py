import asyncio

import pytest

from appliance.query.errors import QueryError
from appliance.storage.connection import Database, DatabaseError
from appliance.storage.search.condition import Condition
from appliance.storage.search.statements import TimeOver, select
from tests.storage.search.asking import asked, locked
from tests.storage.search.stored import NOON, Sent, store


async def test_a_statement_is_given_its_time_and_no_more(database: Database) -> None:
    await store(database, [Sent(at=NOON)])
    async with locked(database, "sip_capture_call_20261123"):
        with pytest.raises(TimeOver):
            await select(database, Condition("SELECT * FROM sip_capture_call_20261123"), 0.1)
    with pytest.raises(TimeOver):
        await select(database, Condition("SELECT 1"), 0)


async def test_a_table_that_is_gone_has_no_rows(database: Database) -> None:
    assert await select(database, Condition("SELECT 1 FROM calls_20261123"), 1) == []


async def test_an_expression_that_the_database_cannot_use_is_an_error_of_the_query(database: Database) -> None:
    with pytest.raises(QueryError, match="regular expression"):
        await select(database, Condition("SELECT 'a' REGEXP %s", ("(",)), 1)


async def test_other_errors_stay_what_they_are(database: Database) -> None:
    with pytest.raises(DatabaseError):
        await select(database, Condition("SELECT nonsense"), 1)


async def statements(database: Database) -> list[str]:
    found = await database.fetch("SELECT info FROM information_schema.processlist WHERE info LIKE '%%FROM `sip%%'")
    return [info for (info,) in found if "processlist" not in info]


async def test_a_search_that_is_cancelled_leaves_nothing_running(database: Database) -> None:
    await store(database, [Sent(at=NOON)])
    async with locked(database, "sip_capture_call_20261123"):
        asking = asyncio.ensure_future(asked(database, ""))
        while not await statements(database):
            await asyncio.sleep(0.01)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        while await statements(database):
            await asyncio.sleep(0.01)
    assert len((await asked(database, "")).rows) == 1
