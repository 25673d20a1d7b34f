import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import pymysql
import pytest

from appliance.model.rows import MessageRow
from appliance.settings import Settings, WebSettings
from appliance.supervise.supervisor import web_url
from appliance.supervise.tree import Plan
from tests.appliance import Appliance, eventually, free_port, running
from tests.calls.made import flow
from tests.servers import start_mariadb
from tests.sip_packets import received, with_callid

PASSWORD = "pä'ß%s"
GRANTS = "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, INDEX, ALTER, REFERENCES"


def call(callid: str) -> list[MessageRow]:
    """An ended call that happens now."""
    rows = flow(
        "0 A>B INVITE", "50 B>A 180 INVITE", "90 B>A 200 INVITE", "95 A>B ACK", "900 A>B BYE", "910 B>A 200 BYE"
    )
    shift = time.time_ns() // 1000 - rows[-1].ts
    return [replace(row, ts=row.ts + shift) for row in with_callid(rows, callid)]


def send_call(instance: Appliance) -> str:
    callid = secrets.token_hex(8)
    instance.send(*(received(row).data for row in call(callid)))
    return callid


def states(instance: Appliance, callid: str) -> list[str]:
    return [row["state"] for row in instance.search(f"callid:{callid}")]


def test_the_gui_is_where_it_is_told_to_be() -> None:
    settings = Settings(web=WebSettings(listen="0.0.0.0:80"))
    assert web_url(Plan(settings, frozenset(), "s")) == "http://0.0.0.0:80"
    named = Settings(web=WebSettings(url="https://sip.example.com/"))
    assert web_url(Plan(named, frozenset(), "s")) == "https://sip.example.com"


@pytest.fixture(scope="module")
def instance() -> Iterator[Appliance]:
    with running({"HEPBOX_HEP_PROCESSES": "2", "HEPBOX_HEP_WRITERS": "2"}) as found:
        yield found


@pytest.mark.appliance
def test_all_processes_run_and_a_call_is_recorded(instance: Appliance) -> None:
    names = {"mysql", "redis", "writer-0", "writer-1", "receiver-0", "receiver-1", "scheduler", "web"}
    assert set(instance.pids()) == names
    callid = send_call(instance)
    eventually(lambda: states(instance, callid) == ["completed"], 60, 0.5)
    status = eventually(lambda: (found := instance.status())["healthy"] and found, 60)
    assert status["counters"]["packets_stored_total call"] >= 6
    assert {"web": status["supervisor"]["web"], "hep": status["supervisor"]["hep"]} == {
        "web": instance.url,
        "hep": f"127.0.0.1:{instance.hep_port}",
    }


@pytest.mark.appliance
@pytest.mark.parametrize("process", ["receiver-0", "writer-0", "scheduler", "web", "redis"])
def test_a_process_that_is_killed_is_started_again(instance: Appliance, process: str) -> None:
    before = instance.pid(process)
    os.kill(before, signal.SIGKILL)
    eventually(lambda: instance.pids().get(process, before) != before, 60)
    callid = send_call(instance)
    eventually(lambda: states(instance, callid) == ["completed"], 60, 0.5)
    status = json.loads((instance.data_dir / "run" / "status.json").read_text())
    (facts,) = [child for child in status["processes"] if child["name"] == process]
    assert (facts["last_ending"], facts["restarts"]) == ("killed by SIGKILL", 1)


@pytest.mark.appliance
def test_settings_are_read_again_on_a_hangup_and_a_mistake_in_them_changes_nothing(instance: Appliance) -> None:
    log = instance.data_dir / "hepbox.log"
    before = instance.pids()
    instance.process.send_signal(signal.SIGHUP)
    eventually(lambda: "settings_taken" in log.read_text(), 60)

    def kept() -> set[str]:
        after = instance.pids()
        return {name for name in before if before[name] == after.get(name, before[name])}

    eventually(lambda: kept() <= {"mysql", "redis"}, 60)
    assert kept() == {"mysql", "redis"}
    callid = send_call(instance)
    eventually(lambda: states(instance, callid) == ["completed"], 60, 0.5)


