"""A disk that is full for some seconds (research: F10): receivers hold in memory what comes, and all goes on by itself
when there is room again."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.appliance import Appliance, eventually, running
from tests.faults.account import account
from tests.faults.traffic import traffic

pytestmark = [pytest.mark.appliance, pytest.mark.timeout(300)]

RATE = 500
FULL_SECONDS = 8.0
SIZE = "700m"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own."""
    if os.geteuid():
        pytest.skip("only root can make a file system for the test")
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "hepbox-test", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Not an octet of room."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65_536))
        except OSError:
            yield
    ballast.unlink()


def test_nothing_is_lost_and_it_goes_on_by_itself(disk: Path) -> None:
    with running(data_dir=disk) as appliance:
        with traffic(appliance, RATE) as sending:
            time.sleep(2)
            with full(disk):
                time.sleep(FULL_SECONDS)
            time.sleep(4)
            found = account(appliance, sending)
        assert found.is_whole, found
        eventually(lambda: is_healthy(appliance), seconds=60)


def is_healthy(appliance: Appliance) -> bool:
    return all(child["alive"] for child in appliance.status()["processes"])
