import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from appliance.supervise import child as supervised
from appliance.supervise.child import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, Child, Program, Worker
from tests.appliance import eventually

SLEEPING = ["sleep", "600"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(600)",
]


class Clock:
    """Stands where supervised code reads the monotonic clock."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(supervised, "time", clock)
    return clock


def program(command: list[str]) -> Child:
    return Child("sleeper", lambda: Program(command))


def write_pid(path: str, seconds: float) -> None:
    """The work of a worker in these tests."""
    Path(path).write_text(str(os.getpid()))
    time.sleep(seconds)


def test_a_program_runs_until_it_is_ended() -> None:
    child = program(SLEEPING)
    assert not child.is_alive()
    child.begin()
    assert child.is_alive()
    assert child.look() is None
    child.end(10)
    assert not child.is_alive()
    assert child.running is not None and child.running.ending == "killed by SIGTERM"
    child.end(10)


def test_what_does_not_end_when_asked_is_killed() -> None:
    child = program(STUBBORN)
    child.begin()
    assert child.running is not None
    eventually(lambda: _ignores_sigterm(child.running.pid))
    child.end(0.3)
    assert not child.is_alive()
    assert child.running.ending == "killed by SIGKILL"


def _ignores_sigterm(pid: int | None) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    ignored = int(status.split("SigIgn:")[1].split()[0], 16)
    return bool(ignored & 1 << (signal.SIGTERM - 1))


def end_at_once(child: Child) -> None:
    child.begin()
    eventually(lambda: not child.is_alive(), every=0.01)


def test_what_ended_is_told_once_and_started_again_after_a_pause(clock: Clock) -> None:
    child = program(["sh", "-c", "exit 3"])
    end_at_once(child)
    assert child.look() == "exit code 3"
    assert child.look() is None
    assert child.running is None
    clock.now += 1
    assert child.look() is None
    assert (child.restarts, child.last_ending) == (1, "exit code 3")
    assert child.running is not None


def test_the_pause_grows_while_it_ends_again_and_again_but_not_for_ever(clock: Clock) -> None:
    child = program(["false"])
    end_at_once(child)
    pauses = []
    for _ in range(10):
        assert child.look() == "exit code 1"
        begun = clock.now
        while child.running is None:
            clock.now += 0.05
            child.look()
        pauses.append(clock.now - begun)
        eventually(lambda: not child.is_alive(), every=0.01)
    assert pauses == sorted(pauses)
    assert FIRST_PAUSE_SECONDS <= pauses[0] < 1
    assert LONGEST_PAUSE_SECONDS <= pauses[-1] < LONGEST_PAUSE_SECONDS + 0.1


def test_what_ran_for_long_is_started_again_at_once(clock: Clock) -> None:
    child = program(SLEEPING)
    child.begin()
    clock.now += 3600
    assert child.running is not None
    child.running.signal(signal.SIGKILL)
    eventually(lambda: not child.is_alive(), every=0.01)
    assert child.look() == "killed by SIGKILL"
    child.look()
    assert child.is_alive()
    child.end(10)


def test_a_program_that_cannot_be_started_now_is_tried_again_later(clock: Clock, tmp_path: Path) -> None:
    path = tmp_path / "program"
    path.write_text("#!/bin/sh\nexec sleep 600\n")
    path.chmod(0o755)
    child = program([str(path)])
    child.begin()
    child.end(10)
    path.rename(tmp_path / "away")
    child.look()
    clock.now += 60
    ending = child.look()
    assert ending is not None and "No such file" in ending
    (tmp_path / "away").rename(path)
    clock.now += 60
    child.look()
    assert child.is_alive()
    child.end(10)


def test_a_worker_is_a_fresh_process_with_what_it_was_given(tmp_path: Path) -> None:
    child = Child("worker-0", lambda: Worker("worker-0", write_pid, (str(tmp_path / "pid"), 600.0)))
    child.begin()
    eventually(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
    assert child.running is not None
    assert int((tmp_path / "pid").read_text()) == child.running.pid != os.getpid()
    child.end(10)
    assert child.running.ending == "killed by SIGTERM"


def test_a_worker_that_returns_has_ended_well(tmp_path: Path) -> None:
    worker = Worker("worker-0", write_pid, (str(tmp_path / "pid"), 0.0))
    assert worker.wait(20)
    assert worker.ending == "exit code 0"
    worker.signal(signal.SIGTERM)


def test_a_program_ends_when_whoever_started_it_is_killed() -> None:
    starter = (
        "import time; from appliance.supervise.child import Program\n"
        "print(Program(['sleep', '600']).pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", starter], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    eventually(lambda: not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2])


def test_what_a_program_says_goes_to_our_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    running = Program(["sh", "-c", "echo said"])
    assert running.wait(60)
    assert capfd.readouterr() == ("", "said\n")
