"""Bits that flip in the file of a Redis that was killed (research: F20): it starts, and what is damaged is counted."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.appliance import Appliance, eventually, running
from tests.faults.account import Account, account
from tests.faults.waiting import while_batches_wait

pytestmark = [pytest.mark.alone, pytest.mark.appliance, pytest.mark.timeout(300)]

MORE_SECONDS = 3.0
ZSTD = b"\x28\xb5\x2f\xfd"
"""Where a batch's body begins."""
LARGEST_BATCH = 300


@pytest.fixture(scope="module")
def instance() -> Iterator[Appliance]:
    with running() as appliance:
        yield appliance


def after(instance: Appliance, spoil: Callable[[bytearray], None]) -> Account:
    """What became of traffic whose batches waited in a file that was spoilt while Redis was dead."""
    dropped = instance.counter("packets_quarantined_total")
    with while_batches_wait(instance) as (sending, _):
        time.sleep(MORE_SECONDS)
        killed = instance.pid("redis")
        instance.process.send_signal(signal.SIGSTOP)  # so that it is not started again before the file is spoilt
        os.kill(killed, signal.SIGKILL)
        file = newest(instance)
        octets = bytearray(file.read_bytes())
        spoil(octets)
        file.write_bytes(octets)
        instance.process.send_signal(signal.SIGCONT)
        eventually(lambda: instance.pids().get("redis", killed) != killed, seconds=60)
    found = account(instance, sending)
    counted = instance.counter("packets_quarantined_total") - dropped
    return Account(found.sent, found.stored, found.twice, found.missing, counted)


def newest(instance: Appliance) -> Path:
    files = (instance.data_dir / "redis" / "appendonlydir").glob("*.incr.aof")
    return max(files, key=lambda file: file.stat().st_mtime)


def between_commands(octets: bytearray) -> None:
    octets[octets.rfind(b"\r\n*", 0, len(octets) * 9 // 10) + 2] ^= 1


def in_a_batch(octets: bytearray) -> None:
    """In one that was among the last, so that it waits still, and far from the lengths around it."""
    start = octets.rfind(ZSTD, 0, len(octets) * 9 // 10)
    octets[start + 700] ^= 1


def test_damage_between_commands_costs_at_most_a_batch_and_redis_starts(instance: Appliance) -> None:
    found = after(instance, between_commands)
    assert not found.twice
    assert found.sent - found.stored < LARGEST_BATCH, found
    assert "redis_file_mended" in (instance.data_dir / "hepbox.log").read_text()


def test_a_batch_with_a_flipped_bit_is_put_aside_and_counted(instance: Appliance) -> None:
    found = after(instance, in_a_batch)
    assert found.is_told, found
    assert found.stored < found.sent
