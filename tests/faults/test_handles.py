"""File handles run out (research: F11): who cannot be let in waits or is turned away, all others go on, and it is over
when there are handles again."""

import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest

from appliance.capture.mixture import Mix
from appliance.hep.encode import encode
from tests.appliance import Appliance, eventually, running
from tests.faults.account import account
from tests.faults.traffic import Traffic, traffic

pytestmark = [pytest.mark.appliance, pytest.mark.timeout(300)]

RATE = 500
LEFT = 3
"""Handles that a process may still open."""
CALLERS = 60
SHORT_SECONDS = 6.0


@pytest.fixture(scope="module")
def instance() -> Iterator[Appliance]:
    with running() as appliance:
        yield appliance


@contextmanager
def short_of_handles(instance: Appliance, *processes: str) -> Iterator[None]:
    pids = [instance.pid(process) for process in processes]
    before = [resource.prlimit(pid, resource.RLIMIT_NOFILE) for pid in pids]
    for pid, (_, hard) in zip(pids, before, strict=True):
        numbers = [int(handle.name) for handle in Path(f"/proc/{pid}/fd").iterdir()]
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (max(numbers) + 1 + LEFT, hard))
    try:
        yield
    finally:
        for pid, limits in zip(pids, before, strict=True):
            resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)


def unhurt(instance: Appliance, sending: Traffic) -> None:
    found = account(instance, sending)
    assert found.is_whole, found


def test_receivers_that_can_take_no_more_connections_lose_no_datagram(instance: Appliance) -> None:
    receivers = [name for name in instance.pids() if name.startswith("receiver")]
    pids = instance.pids()
    with traffic(instance, RATE) as sending:
        with short_of_handles(instance, *receivers), ExitStack() as callers:
            for _ in range(CALLERS):
                callers.enter_context(socket.create_connection(("127.0.0.1", instance.hep_port), timeout=5))
            time.sleep(SHORT_SECONDS)
        unhurt(instance, sending)
    assert {name: instance.pid(name) for name in receivers} == {name: pids[name] for name in receivers}
    assert "connections_not_accepted" in (instance.data_dir / "hepbox.log").read_text()
    with socket.create_connection(("127.0.0.1", instance.hep_port), timeout=5) as caller:
        caller.sendall(Mix(encode).datagram(0, time.time_ns() // 1000))
        eventually(lambda: instance.status()["counters"].get("hep_received_total tcp", 0) > 0)


def test_writers_and_the_scheduler_without_handles_lose_nothing(instance: Appliance) -> None:
    names = [name for name in instance.pids() if name.startswith(("writer", "scheduler"))]
    with traffic(instance, RATE) as sending:
        with short_of_handles(instance, *names):
            time.sleep(SHORT_SECONDS)
        unhurt(instance, sending)


def test_the_gui_answers_again_when_there_are_handles(instance: Appliance) -> None:
    port = int(instance.url.rpartition(":")[2])
    with short_of_handles(instance, "web"), ExitStack() as callers:
        for _ in range(CALLERS):
            callers.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
        time.sleep(1)
    eventually(lambda: httpx2.get(f"{instance.url}/readyz", timeout=5).status_code == 200, seconds=30)
