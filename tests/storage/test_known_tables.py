from datetime import date, timedelta

from appliance.storage import daily_tables
from appliance.storage.connection import Database
from appliance.storage.known_tables import REMEMBERED_SECONDS, KnownTables

DAY = date(2026, 11, 23)
NEXT = DAY + timedelta(days=1)


async def test_it_asks_again_only_after_a_while(database: Database) -> None:
    now = [0.0]
    known = KnownTables(database, lambda: now[0])
    await daily_tables.ensure_days(database, [DAY])
    assert daily_tables.has_calls(await known.names(), DAY)
    await daily_tables.ensure_days(database, [NEXT])
    assert not daily_tables.has_calls(await known.names(), NEXT)
    now[0] = REMEMBERED_SECONDS
    assert daily_tables.has_calls(await known.names(), NEXT)


async def test_it_asks_at_once_for_a_day_that_it_does_not_know(database: Database) -> None:
    known = KnownTables(database, lambda: 0.0)
    await known.names()
    await daily_tables.ensure_days(database, [DAY])
    assert daily_tables.has_calls(await known.names([DAY]), DAY)


async def test_it_asks_again_after_a_fault(database: Database) -> None:
    known = KnownTables(database, lambda: 0.0)
    await daily_tables.ensure_days(database, [DAY])
    await known.names()
    await daily_tables.drop(database, "calls_20261123")
    known.forget()
    assert not daily_tables.has_calls(await known.names(), DAY)
