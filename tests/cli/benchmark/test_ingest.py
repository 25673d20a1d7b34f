import json
import subprocess
import sys

import pytest


@pytest.mark.appliance
def test_what_was_sent_is_stored_once_and_its_cost_is_told() -> None:
    command = [sys.executable, "-m", "appliance", "bench", "ingest", "--rate", "200", "--seconds", "3"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["sent"] == found["received"] == found["stored"] == 600
    assert (found["lost"], found["duplicates"]) == (0, 0)
    assert 0 < found["searchable_ms"]["p50"] <= found["searchable_ms"]["p99"]
    parts = dict(found["cpu_us_per_message"])
    assert parts.pop("total") == pytest.approx(sum(parts.values()), abs=1)
    assert all(parts.values())
    assert found["bytes_per_message"] > 0
    assert found["machine"]["cores"] > 0
