"""Promise 3 of DESIGN.md: what kill -9 of each process may cost, under traffic, down to the last numbered message."""

import os
import signal
import time
from collections.abc import Iterator

import httpx2
import pytest

from tests.appliance import Appliance, eventually, running
from tests.faults.traffic import missing, traffic, wait_until_stored

pytestmark = [pytest.mark.appliance, pytest.mark.timeout(600)]

RATE = 2000
KILLS = 10
OPEN_BATCH_SECONDS = 0.2
"""A receiver may lose its open batch: what came in within this time."""
SLOW_START_SECONDS = 0.3


@pytest.fixture(scope="module")
def instance() -> Iterator[Appliance]:
    with running() as appliance:
        yield appliance


def kill_again_and_again(appliance: Appliance, process: str) -> None:
    for _ in range(KILLS):
        time.sleep(SLOW_START_SECONDS)
        killed = appliance.pid(process)
        os.kill(killed, signal.SIGKILL)
        eventually(lambda gone=killed: appliance.pids().get(process, gone) != gone, seconds=60)


@pytest.mark.parametrize("process", ["writer-0", "mysql", "redis", "scheduler", "web"])
def test_killing_it_loses_nothing_and_stores_nothing_twice(instance: Appliance, process: str) -> None:
    with traffic(instance, RATE) as sending:
        kill_again_and_again(instance, process)
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
    mysql = instance.pid("mysql")
    with traffic(instance, RATE) as sending:
        os.kill(mysql, signal.SIGSTOP)
        time.sleep(60)
        os.kill(mysql, signal.SIGCONT)
        sent = sending.finish()
    numbers = wait_until_stored(instance, sending.base, sent)
    assert missing(numbers, sent) == []
    assert max(numbers.values()) == 1
