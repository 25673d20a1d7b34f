"""Batches that are handed out twice (research: F13) are stored once, by the ledger; without it they are not, and a
Redis without its file loses what it holds: the checker of these tests sees both."""

import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis

from appliance.buffer import keys
from tests.appliance import Appliance, eventually, running
from tests.faults.account import account, as_root
from tests.faults.waiting import while_batches_wait

pytestmark = [pytest.mark.appliance, pytest.mark.timeout(300)]

WAITING_SECONDS = 2.0


@pytest.fixture
def instance() -> Iterator[Appliance]:
    """A new one for each test: what they spoil stays so."""
    with running() as appliance:
        yield appliance


def hand_out_again(buffer: "redis.Redis[Any]") -> int:
    """All that wait, once more; how many."""
    waiting: Any = buffer.xrange(keys.BATCHES)
    for _, fields in waiting:
        buffer.xadd(keys.BATCHES, fields)
    return len(waiting)


def test_what_is_handed_out_twice_is_stored_once(instance: Appliance) -> None:
    with while_batches_wait(instance) as (sending, buffer):
        repeated = hand_out_again(buffer)
    found = account(instance, sending)
    assert found.is_whole, found
    eventually(lambda: instance.counter("batches_repeated_total") >= repeated > 0)


def test_without_the_ledger_the_checker_finds_what_is_stored_twice(instance: Appliance) -> None:
    with as_root(instance) as root:
        root.execute("ALTER TABLE ingest_ledger DROP PRIMARY KEY")
    with while_batches_wait(instance) as (sending, buffer):
        hand_out_again(buffer)
    assert account(instance, sending).twice


def test_a_redis_without_its_file_loses_what_it_holds_and_the_checker_finds_it(instance: Appliance) -> None:
    with while_batches_wait(instance) as (sending, buffer):
        buffer.config_set("appendonly", "no")
        time.sleep(WAITING_SECONDS)
        killed = instance.pid("redis")
        os.kill(killed, signal.SIGKILL)
    eventually(lambda: instance.pids().get("redis", killed) != killed, seconds=60)
    found = account(instance, sending)
    assert found.missing
    assert not found.is_told
