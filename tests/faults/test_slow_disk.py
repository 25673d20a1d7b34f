"""A disk on which each sync takes 200 ms more (research: F22): everything comes later, nothing is lost."""

import time
from pathlib import Path

import pytest
import redis

from tests.appliance import Appliance, running
from tests.faults.account import account
from tests.faults.dial import Dial
from tests.faults.traffic import traffic

pytestmark = [pytest.mark.alone, pytest.mark.appliance, pytest.mark.timeout(300)]

RATE = 500
SYNC_MS = 200
SLOW_SECONDS = 20.0
GROWN_SECONDS = 10.0
"""New tables of InnoDB grow page by page at first, with a sync for each."""


def seconds_to_keep(instance: Appliance) -> float:
    """How long Redis takes until a value is on the disk."""
    with redis.Redis(unix_socket_path=str(instance.data_dir / "run" / "redis.sock")) as buffer:
        begun = time.monotonic()
        buffer.set("hepbox:test", 1)
        return time.monotonic() - begun


def test_what_comes_is_stored_meanwhile_and_nothing_is_lost(tmp_path: Path) -> None:
    sync_ms = Dial(tmp_path, "disk.c", "HEPBOX_TEST_DISK")
    with running(sync_ms.environment) as instance, traffic(instance, RATE) as sending:
        time.sleep(GROWN_SECONDS)
        sync_ms.value = SYNC_MS
        assert seconds_to_keep(instance) >= SYNC_MS / 1000
        before = instance.counter("packets_stored_total")
        time.sleep(SLOW_SECONDS)
        assert instance.counter("packets_stored_total") - before > RATE * SLOW_SECONDS / 5
        sync_ms.value = 0
        found = account(instance, sending)
        assert found.is_whole, found
        assert found.counted == 0
