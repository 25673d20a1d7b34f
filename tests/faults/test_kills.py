"""Promise 3 of DESIGN.md: what kill -9 of each process may cost, under traffic, down to the last numbered message."""

import os
import signal
import time
from collections.abc import Iterator

import httpx2
import pytest

from tests.appliance import Appliance, eventually, running
from tests.faults.traffic import missing, traffic, wait_until_stored

pytestmark = [pytest.mark.alone, pytest.mark.appliance, pytest.mark.timeout(3600)]

RATE = 2000
KILLS = int(os.environ.get("HEPBOX_TEST_KILLS", "10"))
"""Of each process."""
OPEN_BATCH_SECONDS = 0.2
"""A receiver may lose its open batch: what came in within this time."""
SLOW_START_SECONDS = 0.3


@pytest.fixture(scope="module")
def instance() -> Iterator[Appliance]:
    with running() as appliance:
        yield appliance


def kill_again_and_again(appliance: Appliance, *processes: str) -> None:
    for _ in range(KILLS):
        time.sleep(SLOW_START_SECONDS)
        killed = {process: appliance.pid(process) for process in processes}
        for pid in killed.values():
            os.kill(pid, signal.SIGKILL)
        eventually(lambda gone=killed: all(appliance.pids().get(name, pid) != pid for name, pid in gone.items()), 60)


@pytest.mark.parametrize("processes", [("writer-0",), ("mysql",), ("redis",), ("scheduler", "web")], ids=" and ".join)
def test_killing_it_loses_nothing_and_stores_nothing_twice(instance: Appliance, processes: tuple[str, ...]) -> None:
    with traffic(instance, RATE) as sending:
        kill_again_and_again(instance, *processes)
        sent = sending.finish()
    numbers = wait_until_stored(instance, sending.base, sent)
    assert missing(numbers, sent) == []
    assert [number for number, times in numbers.items() if times > 1] == []


def test_killing_a_receiver_loses_at_most_its_open_batch(instance: Appliance) -> None:
    allowed = int(KILLS * RATE * OPEN_BATCH_SECONDS)
    with traffic(instance, RATE) as sending:
        kill_again_and_again(instance, "receiver-0")
        time.sleep(1)
        sent = sending.finish()
    numbers = wait_until_stored(instance, sending.base, sent)
    assert sent - len(numbers) <= allowed
    assert [number for number, times in numbers.items() if times > 1] == []
    last_second = set(range(sent - RATE // 2, sent))
    assert last_second <= set(numbers), "what came after the last kill is all there"


def test_the_gui_comes_back_by_itself(instance: Appliance) -> None:
    os.kill(instance.pid("web"), signal.SIGKILL)

    def answers() -> bool:
        try:
            return httpx2.get(f"{instance.url}/readyz", timeout=2).status_code == 200
        except httpx2.HTTPError:
            return False

    eventually(answers, seconds=30)


def test_a_database_that_hangs_for_a_minute_loses_nothing(instance: Appliance) -> None:
    with traffic(instance, RATE) as sending:
        with instance.hanging("mysql"):
            time.sleep(60)
        sent = sending.finish()
    numbers = wait_until_stored(instance, sending.base, sent)
    assert missing(numbers, sent) == []
    assert max(numbers.values()) == 1