@pytest.mark.appliance
def test_told_to_stop_it_ends_everything_and_loses_nothing() -> None:
    with tempfile.TemporaryDirectory(prefix="hepbox-") as directory:
        with running(data_dir=Path(directory)) as first:
            pids = first.pids()
            sent = [received(row).data for row in call("kept")]
            first.send(*sent)
            assert first.stop() == 0
        assert not any(psutil.pid_exists(pid) for pid in pids.values())
        assert json.loads((Path(directory) / "run" / "status.json").read_text())["pid"] is None
        with running(data_dir=Path(directory)) as second:
            eventually(lambda: states(second, "kept") == ["completed"], 60, 0.5)
            (row,) = second.search("callid:kept")
            assert row["messages"] == len(sent)


@dataclass
class Remote:
    """A MariaDB of somebody else's, on TCP, with an account for hepbox that has the least rights."""

    port: int

    @property
    def homer(self) -> dict[str, str]:
        return {
            "USE_REMOTE_MYSQL": "true",
            "DB_HOST": "127.0.0.1",
            "DB_PORT": str(self.port),
            "DB_USER": "remote",
            "DB_PASS": PASSWORD,
        }


@pytest.fixture(scope="module")
def remote() -> Iterator[Remote]:
    directory, port = Path(tempfile.mkdtemp(prefix="hb-")), free_port()
    server = start_mariadb(directory, "--skip-networking=0", "--bind-address=127.0.0.1", f"--port={port}")
    connection = pymysql.connect(unix_socket=str(directory / "s"), user="root", charset="utf8mb4")
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE USER 'remote'@'%%' IDENTIFIED BY %s", (PASSWORD,))
        cursor.execute(f"GRANT {GRANTS} ON hepbox.* TO 'remote'@'%'")
    yield Remote(port)
    server.terminate()
    server.wait(60)
    shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def with_file(text: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "hepbox.ini"
        file.write_text(text, encoding="utf-8")
        yield file


@pytest.mark.appliance
def test_a_remote_database_is_used_by_homers_names(remote: Remote) -> None:
    with running({**remote.homer, "HEPBOX_HEP_PROCESSES": "1", "HEPBOX_HEP_WRITERS": "1"}) as found:
        assert "mysql" not in found.pids()
        assert not (found.data_dir / "mysql").exists()
        callid = send_call(found)
        eventually(lambda: states(found, callid) == ["completed"], 60, 0.5)
        eventually(lambda: found.status()["healthy"], 60)


@pytest.mark.appliance
def test_a_remote_database_is_used_by_our_settings_with_the_password_in_a_file(remote: Remote) -> None:
    with tempfile.TemporaryDirectory() as directory:
        secret = Path(directory) / "secret"
        secret.write_text(f"{PASSWORD}\n", encoding="utf-8")
        settings = {
            "HEPBOX_MYSQL_HOST": "127.0.0.1",
            "HEPBOX_MYSQL_PORT": str(remote.port),
            "HEPBOX_MYSQL_USER": "remote",
            "HEPBOX_MYSQL_PASSWORD_FILE": str(secret),
            "HEPBOX_HEP_PROCESSES": "1",
            "HEPBOX_HEP_WRITERS": "1",
        }
        with running(settings) as found:
            assert "mysql" not in found.pids()
            callid = send_call(found)
            eventually(lambda: states(found, callid) == ["completed"], 60, 0.5)


@pytest.mark.appliance
@pytest.mark.parametrize("wrong", [{"DB_PASS": "wrong"}, {"DB_USER": "nobody"}, {"HEPBOX_MYSQL_DATABASE": "other"}])
def test_a_remote_database_that_refuses_us_is_one_sentence(remote: Remote, wrong: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory(prefix="hb-") as data:
        given = {"HEPBOX_PATHS_DATA": data, "HEPBOX_HEP_LISTEN": f"127.0.0.1:{free_port()}", **remote.homer, **wrong}
        command = [sys.executable, "-m", "appliance", "run", "--roles", "mysql,writer"]
        done = subprocess.run(command, env=os.environ | given, capture_output=True, text=True, timeout=200)
    said = [line for line in done.stderr.splitlines() if not line.startswith("{")]
    assert (done.returncode, len(said)) == (1, 1), done.stderr
    assert said[0].startswith("hepbox: ")
    assert f"127.0.0.1:{remote.port}" in said[0]
    assert PASSWORD not in said[0] and "wrong" not in said[0]
