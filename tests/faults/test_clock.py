"""Midnight under traffic, and a clock that jumps (research: F12, F16)."""

import time
from pathlib import Path

import httpx2
import pytest

from appliance.model.ids import HOUR_US
from appliance.model.kinds import DAY_US, calls_table, day_of, day_start_us
from tests.appliance import Appliance, eventually, running
from tests.faults.account import account, as_root
from tests.faults.clock import Clock
from tests.faults.traffic import Traffic

pytestmark = [pytest.mark.alone, pytest.mark.appliance, pytest.mark.timeout(300)]

RATE = 500
SECOND_US = 1_000_000
JUMPS_US = (HOUR_US, -HOUR_US, -DAY_US, DAY_US, -90 * SECOND_US, 30 * SECOND_US)


def rows(instance: Appliance, table: str) -> int:
    with as_root(instance) as root:
        root.execute(f"SELECT COUNT(*) FROM `{table}`")
        ((count,),) = root.fetchall()
    return int(count)


def complaints(instance: Appliance) -> list[str]:
    log = (instance.data_dir / "hepbox.log").read_text()
    return [line for line in log.splitlines() if '"level": "error"' in line or '"level": "warning"' in line]


def test_midnight_is_a_moment_like_any_other(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    today = day_of(clock.now_us())
    midnight = day_start_us(today)
    clock.set(midnight - 120 * SECOND_US)
    with running(clock.environment) as instance:
        at_start = complaints(instance)
        sending = Traffic(instance.hep_port, RATE, clock_us=clock.now_us)
        sending.start()
        clock.set(midnight - 8 * SECOND_US)
        time.sleep(20)
        found = account(instance, sending)
        assert found.is_whole, found
        before, after = (rows(instance, f"sip_capture_call_{day:%Y%m%d}") for day in (day_of(midnight - 1), today))
        assert before > 5 * RATE / 2 and after > 5 * RATE / 2
        # calls go on over midnight and lie in the day in which they began
        eventually(lambda: rows(instance, calls_table(today)) > 0)
        assert rows(instance, calls_table(day_of(midnight - 1))) > 0
        assert complaints(instance) == at_start


def test_a_clock_that_jumps_loses_nothing_and_drops_no_table(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    begun_us = clock.now_us() - 2 * DAY_US
    clock.set(begun_us)
    with running(clock.environment) as instance:
        made, at_start = set(tables(instance)), complaints(instance)
        sending = Traffic(instance.hep_port, RATE, clock_us=clock.now_us)
        sending.start()
        for jump_us in JUMPS_US:
            time.sleep(3)
            clock.move(jump_us)
        time.sleep(3)
        found = account(instance, sending)
        assert found.is_whole, found
        assert made <= set(tables(instance))
        assert rows(instance, f"sip_capture_call_{day_of(begun_us - DAY_US):%Y%m%d}") > RATE, "made on the spot"
        eventually(lambda: rows(instance, "call_changes") == 0, seconds=30)
        assert instance.search("user:+999*")
        eventually(lambda: httpx2.get(f"{instance.url}/readyz").status_code == 200)
        assert complaints(instance) == at_start


def tables(instance: Appliance) -> list[str]:
    with as_root(instance) as root:
        root.execute("SHOW TABLES")
        return [str(name) for (name,) in root.fetchall()]
