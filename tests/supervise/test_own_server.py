"""Started by root, the servers run as somebody who may do less. `nobody` stands for the account of an installation."""

import os
import pwd
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from appliance.storage.migrate import migrate
from appliance.supervise import mariadb, own_server, redis
from appliance.supervise.own_server import ServerError
from tests.supervise.instances import data_directory, running, settings_of

AS_ROOT = os.geteuid() == 0


@pytest.fixture
def data() -> Iterator[Path]:
    with data_directory() as path:
        yield path


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> int:
    """The user id that servers are to have."""
    monkeypatch.setattr(own_server, "ACCOUNT", "nobody")
    return pwd.getpwnam("nobody").pw_uid if AS_ROOT else os.geteuid()


async def test_root_starts_servers_as_the_account(data: Path, nobody: int) -> None:
    settings = settings_of(data)
    for server in (mariadb, redis):
        server.prepare(settings)
    with (
        running(mariadb.command(settings), data / "log") as database,
        running(redis.command(settings), data / "log") as buffer,
    ):
        await mariadb.wait_ready(settings, 60)
        await redis.wait_ready(settings, 60)
        assert [psutil.Process(p.pid).uids().effective for p in (database, buffer)] == [nobody, nobody]
        assert migrate(settings.mysql)
    assert {path.stat().st_uid for path in data.glob("*/*")} == {nobody}


async def test_files_that_root_has_restored_are_handed_over(data: Path, nobody: int) -> None:
    settings = settings_of(data)
    mariadb.prepare(settings)
    for path in (data / "mysql").rglob("*"):
        os.chown(path, os.geteuid(), -1)
    mariadb.prepare(settings)
    with running(mariadb.command(settings), data / "log"):
        await mariadb.wait_ready(settings, 60)


def test_a_directory_out_of_the_accounts_reach_is_one_sentence(data: Path, nobody: int) -> None:
    data.chmod(0o700)
    inner = data / "inner"
    if not AS_ROOT:
        assert own_server.account() is None
        redis.prepare(settings_of(inner))
        return
    with pytest.raises(ServerError, match=r"user nobody cannot reach .*choose a data directory whose parents"):
        redis.prepare(settings_of(inner))


def test_a_directory_that_cannot_be_made_is_one_sentence(data: Path) -> None:
    (data / "run").write_text("a file")
    with pytest.raises(ServerError, match=r"run cannot be made or entered: "):
        redis.prepare(settings_of(data))


def test_without_such_a_user_root_runs_them_itself(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_server, "ACCOUNT", "no-such-user")
    assert own_server.account() is None
    mariadb.prepare(settings_of(data))
    assert ("--user=root" in mariadb.command(settings_of(data))) == AS_ROOT


def test_a_process_that_took_an_old_number_is_left_alone(data: Path) -> None:
    (data / "pid").write_text(str(os.getppid()))
    own_server.end_orphan(data / "pid", data / "run" / "mysql.cnf")
    (data / "pid").write_text("rubbish")
    own_server.end_orphan(data / "pid", data / "run" / "mysql.cnf")
    assert psutil.pid_exists(os.getppid())


def test_a_version_that_cannot_be_read_is_one_sentence(data: Path) -> None:
    (data / "marker").write_text("soon")
    with pytest.raises(ServerError, match="marker cannot be read"):
        own_server.guard_version(data / "marker", "MariaDB", (10, 11))
