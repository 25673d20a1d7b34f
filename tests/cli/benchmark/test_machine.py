import os

from appliance.cli.benchmark.machine import machine


def test_it_says_what_was_measured_on() -> None:
    found = machine()
    assert found["cores"] == len(os.sched_getaffinity(0))
    assert found["memory_bytes"] > 1 << 20
    assert all(found[name] for name in ("cpu", "kernel", "python"))
    assert found["load_average"] >= 0
