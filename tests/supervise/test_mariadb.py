import asyncio
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pymysql
import pytest

from appliance.settings import MysqlSettings, Settings
from appliance.storage import daily_tables
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate
from appliance.supervise import mariadb, own_server
from appliance.supervise.own_server import ServerError
from tests.supervise.instances import data_directory, kill, running, settings_of

READY_SECONDS = 60
DAY = date(2026, 11, 23)


@pytest.fixture
def data() -> Iterator[Path]:
    with data_directory() as path:
        yield path


@pytest.fixture(scope="module")
def made() -> Iterator[Settings]:
    """A prepared data directory that tests only read."""
    with data_directory() as path:
        settings = settings_of(path)
        mariadb.prepare(settings)
        yield settings


async def count(settings: Settings) -> int:
    database = await Database.open(settings.mysql)
    try:
        row = await database.fetch_one("SELECT COUNT(*) FROM ingest_ledger")
    finally:
        await database.close()
    assert row is not None
    return int(row[0])


async def test_the_first_start_makes_a_database_that_stores(data: Path) -> None:
    settings = settings_of(data)
    mariadb.prepare(settings)
    with running(mariadb.command(settings), data / "log"):
        assert "MariaDB" in await mariadb.wait_ready(settings, READY_SECONDS)
        migrate(settings.mysql)
        database = await Database.open(settings.mysql)
        try:
            assert len(await daily_tables.ensure_day(database, DAY)) == len(daily_tables.names(DAY))
            assert await database.fetch_one("SELECT @@skip_networking, @@log_bin, @@local_infile") == (1, 0, 1)
            compressed = await daily_tables.table_options(database) == "PAGE_COMPRESSED=1"
            assert compressed == config_compresses(data)
            sizes = await daily_tables._allocated(database)
            assert "calls_20261123" in sizes
        finally:
            await database.close()


def config_compresses(data: Path) -> bool:
    return "innodb_compression_algorithm = zlib" in (data / "run" / "mysql.cnf").read_text()


async def test_what_was_stored_is_there_after_kill_9_and_after_a_second_prepare(data: Path) -> None:
    settings = settings_of(data)
    mariadb.prepare(settings)
    with running(mariadb.command(settings), data / "log") as process:
        await mariadb.wait_ready(settings, READY_SECONDS)
        migrate(settings.mysql)
        database = await Database.open(settings.mysql)
        await database.execute("INSERT INTO ingest_ledger VALUES ('a-0-1', 1, 400)")
        kill(process)
        await database.close()
    with running(mariadb.command(settings), data / "log") as process:
        await mariadb.wait_ready(settings, READY_SECONDS)
        assert await count(settings) == 1
        kill(process)
    mariadb.prepare(settings)
    with running(mariadb.command(settings), data / "log"):
        await mariadb.wait_ready(settings, READY_SECONDS)
        assert await count(settings) == 1


async def test_a_first_start_that_was_cut_off_begins_anew(data: Path) -> None:
    settings = settings_of(data)
    (data / "mysql.new" / "mysql").mkdir(parents=True)
    (data / "mysql.new" / "ibdata1").write_bytes(b"half")
    mariadb.prepare(settings)
    assert not (data / "mysql.new").exists()
    with running(mariadb.command(settings), data / "log"):
        await mariadb.wait_ready(settings, READY_SECONDS)


async def test_a_server_left_behind_by_a_killed_supervisor_is_ended(data: Path) -> None:
    settings = settings_of(data)
    mariadb.prepare(settings)
    with running(mariadb.command(settings), data / "log") as orphan:
        await mariadb.wait_ready(settings, READY_SECONDS)
        reaper = asyncio.get_running_loop().run_in_executor(None, orphan.wait)
        await asyncio.to_thread(mariadb.prepare, settings)
        assert await reaper == 0


async def test_the_server_ends_with_the_process_that_started_it(data: Path) -> None:
    settings = settings_of(data)
    mariadb.prepare(settings)
    starter = (
        "import subprocess, sys, time\n"
        "subprocess.Popen(sys.argv[1:], start_new_session=True, stderr=subprocess.DEVNULL)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", starter, *mariadb.command(settings)])
    await mariadb.wait_ready(settings, READY_SECONDS)
    kill(parent)
    deadline = time.monotonic() + 30
    while (data / "run" / "mysql.pid").exists():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


async def test_the_users_name_and_password_are_those_of_the_settings(data: Path) -> None:
    odd = MysqlSettings(user="o'dd", password="p'w\\ü", database="other")
    settings = settings_of(data, mysql=odd)
    mariadb.prepare(settings)
    with running(mariadb.command(settings), data / "log"):
        await mariadb.wait_ready(settings, READY_SECONDS)
        assert migrate(settings.mysql)
        wrong = settings.model_copy(update={"mysql": settings.mysql.model_copy(update={"password": "x"})})
        with pytest.raises(ServerError, match=r"does not let user o'dd in: check \[mysql\] user and password"):
            await mariadb.wait_ready(wrong, READY_SECONDS)


def test_only_the_account_of_the_servers_may_enter(made: Settings) -> None:
    run = made.paths.data / "run"
    assert stat.S_IMODE(run.stat().st_mode) == 0o700
    assert stat.S_IMODE((run / "mysql-init.sql").stat().st_mode) == 0o600
    assert stat.S_IMODE((made.paths.data / "mysql").stat().st_mode) == 0o700


