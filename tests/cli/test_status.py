import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import appliance.cli.status
from appliance.buffer import keys
from appliance.buffer.batch import Batch
from appliance.buffer.connection import open_blocking
from appliance.buffer.push import push
from appliance.cli.app import app
from appliance.cli.instance import with_own_sockets
from appliance.settings import PathSettings, RedisSettings, Settings
from appliance.supervise.data_dir import write_status
from tests.cli.people import People
from tests.redis_server import empty, redis_server

assert appliance.cli.status


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisSettings]:
    with redis_server() as settings:
        yield settings


class Instance:
    """The files and servers of an appliance, without its processes."""

    def __init__(self, data: Path, environment: dict[str, str]) -> None:
        self.settings = with_own_sockets(Settings(paths=PathSettings(data=data)))
        self._environment = environment

    def says(self, **facts: Any) -> None:
        """What its supervisor would write."""
        now_us = time.time_ns() // 1000
        status = {"pid": 1, "at_us": now_us, "started_us": now_us, "ready": True, "site": "s", "hep": "0.0.0.0:9060"}
        child = {"name": "writer-0", "pid": 7, "alive": True, "restarts": 2, "last_ending": "exit code 1"}
        write_status(self.settings, {**status, "web": "http://h", "processes": [child], **facts})

    def status(self) -> tuple[int, dict[str, Any]]:
        done = CliRunner().invoke(app, ["status", "--json"], env=self._environment)
        return done.exit_code, json.loads(done.stdout)

    def lines(self) -> list[str]:
        return CliRunner().invoke(app, ["status"], env=self._environment).stdout.splitlines()


@pytest.fixture
def instance(people: People, redis: RedisSettings) -> Instance:
    empty(redis)
    data = Path(people.environment["HEPBOX_PATHS_DATA"])
    assert redis.socket is not None
    (data / "run" / "redis.sock").symlink_to(redis.socket)
    return Instance(data, people.environment)


def test_what_is_well_is_healthy(instance: Instance) -> None:
    instance.says()
    code, found = instance.status()
    assert (code, found["problems"], found["healthy"]) == (0, [], True)
    assert (found["buffer"]["entries"], found["database"]["quarantined"], found["counters"]) == (0, 0, {})
    assert found["disk"]["free_bytes"] <= found["disk"]["total_bytes"]
    head, hep, child, *_ = instance.lines()
    assert (head, hep) == ("healthy", "HEP on 0.0.0.0:9060 (UDP and TCP), GUI at http://h")
    assert child.split() == ["writer-0", "pid", "7,", "started", "again", "2", "times"]


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"pid": None}, "hepbox is not running with this data directory"),
        ({"at_us": 1}, "hepbox is not running with this data directory"),
        ({"ready": False}, "it is still starting"),
        (
            {"processes": [{"name": "web", "pid": None, "alive": False, "restarts": 0, "last_ending": "exit code 9"}]},
            "web is not running (exit code 9)",
        ),
    ],
)
def test_what_is_not_well_is_told_in_a_sentence(instance: Instance, facts: dict[str, Any], problem: str) -> None:
    instance.says(**facts)
    code, found = instance.status()
    assert (code, found["healthy"]) == (1, False)
    assert any(sentence.startswith(problem) for sentence in found["problems"])
    lines = instance.lines()
    assert lines[0] == "NOT HEALTHY"
    assert any(line.strip().startswith(problem) for line in lines)


def test_packets_that_wait_too_long_are_a_problem(instance: Instance) -> None:
    instance.says()
    with open_blocking(instance.settings.redis) as client:
        old = time.time_ns() // 1_000_000 - 60_000
        client.xadd(keys.BATCHES, {b"n": b"x"}, id=f"{old}-0")
        push(client, Batch("new", 1, b""))
    code, found = instance.status()
    assert (code, found["buffer"]["entries"], found["buffer"]["taken"]) == (1, 2, 0)
    assert found["buffer"]["oldest_age_ms"] >= 60_000
    assert "packets wait in the buffer for 6" in found["problems"][0]


def test_servers_that_are_away_are_problems_and_the_rest_is_told() -> None:
    with tempfile.TemporaryDirectory(prefix="hb-") as directory:
        (Path(directory) / "run").mkdir()
        away = Instance(Path(directory), {"HEPBOX_PATHS_DATA": directory})
        away.says()
        code, found = away.status()
        assert code == 1
        assert [sentence.split(" does not")[0] for sentence in found["problems"]] == [
            "the buffer (Redis)",
            "the database",
        ]
        assert found["processes"][0]["name"] == "writer-0"
        shutil.rmtree(Path(directory) / "run")
        assert "not running" in away.status()[1]["problems"][0]


def test_what_was_dropped_is_said_by_reason(instance: Instance) -> None:
    instance.says()
    client = open_blocking(instance.settings.redis)
    client.hset(keys.COUNTERS, "hep_dropped_total\x1frefused-key", 1200)
    client.hset(keys.COUNTERS, "hep_dropped_total\x1ffull", 3)
    client.close()
    assert "dropped: 3 full, 1,200 refused-key" in instance.lines()


def test_where_hep_comes_by_tls_is_said(instance: Instance) -> None:
    instance.says(hep_tls="0.0.0.0:9061")
    assert any("and 0.0.0.0:9061 (TLS), GUI" in line for line in instance.lines())
