from datetime import date, timedelta

import pytest

from appliance.model.kinds import calls_table, day_of
from appliance.settings import MysqlSettings
from appliance.storage import closed_days, daily_tables
from appliance.storage.connection import Database, connect
from tests.storage.search.asking import callids
from tests.storage.search.stored import HOUR, NOON, a_call, store_calls

DAY = day_of(NOON)
STAY = {"status", "outcome"}
"""Keys that keep the hour in front."""


async def keys(database: Database, day: date = DAY) -> dict[str, list[str]]:
    rows = await database.fetch(
        "SELECT index_name, column_name FROM information_schema.statistics WHERE table_schema = DATABASE()"
        " AND table_name = %s ORDER BY index_name, seq_in_index",
        (calls_table(day),),
    )
    found: dict[str, list[str]] = {}
    for key, column in rows:
        found.setdefault(str(key), []).append(str(column))
    return found


@pytest.fixture
async def calls(database: Database) -> Database:
    await daily_tables.ensure_day(database, DAY)
    await store_calls(database, [a_call(f"c{hour}", started=NOON + hour * HOUR) for hour in range(-3, 4)])
    return database


async def test_every_key_that_begins_with_the_hour_is_made_anew_or_stays_on_purpose(calls: Database) -> None:
    before = await keys(calls)
    assert {key for key, columns in before.items() if columns[0] == "hour"} == {"PRIMARY", *STAY, *closed_days.BY_VALUE}
    assert await closed_days.close(calls, DAY)
    after = await keys(calls)
    assert {key for key, columns in after.items() if columns[0] == "hour"} == {"PRIMARY", *STAY}
    assert {key: set(columns) for key, columns in after.items()} == {key: set(them) for key, them in before.items()}
    assert [", ".join(after[key]) for key in closed_days.BY_VALUE] == list(closed_days.BY_VALUE.values())


async def test_a_closed_day_is_searched_and_written_as_before(calls: Database) -> None:
    asked = ["from:alice", "user:ali*", "*ice", "src:10.0.0.1", "callid:c2", "c2", "status:200", "state:completed"]
    before = [await callids(calls, line, "calls") for line in asked]
    assert all(before[place] for place in (3, 4, 5, 6))
    assert await closed_days.close(calls, DAY)
    assert [await callids(calls, line, "calls") for line in asked] == before
    await store_calls(calls, [a_call("late", started=NOON + 1)])
    assert await callids(calls, "callid:late", "calls") == ["late"]


async def test_days_are_open_until_all_of_their_keys_are_made_anew(calls: Database) -> None:
    await daily_tables.ensure_day(calls, DAY - timedelta(days=1))
    assert await closed_days.open_days(calls) == [DAY - timedelta(days=1), DAY]
    columns = closed_days.BY_VALUE["to_user"]
    await calls.execute(f"ALTER TABLE {calls_table(DAY)} DROP KEY to_user, ADD KEY to_user ({columns})")
    assert await closed_days.open_days(calls) == [DAY - timedelta(days=1), DAY]
    assert await closed_days.close(calls, DAY)
    assert await closed_days.close(calls, DAY)
    assert await closed_days.open_days(calls) == [DAY - timedelta(days=1)]


async def test_who_reads_for_long_is_not_waited_for(
    calls: Database, mariadb_settings: MysqlSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closed_days, "LOCK_WAIT_SECONDS", 1)
    reader = await connect(mariadb_settings)
    async with reader.cursor() as cursor:
        await cursor.execute("BEGIN")
        await cursor.execute(f"SELECT * FROM {calls_table(DAY)}")
        assert not await closed_days.close(calls, DAY)
        await cursor.execute("COMMIT")
    reader.close()
    assert await closed_days.close(calls, DAY)
