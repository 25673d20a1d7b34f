from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from appliance.model.kinds import day_of, quality_table
from appliance.model.quality import Measured, QualityRow, ReportKind, Told
from appliance.settings import MysqlSettings
from appliance.storage import accounts, pinned_quality, pins
from appliance.storage.accounts import Role
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate
from appliance.storage.pinned_quality import ROWS_AT_ONCE
from tests.storage.test_pins import CALL, FOUND, NOW, UNTIL, bob

MEASURED = Measured(
    ReportKind.RTCP,
    Told.RECEIVED,
    "10.0.0.1",
    4000,
    "10.0.0.2",
    5000,
    7,
    "PCMA",
    8000,
    100,
    3,
    2.9,
    4.5,
    None,
    4.1,
    "x",
)
ROWS = [QualityRow("hep1-rtcp-20261123-1-1", CALL.started + n, "c1@made", "tap", MEASURED) for n in (0, 5)]


@pytest.fixture
async def people(database: Database, mariadb_settings: MysqlSettings) -> AsyncIterator[Database]:
    migrate(mariadb_settings)
    await accounts.add(database, "bob", Role.USER, "hash", 1)
    yield database


async def found(database: Database, *names: str, callid: str = "c1@made", now_us: int = NOW) -> list[QualityRow]:
    return await pinned_quality.of_callids(database, set(names), [callid], CALL.started, CALL.started + 5, now_us)


async def test_figures_come_back_in_order_of_time_as_long_as_the_pin_holds(people: Database) -> None:
    number = await pins.add(people, await bob(people), [FOUND], UNTIL, NOW, quality=ROWS[::-1])
    assert await found(people) == ROWS
    assert await found(people, callid="other") == []
    assert await found(people, now_us=UNTIL + 1) == []
    await pins.release(people, number)
    assert not await people.fetch("SELECT * FROM pinned_quality")


async def test_what_the_day_has_itself_is_not_told_twice(people: Database) -> None:
    await pins.add(people, await bob(people), [FOUND], UNTIL, NOW, quality=ROWS)
    assert await found(people, quality_table(day_of(CALL.started))) == []


async def test_what_was_pinned_twice_is_told_once_and_other_times_are_others(people: Database) -> None:
    later = replace(ROWS[0], ts=CALL.started + 99)
    for _ in range(2):
        await pins.add(people, await bob(people), [FOUND], UNTIL, NOW, quality=[*ROWS, later])
    assert await found(people) == ROWS


def test_many_rows_are_several_blocks() -> None:
    rows = [replace(ROWS[0], ts=n) for n in range(ROWS_AT_ONCE + 1)]
    assert len(pinned_quality.packed(rows)) == 2
    assert pinned_quality.packed([]) == []
