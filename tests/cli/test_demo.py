import subprocess
import sys
import time

from appliance.sip.parse import parse
from tests.agents.hep_socket import hep_socket
from tests.appliance import eventually


def test_made_up_calls_are_sent_in_real_time_and_where_to_look_is_told() -> None:
    with hep_socket() as found:
        before = time.time_ns() // 1000
        command = [sys.executable, "-m", "appliance", "demo", "--cps", "5", "--seconds", "2"]
        command += ["--to", f"udp://127.0.0.1:{found.port}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        after = time.time_ns() // 1000
        assert done.returncode == 0, done.stderr
        first, second = done.stdout.splitlines()
        number = int(first.split()[1])
        eventually(lambda: len(found.datagrams) == number)
    assert "of 10 calls" in first
    assert second == "look at http://127.0.0.1:8080/"
    packets = found.packets()
    assert all(before <= (p.time_us or 0) <= after for p in packets), "nothing of the future is told"
    assert len({parse(p.payload).callid for p in packets if p.protocol_type == 1}) >= 10
