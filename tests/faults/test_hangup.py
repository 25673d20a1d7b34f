"""SIGHUP reads the settings again, without a packet lost."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.appliance import eventually, running
from tests.faults.traffic import missing, traffic, wait_until_stored

pytestmark = [pytest.mark.alone, pytest.mark.appliance, pytest.mark.timeout(300)]

RATE = 1000


def test_new_settings_are_taken_process_by_process_and_a_mistake_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "hepbox.ini"
    file.write_text("[sip]\ncorrelation_headers = X-One\n")
    with running(config=file) as appliance, traffic(appliance, RATE) as sending:
        before = appliance.pids()
        file.write_text("[sip]\ncorrelation_headers = X-Two\n[hep]\nwriters = 1\n")
        os.kill(appliance.process.pid, signal.SIGHUP)
        eventually(lambda: "writer-1" not in appliance.pids() and appliance.pids()["web"] != before["web"], seconds=60)
        after = appliance.pids()
        assert after["mysql"] == before["mysql"]
        assert after["receiver-0"] != before["receiver-0"]
        file.write_text("[sip]\ncorrelation_header = X-Two\n")
        os.kill(appliance.process.pid, signal.SIGHUP)
        time.sleep(2)
        assert appliance.pids() == after
        sent = sending.finish()
        assert missing(wait_until_stored(appliance, sending.base, sent), sent) == []
    assert "there is no such setting" in appliance.log
