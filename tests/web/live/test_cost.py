"""What it costs the capture that somebody watches, at 2,000 messages a second: turns with and without, in one run."""

from statistics import median

import psutil
import pytest

from appliance.capture.mixture import Mix
from appliance.cli.benchmark import sending
from appliance.hep.encode import encode
from tests.appliance import Appliance, eventually, running
from tests.web.live.test_stream import Stream

pytestmark = [pytest.mark.alone, pytest.mark.appliance, pytest.mark.timeout(300)]

RATE, SECONDS, TURNS = 2000, 4, 3
PROCESSES = ("receiver-0", "writer-0", "redis", "web")
MOST = 1.25
"""The writer's time for a message with somebody who watches over that without; single turns differ by a tenth."""


def seconds(appliance: Appliance) -> dict[str, float]:
    """Processor time of each process so far."""
    times = {name: psutil.Process(appliance.pid(name)).cpu_times() for name in PROCESSES}
    return {name: each.user + each.system for name, each in times.items()}


def turn(appliance: Appliance, run: str) -> dict[str, float]:
    """Microseconds for each message."""
    stored, begun = appliance.counter("packets_stored_total"), seconds(appliance)
    sent = sending.send(Mix(encode, run), appliance.hep_port, RATE, SECONDS)
    eventually(lambda: appliance.counter("packets_stored_total") - stored >= sent, 60)
    spent = seconds(appliance)
    return {name: (spent[name] - begun[name]) / sent * 1e6 for name in PROCESSES}


def test_the_writers_are_hardly_slower_while_somebody_watches() -> None:
    without, watched = [], []
    with running({"HEPBOX_HEP_PROCESSES": "1", "HEPBOX_HEP_WRITERS": "1"}) as appliance:
        token = appliance.run("token", "create", "--user", "admin", "--name", "cost").strip()
        turn(appliance, "warm")
        for number in range(TURNS):
            without.append(turn(appliance, f"no{number:02}"))
            with Stream(appliance, {"Authorization": f"Bearer {token}"}, "method:INVITE") as stream:
                watched.append(turn(appliance, f"ye{number:02}"))
                print([data["words"] for _, name, data in stream.events if name == "rates"][-2])
    for name in PROCESSES:
        pairs = [with_[name] / max(one[name], 0.1) for one, with_ in zip(without, watched, strict=True)]
        costs = [round(median(each[name] for each in turns), 1) for turns in (without, watched)]
        print(f"{name}: {costs[0]} -> {costs[1]} us a message, ratio {median(pairs):.3f} of {pairs}")
    ratio = median(with_["writer-0"] / one["writer-0"] for one, with_ in zip(without, watched, strict=True))
    assert ratio < MOST