def test_its_temporary_tables_lie_apart_from_other_servers(made: Settings) -> None:
    assert f'tmpdir = "{made.paths.data / "mysql-tmp"}"' in (made.paths.data / "run" / "mysql.cnf").read_text()


def test_a_missing_program_is_one_sentence(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_server, "_PLACES", ())
    monkeypatch.setenv("PATH", str(data))
    with pytest.raises(
        ServerError, match=r"mariadbd is not installed: install the package mariadb-server-core.*\[mysql\] host"
    ):
        mariadb.prepare(settings_of(data))


def pretend_program(data: Path, name: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / name).write_text(f"#!/bin/sh\necho '{says}'\n")
    (data / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{data}:{os.environ['PATH']}")


def test_a_program_that_is_too_old_is_one_sentence(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_program(data, "mariadbd", "mariadbd  Ver 10.5.29-MariaDB for Linux", monkeypatch)
    with pytest.raises(ServerError, match=r"is MariaDB 10\.5: 10\.6 or newer is needed"):
        mariadb.prepare(settings_of(data))


def test_data_of_a_newer_server_are_left_alone(data: Path) -> None:
    settings = settings_of(data)
    mariadb.prepare(settings)
    (data / "mysql" / "hepbox-version").write_text("99.1\n")
    with pytest.raises(ServerError, match=r"written by MariaDB 99\.1.*do not go back: install MariaDB 99\.1"):
        mariadb.prepare(settings)
    assert (data / "mysql" / "hepbox-version").read_text() == "99.1\n"


def test_somebody_elses_files_are_left_alone(data: Path) -> None:
    (data / "mysql").mkdir()
    (data / "mysql" / "thesis.txt").write_text("x")
    with pytest.raises(ServerError, match="holds files but no database of MariaDB"):
        mariadb.prepare(settings_of(data))


def test_a_path_too_long_for_a_socket_is_one_sentence(data: Path) -> None:
    with pytest.raises(ServerError, match=r"too long for the socket .*at most 107"):
        mariadb.prepare(settings_of(data / ("x" * 100)))


async def test_a_server_that_does_not_come_is_one_sentence(made: Settings) -> None:
    with pytest.raises(ServerError, match=r"mysql\.sock has not answered for 0 s"):
        await mariadb.wait_ready(made, 0.3)


@pytest.fixture(scope="module")
def remote() -> Iterator[MysqlSettings]:
    """A second MariaDB, of the operator's own: on TCP, with a password, prepared by `hepbox schema`'s grants."""
    with data_directory() as path:
        settings = settings_of(path)
        mariadb.prepare(settings)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [*mariadb.command(settings), "--skip-networking=0", "--bind-address=127.0.0.1", f"--port={port}"]
        with running(command, path / "log"):
            asyncio.run(mariadb.wait_ready(settings, READY_SECONDS))
            root = pymysql.connect(unix_socket=str(settings.mysql.socket), user="root")
            with root, root.cursor() as cursor:
                cursor.execute("CREATE DATABASE capture")
                cursor.execute("CREATE USER 'sip'@'127.0.0.1' IDENTIFIED BY 's3cret'")
                cursor.execute(
                    "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, INDEX, ALTER ON capture.* TO 'sip'@'127.0.0.1'"
                )
            yield MysqlSettings(host="127.0.0.1", port=port, user="sip", password="s3cret", database="capture")


async def test_a_remote_server_is_used_with_the_least_grants(remote: MysqlSettings) -> None:
    settings = Settings(mysql=remote)
    assert "MariaDB" in await mariadb.wait_ready(settings, 5)
    migrate(remote)
    database = await Database.open(remote)
    try:
        await daily_tables.ensure_day(database, DAY)
        assert len(await daily_tables.existing(database)) == len(daily_tables.names(DAY))
        assert await daily_tables.drop(database, "calls_20261123")
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"password": "wrong"},
            r"the database at 127\.0\.0\.1:\d+ does not let user sip in: check \[mysql\] user and password",
        ),
        ({"user": "nobody"}, r"does not let user nobody in"),
        ({"database": "elsewhere"}, r"has no database elsewhere that user sip may use.*hepbox schema"),
    ],
)
async def test_a_remote_server_that_refuses_is_one_sentence(
    remote: MysqlSettings, change: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ServerError, match=sentence):
        await mariadb.wait_ready(Settings(mysql=remote.model_copy(update=change)), 5)


async def test_a_remote_server_that_is_away_is_one_sentence() -> None:
    away = MysqlSettings(host="127.0.0.1", port=1)
    with pytest.raises(ServerError, match=r"127\.0\.0\.1:1 has not answered for 0 s: .*check \[mysql\] host and port"):
        await mariadb.wait_ready(Settings(mysql=away), 0.2)


@pytest.mark.parametrize(
    ("version", "sentence"),
    [("10.5.29-MariaDB-log", r"is MariaDB 10\.5: 10\.6 or newer"), ("5.7.44", r"is MySQL 5\.7: 8\.0 or newer")],
)
def test_a_remote_server_that_is_too_old_is_one_sentence(version: str, sentence: str) -> None:
    with pytest.raises(ServerError, match=sentence):
        mariadb._check_served_version(MysqlSettings(host="db"), version)


def test_versions_that_will_do_are_let_through() -> None:
    for version in ("10.6.0-MariaDB", "11.8.3-MariaDB-ubu2404", "8.0.36", "8.4.2-log"):
        mariadb._check_served_version(MysqlSettings(host="db"), version)
