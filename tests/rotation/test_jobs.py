from datetime import date

import pytest

from appliance.model.kinds import DAY_US, Kind, day_start_us
from appliance.rotation import jobs
from appliance.rotation.plan import Drop
from appliance.rotation.policy import Policy
from appliance.settings import MysqlSettings
from appliance.storage import closed_days, daily_tables, retention
from appliance.storage.connection import Database, connect

TODAY = date(2026, 11, 23)
NOON = day_start_us(TODAY) + DAY_US // 2


def unheard(drop: Drop, gone: bool) -> None:
    """Who does not want to know."""


async def daily(database: Database) -> set[str]:
    return {stored.table.name for stored in await daily_tables.existing(database)}


async def test_a_plan_is_carried_out_and_leaves_nothing_to_do(database: Database) -> None:
    for name in ("sip_capture_call_20261110", "sip_capture_call_texts_20261110", "calls_20261110", "calls_20261113"):
        await daily_tables.create(database, name)
    plan = await jobs.plan(database, Policy(), NOON)
    told: list[str] = []
    outcome = await jobs.carry_out(database, plan, lambda drop, _: told.append(drop.stored.table.name))
    assert len(outcome.made) == 3 * 24
    assert outcome.dropped == tuple(told) == (
        "calls_20261110", "sip_capture_call_20261110", "sip_capture_call_texts_20261110",
    )  # fmt: skip
    assert "calls_20261113" in await daily(database)
    again = await jobs.plan(database, Policy(), NOON)
    assert again.creates == () == again.drops


async def test_tables_of_homer_itself_stay(database: Database) -> None:
    await database.execute("CREATE TABLE sip_capture_call_20170314 (id INT) COMMENT='20170314'")
    await jobs.carry_out(database, await jobs.plan(database, Policy(), NOON), unheard)
    assert "sip_capture_call_20170314" in await daily_tables.all_names(database)


async def test_an_imported_day_lives_from_its_import_and_is_then_forgotten(database: Database) -> None:
    old = date(2004, 2, 29)
    await daily_tables.ensure_table_for(database, Kind.CALL, old)
    await retention.note_import(database, [old], NOON)
    await retention.note_import(database, [old], NOON - 20 * DAY_US)
    assert await retention.imported_days(database) == {old: TODAY}
    early = await jobs.plan(database, Policy(), NOON + 10 * DAY_US)
    assert early.drops == ()
    late = await jobs.plan(database, Policy(), NOON + 11 * DAY_US)
    await jobs.carry_out(database, late, unheard)
    assert await retention.imported_days(database) == {}
    assert "calls_20040229" not in await daily(database)


async def test_a_table_in_use_stays_and_is_told(
    database: Database, server: MysqlSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily_tables, "LOCK_WAIT_SECONDS", 1)
    for name in ("calls_20261001", "calls_20261002"):
        await daily_tables.create(database, name)
    reader = await connect(server)
    async with reader.cursor() as cursor:
        await cursor.execute("SELECT * FROM calls_20261001")
        outcome = await jobs.carry_out(database, await jobs.plan(database, Policy(ahead=0), NOON), unheard)
    reader.close()
    assert outcome.busy == ("calls_20261001",)
    assert outcome.dropped == ("calls_20261002",)


async def test_days_that_are_over_are_closed_and_what_is_in_use_is_told(
    database: Database, server: MysqlSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closed_days, "LOCK_WAIT_SECONDS", 1)
    for name in ("calls_20261120", "calls_20261121", "calls_20261123"):
        await daily_tables.create(database, name)
    plan = await jobs.plan(database, Policy(ahead=0), NOON)
    told: list[tuple[str, bool]] = []
    reader = await connect(server)
    async with reader.cursor() as cursor:
        await cursor.execute("BEGIN")
        await cursor.execute("SELECT * FROM calls_20261121")
        busy = await jobs.close(database, plan, lambda close, done: told.append((close.stored.table.name, done)))
    reader.close()
    assert busy == ["calls_20261121"]
    assert told == [("calls_20261121", False), ("calls_20261120", True)]
    again = await jobs.plan(database, Policy(ahead=0), NOON)
    assert [close.stored.table.name for close in again.closes] == ["calls_20261121"]


async def test_the_ledger_forgets_after_a_week_in_small_steps(database: Database) -> None:
    rows = [(f"b-{number}", NOON - 8 * DAY_US) for number in range(2500)] + [("new", NOON - 6 * DAY_US)]
    async with database.transaction() as cursor:
        await cursor.executemany("INSERT INTO ingest_ledger VALUES (%s, %s, 1)", rows)
    await database.execute(
        "INSERT INTO pins (callid, call_at, user_name, made_at, keep_until, messages, bytes) VALUES"
        " ('over', 1, 'bob', 1, %s, 0, 0), ('kept', 1, 'bob', 1, %s, 0, 0)",
        (NOON - 1, NOON + 1),
    )
    pruned = await jobs.prune(database, Policy(), NOON)
    assert pruned["pins"] == 1
    assert await database.fetch("SELECT callid FROM pins") == [(b"kept",)]
    assert pruned["ingest_ledger"] == 2500
    assert await database.fetch("SELECT name FROM ingest_ledger") == [(b"new",)]


async def test_what_was_put_aside_is_kept_as_long_as_the_longest_kind(database: Database) -> None:
    policy = Policy(days=dict.fromkeys(Kind, 3) | {Kind.LOG: 20})
    for age in (5, 22):
        await database.execute(
            "INSERT INTO quarantine (put_at, reason, batch, sender, data) VALUES (%s, 'r', 'b', 's', 'd')",
            (NOON - age * DAY_US,),
        )
    assert (await jobs.prune(database, policy, NOON))["quarantine"] == 1


async def test_only_one_rotates_a_database_at_a_time(database: Database) -> None:
    async with retention.alone(database) as first, retention.alone(database) as second:
        assert (first, second) == (True, False)
    async with retention.alone(database) as later:
        assert later
