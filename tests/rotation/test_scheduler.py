import asyncio
from datetime import date
from pathlib import Path

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from appliance.model.kinds import DAY_US, Kind, day_start_us
from appliance.rotation import scheduler
from appliance.rotation.scheduler import Rotation
from appliance.settings import MysqlSettings, PathSettings, Settings
from appliance.storage import closed_days, daily_tables, retention
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate
from tests import servers

TODAY = date(2026, 11, 23)
NOON = day_start_us(TODAY) + DAY_US // 2


async def daily(database: Database) -> set[str]:
    return {stored.table.name for stored in await daily_tables.existing(database)}


def rotation_of(database: Database, file: Path, now_us: int = NOON) -> Rotation:
    return Rotation(database, file, AsyncIOScheduler(), lambda: now_us)


async def test_the_file_is_read_anew_each_time_and_a_mistake_leaves_the_last_good_one(
    database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "rotation.ini"
    file.write_text("[DATA_TABLE_ROTATION]\nsip_capture_call = 30\n")
    rotation = rotation_of(database, file)
    assert rotation.policy().days[Kind.CALL] == 30
    file.write_text("[DATA_TABLE_ROTATION]\nsip_capture_call = many\n")
    assert rotation.policy().days[Kind.CALL] == 30
    file.write_text("[DATA_TABLE_ROTATION]\nsip_capture_call = 4\n")
    assert rotation.policy().days[Kind.CALL] == 4


async def test_exec_0_makes_tables_and_drops_none(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "rotation.ini"
    file.write_text("[SYSTEM]\nexec = 0\n")
    await daily_tables.create(database, "calls_20260101")
    rotation = rotation_of(database, file)
    assert await rotation.make()
    await rotation.drop()
    assert {"calls_20260101", "calls_20261125"} <= await daily(database)


async def test_another_runner_is_left_alone(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "rotation.ini"
    file.write_text("")
    await daily_tables.create(database, "calls_20260101")
    async with retention.alone(database):
        await rotation_of(database, file).drop()
    assert await daily(database) == {"calls_20260101"}


async def test_a_failed_drop_is_tried_again_soon(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "rotation.ini"
    file.write_text("")
    await database.execute("DROP TABLE import_days")
    clock = AsyncIOScheduler()
    await Rotation(database, file, clock, lambda: NOON).drop()
    assert [job.id for job in clock.get_jobs()] == ["retry"]


async def test_at_night_it_drops_and_closes_what_is_over(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "rotation.ini"
    file.write_text("")
    for name in ("calls_20260101", "calls_20261122", "calls_20261123"):
        await daily_tables.create(database, name)
    async with retention.alone(database):
        await rotation_of(database, file).nightly()
    assert await closed_days.open_days(database) == [date(2026, 1, 1), date(2026, 11, 22), TODAY]
    await rotation_of(database, file).nightly()
    assert min(await closed_days.open_days(database)) == TODAY


async def test_the_scheduler_makes_tables_at_once_drops_at_start_and_stops(
    database: Database, server: MysqlSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "rotation.ini"
    file.write_text("")
    await daily_tables.create(database, "calls_20200101")
    settings, stop = Settings(mysql=server, paths=PathSettings(rotation=file)), asyncio.Event()
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        tasks.create_task(scheduler.run(settings, stop))
        while "calls_20200101" in (there := await daily(database)) or len(there) < 3 * 19:
            await asyncio.sleep(0.02)
        stop.set()


async def test_the_scheduler_waits_for_a_database_that_is_not_there_yet(
    database: Database, server: MysqlSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "FIRST_RETRY_SECONDS", 0.05)
    file = tmp_path / "rotation.ini"
    file.write_text("")
    settings, stop = Settings(mysql=server, paths=PathSettings(rotation=file)), asyncio.Event()
    await database.execute("DROP DATABASE hepbox")
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        tasks.create_task(scheduler.run(settings, stop))
        await asyncio.sleep(0.2)
        await asyncio.to_thread(servers.empty, server)
        await asyncio.to_thread(migrate, server)
        again = await Database.open(server)
        while len(await daily(again)) < 3 * 19:
            await asyncio.sleep(0.02)
        await again.close()
        stop.set()


async def test_stopping_does_not_wait_for_a_database(tmp_path: Path) -> None:
    stop = asyncio.Event()
    away = Settings(
        mysql=MysqlSettings(host="127.0.0.1", port=1), paths=PathSettings(rotation=tmp_path / "rotation.ini")
    )
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        tasks.create_task(scheduler.run(away, stop))
        await asyncio.sleep(0.1)
        stop.set()
