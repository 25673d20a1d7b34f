"""kill -9 of the supervisor (research: F2): its processes end, and the next start stores what they held."""

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path

import psutil
import pytest

from tests.appliance import eventually, running
from tests.faults.traffic import traffic, wait_until_stored

pytestmark = [pytest.mark.appliance, pytest.mark.timeout(300)]

RATE = 1000
OPEN_BATCH_SECONDS = 0.3
"""What came in so lately was not handed on yet."""
ENDED_SECONDS = 30.0


def still_there(pids: Mapping[str, int]) -> list[str]:
    return [name for name, pid in pids.items() if psutil.pid_exists(pid)]


def test_what_was_handed_on_is_stored_by_the_next_start_and_nothing_twice(tmp_path: Path) -> None:
    with running(data_dir=tmp_path) as appliance, traffic(appliance, RATE) as sending:
        time.sleep(3)
        pids = appliance.pids()
        before = sending.sent
        os.kill(appliance.process.pid, signal.SIGKILL)
        appliance.process.wait()
        sent = sending.finish()
        eventually(lambda: not still_there(pids), ENDED_SECONDS)
    with running(data_dir=tmp_path) as appliance:
        numbers = wait_until_stored(appliance, sending.base, sent)
    assert set(range(before - int(RATE * OPEN_BATCH_SECONDS))) <= set(numbers)
    assert max(numbers.values()) == 1
