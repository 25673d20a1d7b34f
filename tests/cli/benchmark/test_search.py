import json
import subprocess
import sys

import pytest

from appliance.cli.benchmark.questions import KINDS


@pytest.mark.appliance
def test_days_of_traffic_are_asked_while_more_is_captured_and_none_of_it_is_lost() -> None:
    command = [sys.executable, "-m", "appliance", "bench", "search", "--rows", "20000", "--asked", "2", "--rate", "200"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    found = json.loads(done.stdout)
    assert found["rows"] == 20_000
    assert found["calls"] > 1000
    assert [(row["view"], row["range"]) for row in found["queries"]] == [(kind.view, kind.range) for kind in KINDS]
    for row in found["queries"]:
        assert 0 < row["ms"]["p50"] <= row["ms"]["p95"]
        assert 0 < row["ms_again"]["p50"] <= row["ms_again"]["p95"]
        assert row["rows"] > 0 or row["range"] == "1 hour"  # the number that is asked for may have called at another
    capture = found["capture"]
    assert capture["sent"] == capture["stored"] > 0
    assert (capture["rate"], capture["lost"], capture["duplicates"]) == (200, 0, 0)
