"""A Redis that is killed while it holds much (research: F9) reads it again; receivers wait or write files meanwhile."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import redis

from appliance.buffer import keys
from appliance.buffer.batch import Batch, Origin, Record
from appliance.buffer.push import push
from appliance.hep.encode import encode
from tests.appliance import Appliance, eventually, running
from tests.calls.made import flow
from tests.faults.account import account
from tests.faults.waiting import while_batches_wait
from tests.sip_packets import batch, packet

pytestmark = [pytest.mark.appliance, pytest.mark.timeout(300)]

LARGE_BYTES = 200 << 20
MESSAGE_BYTES = 60_000
MESSAGES = 50
"""Of a batch."""


@pytest.fixture
def instance() -> Iterator[Appliance]:
    with running() as appliance:
        yield appliance


def large(number: int) -> Batch:
    """A batch of messages whose bodies cannot be made smaller."""
    (row,) = flow("0 A>B OPTIONS")
    now_us = time.time_ns() // 1000
    told = replace(packet(row), time_us=now_us)
    frames = [encode(replace(told, payload=told.payload + os.urandom(MESSAGE_BYTES))) for _ in range(MESSAGES)]
    return batch(f"large-0-{number}", [Record(now_us, "192.0.2.99", 9060, Origin.UDP, frame) for frame in frames])


def holds(buffer: "redis.Redis[Any]", entries: int) -> bool:
    """Whether it answers again, with so many at least."""
    try:
        return buffer.xlen(keys.BATCHES) >= entries
    except redis.RedisError:
        return False


def test_what_it_held_and_what_came_meanwhile_is_stored_once(instance: Appliance) -> None:
    pushed = 0
    with while_batches_wait(instance) as (sending, buffer):
        while buffer.info("memory")["used_memory"] < LARGE_BYTES:
            push(buffer, large(pushed))
            pushed += 1
        killed = instance.pid("redis")
        os.kill(killed, signal.SIGKILL)
        eventually(lambda: instance.pids().get("redis", killed) != killed, seconds=60)
        eventually(lambda: holds(buffer, pushed), seconds=30)
    found = account(instance, sending)
    assert found.is_whole, found
    eventually(lambda: instance.counter("packets_stored_total") == found.sent + pushed * MESSAGES, seconds=60)
