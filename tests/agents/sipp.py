"""SIPp at both ends of calls, and what it wrote down of each message that it sent and received."""

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

CALLER, CALLED = "127.0.0.2", "127.0.0.3"
FIRST_LEG, SECOND_LEG = "%u-a@legs.example", "%u-b@legs.example"
"""Call-IDs of calls in two legs, as SIPp is told to make them; the second leg names the first in X-CID."""
_HEAD = re.compile(
    rb"-{40,} (\d{4}-\d\d-\d\d[ \t]+\d\d:\d\d:\d\d\.\d+)\n"
    rb"UDP message (sent|received) [\[(](\d+)(?:\)| bytes\)|\] bytes) ?:\n\n"
)

_COMMON = """Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[field]@[local_ip]:[local_port]>;tag=[pid]-[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
Max-Forwards: 70
"""
_REPLY = """[last_Via:]
[last_From:]
[last_To:];tag=[pid]-called-[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port]>
Content-Length: 0
"""


def _send(text: str, retrans: bool = False) -> str:
    again = ' retrans="500"' if retrans else ""
    return f"<send{again}><![CDATA[\n\n{text}\n\n]]></send>\n"


def _request(method: str, cseq: int, same_branch: bool = False) -> str:
    common = _COMMON.replace("[field]", "alice")
    if same_branch:
        common = common.replace("branch=[branch]", "branch=[branch-4]")
    return f"{method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0\n{common}CSeq: {cseq} {method}\nContent-Length: 0"


def _recv(*, request: str = "", response: int = 0, optional: bool = False) -> str:
    what = f'request="{request}"' if request else f'response="{response}"'
    may = ' optional="true"' if optional else ""
    return f"<recv {what}{may}></recv>\n"


def _reply(status: str) -> str:
    return _send(f"SIP/2.0 {status}\n{_REPLY}")


def _scenario(*steps: str) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="test">\n' + "".join(steps) + "</scenario>\n"


SCENARIOS: dict[str, tuple[str, str] | None] = {
    "answered": None,  # what SIPp has built in: 180, 200, ACK, BYE
    "busy": (
        _scenario(
            _send(_request("INVITE", 1), retrans=True),
            _recv(response=100, optional=True),
            _recv(response=180, optional=True),
            _recv(response=486),
            _send(_request("ACK", 1, same_branch=True)),
        ),
        _scenario(_recv(request="INVITE"), _reply("180 Ringing"), _reply("486 Busy Here"), _recv(request="ACK")),
    ),
    "second leg": (
        _scenario(
            _send(
                _request("INVITE", 1).replace("\nMax", f"\nX-CID: {FIRST_LEG.replace('%u', '[call_number]')}\nMax"),
                True,
            ),
            _recv(response=100, optional=True),
            _recv(response=180, optional=True),
            _recv(response=200),
            _send(_request("ACK", 1)),
            "<pause/>\n",
            _send(_request("BYE", 2), retrans=True),
            _recv(response=200),
        ),
        _scenario(
            _recv(request="INVITE"),
            _reply("180 Ringing"),
            _reply("200 OK"),
            _recv(request="ACK"),
            _recv(request="BYE"),
            _reply("200 OK"),
        ),
    ),
}
"""(caller, called) for SIPp; None stands for its own."""


@dataclass(frozen=True)
class Logged:
    """A message as one of the ends wrote it down."""

    at_us: int
    sent: bool
    payload: bytes


def logged(file: Path) -> list[Logged]:
    """Read SIPp's message file."""
    data, found, at = file.read_bytes(), [], 0
    while head := _HEAD.search(data, at):
        at = head.end() + int(head[3])
        moment = datetime.fromisoformat(re.sub(r"[ \t]+", " ", head[1].decode())).astimezone()
        found.append(Logged(round(moment.timestamp() * 1_000_000), head[2] == b"sent", data[head.end() : at]))
    return found


@dataclass(frozen=True)
class Calls:
    """What both ends wrote down."""

    caller: list[Logged]
    called: list[Logged]


@contextmanager
def _answering(directory: Path, name: str, port: int) -> Iterator[None]:
    process = subprocess.Popen(
        [
            "sipp",
            *_which(directory, name, 1),
            "-i",
            CALLED,
            "-p",
            str(port),
            "-nostdin",
            *_log(directory / "called.log"),
        ],
        cwd=directory,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(0.5)
    try:
        yield
    finally:
        time.sleep(0.3)
        process.terminate()
        process.wait(20)


def make_calls(
    directory: Path, name: str, proxy: str, called_port: int, caller_port: int, count: int, *more: str
) -> Calls:
    """Make calls of a scenario through the proxy (IP:PORT) and return when all are over; `more` are SIPp's options."""
    directory.mkdir(exist_ok=True)
    command = ["sipp", *_which(directory, name, 0), proxy, "-i", CALLER, "-p", str(caller_port), "-nostdin"]
    command += ["-m", str(count), "-r", "20", "-d", "200", "-timeout", "30s", *more, *_log(directory / "caller.log")]
    with _answering(directory, name, called_port):
        done = subprocess.run(command, cwd=directory, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")
    return Calls(logged(directory / "caller.log"), logged(directory / "called.log"))


def _which(directory: Path, name: str, side: int) -> list[str]:
    own = SCENARIOS[name]
    if own is None:
        return ["-sn", ("uac", "uas")[side]]
    file = directory / f"{name}-{side}.xml"
    file.write_text(own[side])
    return ["-sf", str(file)]


def _log(file: Path) -> list[str]:
    return ["-trace_msg", "-message_file", str(file)]
