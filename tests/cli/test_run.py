import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.buffer.batch import opened
from appliance.buffer.spill import Spill
from tests.appliance import eventually, free_port

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def data() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hb-") as directory:
        yield Path(directory)


def environment(data: Path, **more: str) -> dict[str, str]:
    return os.environ | {
        "HEPBOX_PATHS_DATA": str(data),
        "HEPBOX_PATHS_ROTATION": str(ROOT / "rotation.ini"),
        "HEPBOX_HEP_LISTEN": f"127.0.0.1:{free_port()}",
        "HEPBOX_WEB_LISTEN": f"127.0.0.1:{free_port()}",
        **more,
    }


def run(data: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "appliance", "run", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment(data, **more), timeout=200)


def sentence(done: "subprocess.CompletedProcess[str]", code: int) -> str:
    """What it said before it ended with `code`; log lines are left out."""
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    said = [line for line in done.stderr.splitlines() if not line.startswith("{")]
    assert len(said) == 1 and said[0].startswith("hepbox: ")
    return said[0]


def test_a_role_that_there_is_not_is_named(data: Path) -> None:
    said = sentence(run(data, "--roles", "receiver,cook"), 2)
    assert said == "hepbox: --roles: there is no role cook; roles are mysql, redis, writer, receiver, scheduler, web"


def test_a_wrong_setting_is_named(data: Path) -> None:
    said = sentence(run(data, HEPBOX_HEP_PROCESSES="many"), 2)
    assert "HEPBOX_HEP_PROCESSES" in said


def test_a_mistake_in_rotation_ini_is_named(data: Path) -> None:
    file = data / "rotation.ini"
    file.write_text("[MYSQL]\nnewtables = some\n[nonsense\n")
    assert str(file) in sentence(run(data, "--roles", "receiver", HEPBOX_PATHS_ROTATION=str(file)), 2)


def test_a_data_directory_that_cannot_be_made_is_named(data: Path) -> None:
    (data / "file").write_text("")
    assert "cannot be made" in sentence(run(data / "file" / "below"), 1)


def test_a_port_that_is_taken_is_named(data: Path) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{other.getsockname()[1]}"
        said = sentence(run(data, "--roles", "receiver", HEPBOX_HEP_LISTEN=listen), 1)
    assert said.startswith(f"hepbox: [hep] listen {listen}: another program holds this port")
    with socket.create_server(("127.0.0.1", 0)) as web:
        listen = f"127.0.0.1:{web.getsockname()[1]}"
        said = sentence(run(data, "--roles", "web", HEPBOX_WEB_LISTEN=listen), 1)
    assert said.startswith(f"hepbox: [web] listen {listen}: ")


def test_a_receiver_alone_keeps_packets_in_files_and_a_second_one_is_refused(data: Path) -> None:
    given = environment(data, HEPBOX_HEP_PROCESSES="1")
    command = [sys.executable, "-m", "appliance", "run", "--roles", "receiver"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=given, text=True) as first:
        try:
            assert first.stdout is not None
            assert first.stdout.readline().startswith("ready: ")
            status = json.loads((data / "run" / "status.json").read_text())
            assert [child["name"] for child in status["processes"]] == ["receiver-0"]

            said = sentence(run(data, "--roles", "receiver"), 1)
            assert "another hepbox runs with this data directory" in said

            host, port = given["HEPBOX_HEP_LISTEN"].split(":")
            with socket.socket(type=socket.SOCK_DGRAM) as agent:
                agent.sendto(b"kept", (host, int(port)))
            eventually(lambda: list((data / "spill").glob("*.batch")), 60)
            first.send_signal(signal.SIGTERM)
            assert first.wait(60) == 0
        finally:
            first.kill()
    spill = Spill(data / "spill", 1, 0)
    assert [record.data for path in spill.waiting() for record in opened(spill.read(path).body)] == [b"kept"]
    assert json.loads((data / "run" / "status.json").read_text())["pid"] is None


def test_told_to_stop_while_it_waits_for_a_database_it_ends_soon(data: Path) -> None:
    given = environment(data, HEPBOX_MYSQL_HOST="127.0.0.1", HEPBOX_MYSQL_PORT=str(free_port()))
    command = [sys.executable, "-m", "appliance", "run", "--roles", "mysql,writer"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=given) as waiting:
        try:
            eventually(lambda: (data / "run" / "lock").exists(), 120)
            with pytest.raises(subprocess.TimeoutExpired):
                waiting.wait(2)
            waiting.send_signal(signal.SIGTERM)
            assert waiting.wait(60) == 0, "half of the time that it would wait for the database"
        finally:
            waiting.kill()
