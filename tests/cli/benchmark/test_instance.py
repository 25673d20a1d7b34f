import getpass
import os
import subprocess
import threading
from pathlib import Path

import pytest

from appliance.cli.benchmark import instance as benchmark
from appliance.cli.benchmark.instance import GROUPS, BenchmarkError, Private, private_instance
from appliance.settings import PathSettings, Settings
from appliance.supervise.data_dir import write_status


def private(data: Path) -> Private:
    (data / "run").mkdir()
    return Private(Settings(paths=PathSettings(data=data)), 9060)


def test_time_is_told_by_group_of_processes(tmp_path: Path) -> None:
    found = private(tmp_path)
    with subprocess.Popen(["sleep", "600"]) as idle:
        names = {"writer-0": os.getpid(), "writer-1": os.getpid(), "scheduler": os.getpid(), "redis": idle.pid}
        children = [{"name": name, "pid": pid} for name, pid in names.items()]
        write_status(
            found.settings, {"processes": [*children, {"name": "web", "pid": 1}, {"name": "mysql", "pid": None}]}
        )
        spent = found.cpu_seconds()
        idle.kill()
    assert set(spent) == set(GROUPS.values())
    assert spent["writer"] > spent["settler"] > 0
    assert spent["mysql"] == spent["receiver"] == 0


def test_the_time_of_one_thread_is_told_apart(tmp_path: Path) -> None:
    found = private(tmp_path)
    write_status(found.settings, {"processes": [{"name": "mysql", "pid": os.getpid()}, {"name": "web", "pid": 1}]})
    whole = found.cpu_seconds()["mysql"]
    assert 0 < found.thread_seconds("mysql", threading.get_native_id()) <= whole + 0.1
    assert found.thread_seconds("mysql", 0) == 0
    assert found.thread_seconds("redis", threading.get_native_id()) == 0


def test_before_it_says_anything_no_time_is_spent(tmp_path: Path) -> None:
    assert set(private(tmp_path).cpu_seconds().values()) == {0.0}


def test_the_owner_of_the_database_server_is_whoever_runs_this(tmp_path: Path) -> None:
    assert private(tmp_path).as_owner().settings.mysql.user == getpass.getuser()


def test_an_instance_that_does_not_start_is_told_with_its_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmark.sys, "executable", "/bin/false")
    with pytest.raises(BenchmarkError, match="did not start"), private_instance():
        raise AssertionError
