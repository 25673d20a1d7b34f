import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from appliance.cli import rotate, schema
from appliance.cli.app import app
from appliance.settings import MysqlSettings
from appliance.storage import daily_tables, retention
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate
from tests import servers

COMMANDS = (rotate.rotate, schema.schema)
"""Loaded, as `hepbox` loads all of them: an application of one command has no names of commands."""
OLD = "sip_capture_call_20261101"
OVER = "calls_20261122"
"""Of the day before, made by a version that closed no days."""
MADE = 3 * len(daily_tables.names(date(2026, 11, 23)))
"""Those of today and of two days to come."""


@pytest.fixture(scope="module")
def server() -> Iterator[MysqlSettings]:
    with servers.mariadb() as settings:
        yield settings


@pytest.fixture
def instance(server: MysqlSettings, tmp_path: Path) -> Path:
    """A hepbox.ini for an empty database with one old table."""
    servers.empty(server)
    migrate(server)
    (tmp_path / "rotation.ini").write_text("[DATA_TABLE_ROTATION]\nsip_capture_call = 10\n")
    config = tmp_path / "hepbox.ini"
    config.write_text(f"[mysql]\nuser = root\n[paths]\ndata = {tmp_path}\nrotation = {tmp_path / 'rotation.ini'}\n")
    (tmp_path / "run").mkdir()
    assert server.socket is not None
    (tmp_path / "run" / "mysql.sock").symlink_to(server.socket)
    asyncio.run(make(server))
    return config


async def make(server: MysqlSettings) -> None:
    database = await Database.open(server)
    await daily_tables.create(database, OLD)
    await daily_tables.create(database, OVER)
    await database.close()


async def there(server: MysqlSettings) -> set[str]:
    database = await Database.open(server)
    try:
        return await daily_tables.all_names(database)
    finally:
        await database.close()


def run(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["rotate", "--config", str(config), *arguments])


def test_a_dry_run_shows_the_plan_with_its_reasons_and_changes_nothing(instance: Path, server: MysqlSettings) -> None:
    shown = run(instance, "--dry-run", "--now", "2026-11-23T12:00")
    assert shown.exit_code == 0, shown.output
    lines = shown.stdout.splitlines()
    assert lines[0].split(maxsplit=2) == ["make", "sip_capture_call_20261123", "today"]
    drop = next(line for line in lines if line.startswith("drop"))
    assert OLD in drop
    assert drop.endswith("22 days old, [DATA_TABLE_ROTATION] sip_capture_call = 10")
    close = next(line for line in lines if line.startswith("close"))
    assert OVER in close and close.endswith(rotate.CLOSING)
    assert lines[-1].startswith(f"not carried out: {MADE} tables would be made, 1 dropped (")
    assert lines[-1].endswith("), 1 days closed")
    names = asyncio.run(there(server))
    assert OLD in names
    assert "calls_20261123" not in names


def test_it_is_carried_out_and_a_second_time_there_is_nothing_to_do(instance: Path, server: MysqlSettings) -> None:
    done = run(instance, "--now", "2026-11-23")
    assert done.exit_code == 0, done.output
    printed = done.stdout.splitlines()
    assert {line.split()[0] for line in printed} <= {"make", "drop", "close", "keep", "dropped", "closed", str(MADE)}
    assert f"dropped  {OLD}" in printed
    assert f"closed  {OVER}" in printed
    assert done.stdout.splitlines()[-1] == f"{MADE} tables made, 1 dropped, 1 days closed"
    names = asyncio.run(there(server))
    assert OLD not in names
    assert {"calls_20261123", "calls_20261125"} <= names
    assert run(instance, "--now", "2026-11-23").stdout.splitlines()[-1] == "0 tables made, 0 dropped, 0 days closed"


def test_what_stays_is_shown_with_its_end(instance: Path) -> None:
    shown = run(instance, "--dry-run", "--now", "2026-11-05")
    keep = next(line for line in shown.stdout.splitlines() if line.startswith("keep"))
    assert keep.endswith("2 tables from 2026-11-01, the next goes after 2026-11-11")


def test_exec_0_shows_only(instance: Path, server: MysqlSettings) -> None:
    (instance.parent / "rotation.ini").write_text("[SYSTEM]\nexec = 0\n")
    shown = run(instance, "--now", "2026-11-23")
    assert shown.stdout.startswith("note: [SYSTEM] exec = 0")
    assert "not carried out" in shown.stdout
    assert OLD in asyncio.run(there(server))


def test_a_mistake_in_the_file_is_one_line_and_exit_2(instance: Path) -> None:
    (instance.parent / "rotation.ini").write_text("[DATA_TABLE_ROTATION]\nsip_capture_call = ten\n")
    refused = run(instance)
    assert refused.exit_code == 2
    assert refused.stderr.count("\n") == 1
    assert "rotation.ini line 2, [DATA_TABLE_ROTATION] sip_capture_call = ten: write days" in refused.stderr


def test_a_time_that_is_none_is_one_line_and_exit_2(instance: Path) -> None:
    refused = run(instance, "--now", "soon")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("hepbox: --now: 'soon' is not a time")


def test_another_that_rotates_is_one_line_and_exit_1(instance: Path, server: MysqlSettings) -> None:
    async def beside() -> Result:
        database = await Database.open(server)
        async with retention.alone(database):
            result = await asyncio.to_thread(run, instance, "--now", "2026-11-23")
        await database.close()
        return result

    refused = asyncio.run(beside())
    assert refused.exit_code == 1
    assert "another process rotates this database just now" in refused.stderr


def test_a_database_that_is_away_is_one_line_and_exit_1(tmp_path: Path) -> None:
    config = tmp_path / "hepbox.ini"
    (tmp_path / "rotation.ini").write_text("")
    config.write_text(f"[paths]\ndata = {tmp_path}\nrotation = {tmp_path / 'rotation.ini'}\n")
    refused = run(config)
    assert refused.exit_code == 1
    assert refused.stderr.count("\n") == 1


def test_sizes_are_read_by_people() -> None:
    assert [rotate._size(n) for n in (0, 1023, 1024, 5 * 1024**3, 2 * 1024**5)] == [
        "0 B", "1023 B", "1.0 KiB", "5.0 GiB", "2048.0 TiB",
    ]  # fmt: skip
