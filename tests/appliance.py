"""A whole appliance for tests: `hepbox run` with its own MariaDB and Redis, in a directory and on ports of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

START_SECONDS = 120
PORTS_TRIED = 100
"""One that is free for TCP may be in use for UDP."""


def free_port() -> int:
    """A port that is free for UDP and TCP now."""
    for _ in range(PORTS_TRIED):
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp, suppress(OSError):
            tcp.bind(("127.0.0.1", 0))
            udp.bind(("127.0.0.1", tcp.getsockname()[1]))
            return int(tcp.getsockname()[1])
    raise AssertionError("no port is free for both")


@dataclass
class Appliance:
    """A running instance."""

    data_dir: Path
    hep_port: int
    web_port: int
    environment: dict[str, str]
    process: subprocess.Popen[str]
    log: str = ""
    """What it wrote to standard error, once it has ended."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    def run(self, *arguments: str, ok: bool = True, text: bool = True) -> str:
        """Run a command of hepbox against this instance; its standard output."""
        command = [sys.executable, "-m", "appliance", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=self.environment, timeout=300)
        if ok and done.returncode != 0:
            raise AssertionError(f"hepbox {' '.join(arguments)} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def run_bytes(self, *arguments: str) -> bytes:
        """As `run`, for commands that print a file."""
        command = [sys.executable, "-m", "appliance", *arguments]
        return subprocess.run(command, capture_output=True, env=self.environment, timeout=300, check=True).stdout

    def search(
        self, query: str = "", view: str = "calls", since: str = "-7d", limit: int = 1000
    ) -> list[dict[str, Any]]:
        """Rows of `hepbox search --format json`."""
        answer = self.run(
            "search", query, "--view", view, "--from", since, "--to", "now", "--limit", str(limit), "--format", "json"
        )
        rows: list[dict[str, Any]] = json.loads(answer)["rows"]
        return rows

    def status(self) -> dict[str, Any]:
        """`hepbox status --json`, whatever it says."""
        found: dict[str, Any] = json.loads(self.run("status", "--json", ok=False))
        return found

    def counter(self, name: str) -> int:
        """Sum of a counter over its labels."""
        counters = self.status().get("counters", {})
        return sum(value for key, value in counters.items() if key.split(" ")[0] == name)

    def pids(self) -> dict[str, int]:
        """Processes that are alive, by name."""
        status = json.loads((self.data_dir / "run" / "status.json").read_text())
        return {child["name"]: child["pid"] for child in status["processes"] if child["alive"]}

    def pid(self, process: str) -> int:
        """The process id of `receiver-0`, `mysql` …"""
        return self.pids()[process]

    @contextmanager
    def hanging(self, process: str) -> Iterator[None]:
        """A process that takes what it is given and answers nothing, for as long as the block lasts."""
        pid = self.pid(process)
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def send(self, *datagrams: bytes) -> None:
        """Send datagrams to the HEP port from one socket."""
        with socket.socket(type=socket.SOCK_DGRAM) as sender:
            for datagram in datagrams:
                sender.sendto(datagram, ("127.0.0.1", self.hep_port))

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(120)


def eventually(condition: Callable[[], Any], seconds: float = 60.0, every: float = 0.2) -> Any:
    """The first true value of `condition`; fails with the last one."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {value!r}")
        time.sleep(every)


@contextmanager
def running(
    settings: dict[str, str] | None = None, data_dir: Path | None = None, config: Path | None = None
) -> Iterator[Appliance]:
    """Start an instance, wait until it is ready, stop it at the end. `settings` are environment variables."""
    with tempfile.TemporaryDirectory(prefix="hepbox-") as temporary:
        directory = data_dir or Path(temporary)
        ports = free_port(), free_port()
        environment = os.environ | {
            "HEPBOX_PATHS_DATA": str(directory),
            "HEPBOX_PATHS_ROTATION": str(Path(__file__).resolve().parents[1] / "rotation.ini"),
            "HEPBOX_HEP_LISTEN": f"127.0.0.1:{ports[0]}",
            "HEPBOX_WEB_LISTEN": f"127.0.0.1:{ports[1]}",
            **(settings or {}),
        }
        log = (directory / "hepbox.log").open("a")
        process = subprocess.Popen(
            [sys.executable, "-m", "appliance", "run", *(["--config", str(config)] if config else [])],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=environment,
        )
        instance = Appliance(directory, *ports, environment, process)
        try:
            _wait_ready(instance)
            yield instance
        finally:
            process.terminate()
            try:
                process.wait(120)
            except subprocess.TimeoutExpired:
                process.kill()
            log.close()
            instance.log = (directory / "hepbox.log").read_text()


def _wait_ready(instance: Appliance) -> None:
    timer = threading.Timer(START_SECONDS, instance.process.kill)
    timer.start()
    assert instance.process.stdout is not None
    line = instance.process.stdout.readline()
    timer.cancel()
    if not line.startswith("ready: "):
        log = (instance.data_dir / "hepbox.log").read_text()
        raise AssertionError(f"hepbox run did not become ready: {line!r}\n{log[-4000:]}")
