"""A process that the supervisor keeps alive: how it is started, whether it lives, how often it was started again."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import multiprocess

_PR_SET_PDEATHSIG = 1
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 10.0
STEADY_SECONDS = 30.0
"""A child that lived this long is started again without a pause."""

_spawn = multiprocess.get_context("spawn")


class Running(Protocol):
    """A started process."""

    @property
    def pid(self) -> int | None: ...

    def is_alive(self) -> bool: ...

    def signal(self, number: int) -> None: ...

    def wait(self, seconds: float) -> bool: ...

    @property
    def ending(self) -> str: ...


class Program:
    """A program of somebody else's: mariadbd, redis-server; in a session of its own, ended with us."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,  # our own standard output says `ready:` and nothing else
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def signal(self, number: int) -> None:
        self._process.send_signal(number)

    def wait(self, seconds: float) -> bool:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    @property
    def ending(self) -> str:
        return _ending(self._process.returncode)


class Worker:
    """A process of our own: a function of a module, started fresh (spawn), with what it inherits as arguments."""

    def __init__(self, name: str, target: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        self._process = _spawn.Process(target=target, args=arguments, name=name)
        self._process.start()

    @property
    def pid(self) -> int | None:
        pid: int | None = self._process.pid
        return pid

    def is_alive(self) -> bool:
        return bool(self._process.is_alive())

    def signal(self, number: int) -> None:
        if self._process.pid is not None and self.is_alive():
            os.kill(self._process.pid, number)

    def wait(self, seconds: float) -> bool:
        self._process.join(seconds)
        return not self.is_alive()

    @property
    def ending(self) -> str:
        return _ending(self._process.exitcode)


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _ending(code: int | None) -> str:
    if code is None:
        return "running"
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


@dataclass(slots=True)
class Child:
    """One place in the process tree."""

    name: str
    start: Callable[[], Running]
    running: Running | None = None
    restarts: int = 0
    last_ending: str = ""
    _started_at: float = 0.0
    _start_again_at: float = 0.0
    _pause_seconds: float = field(default=FIRST_PAUSE_SECONDS)

    def begin(self) -> None:
        """Start the process."""
        self.running = self.start()
        self._started_at = time.monotonic()

    def is_alive(self) -> bool:
        return self.running is not None and self.running.is_alive()

    def look(self) -> str | None:
        """Start it again if it ended, after a pause that grows; says how it ended (or why it cannot start), once."""
        if self.is_alive():
            return None
        now = time.monotonic()
        if self.running is not None:
            self.last_ending = self.running.ending
            self.running = None
            self._rest(now, steady=now - self._started_at >= STEADY_SECONDS)
            return self.last_ending
        if now >= self._start_again_at:
            self.restarts += 1
            try:
                self.begin()
            except OSError as error:  # no memory, too many processes: the other children still need their parent
                self.last_ending = f"cannot be started: {error}"
                self._rest(now, steady=False)
                return self.last_ending
        return None

    def _rest(self, now: float, steady: bool) -> None:
        """When to start again."""
        self._pause_seconds = FIRST_PAUSE_SECONDS if steady else min(self._pause_seconds * 2, LONGEST_PAUSE_SECONDS)
        self._start_again_at = now + (0.0 if steady else self._pause_seconds)

    def end(self, seconds: float) -> None:
        """Ask it to end, and make it after a while."""
        if self.running is None or not self.running.is_alive():
            return
        self.running.signal(signal.SIGTERM)
        if not self.running.wait(seconds):
            self.running.signal(signal.SIGKILL)
            self.running.wait(seconds)
