"""Two scenarios of SIPp run against each other over loopback, and what the caller's side wrote down of it."""

import re
import subprocess
import time
from pathlib import Path

from tests.agents.sipp import CALLED, CALLER, Logged, logged
from tests.appliance import free_port

LONGEST_PAUSE_MS = 60
_PAUSE = re.compile(r'<pause milliseconds="(\d+)"/>')
_SENT = ["-m", "1", "-nostdin", "-timeout", "25s", "-timeout_error", "-trace_msg", "-trace_err"]


def hurried(scenario: str) -> str:
    """The same scenario with its pauses short."""
    return _PAUSE.sub(lambda found: f'<pause milliseconds="{min(int(found[1]), LONGEST_PAUSE_MS)}"/>', scenario)


def talk(
    directory: Path,
    caller: str,
    callee: str,
    through: str = "",
    port: int | None = None,
    hosts: tuple[str, str] = (CALLER, CALLED),
) -> list[Logged]:
    """Run both until the call is over; `through` is the proxy (IP:PORT) that the caller sends to."""
    port = port or free_port()
    (directory / "uac.xml").write_text(caller)
    (directory / "uas.xml").write_text(callee)
    answering = _started(directory, "uas", "-i", hosts[1], "-p", str(port))
    time.sleep(0.4)
    target = through or f"{f'[{hosts[1]}]' if ':' in hosts[1] else hosts[1]}:{port}"
    calling = _started(
        directory, "uac", "-i", hosts[0], "-p", str(free_port()), "-s", "4930", "-au", "alice", "-ap", "x", target
    )
    _ended(directory, "uac", calling)
    _ended(directory, "uas", answering)
    return logged(directory / "uac.log")


def _started(directory: Path, side: str, *options: str) -> subprocess.Popen[bytes]:
    files = ["-message_file", f"{side}.log", "-error_file", f"{side}.err"]
    command = ["sipp", "-sf", f"{side}.xml", *_SENT, *files, *options]
    output = (directory / f"{side}.out").open("wb")
    return subprocess.Popen(command, cwd=directory, stdout=output, stderr=subprocess.STDOUT)


def _ended(directory: Path, side: str, process: subprocess.Popen[bytes]) -> None:
    try:
        code = process.wait(30)
    finally:
        process.kill()
    said = [directory / f"{side}.{name}" for name in ("err", "out", "log")]
    assert code == 0, f"{side} ended with {code}\n" + "\n".join(
        file.read_text(errors="replace")[-3000:] for file in said if file.exists()
    )
