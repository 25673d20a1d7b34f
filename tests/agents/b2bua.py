"""A B2BUA of two SIPp instances (SIPp's third-party call control), with a Kamailio before and behind it that mirrors.

    caller ── Kamailio ── near side ═ far side ── Kamailio ── called
    127.0.0.2   127.0.0.1 (all three)           127.0.0.5    127.0.0.3

The far side's Call-IDs are random; the near side writes down which of them goes on for which of its own.
"""

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.agents.kamailio import ADDRESS, kamailio
from tests.agents.sipp import CALLED, CALLER
from tests.appliance import free_port

BEHIND = "127.0.0.5"
A_SECOND = 32
"""Calls that begin in a second: about fifty are under way at once."""


@dataclass(frozen=True)
class Habits:
    """How the calls are; times in milliseconds from and to."""

    numbers: int = 5
    """Callers, and as many called numbers."""
    rings_after: tuple[int, int] = (50, 250)
    answers_after: tuple[int, int] = (150, 900)
    talks: tuple[int, int] = (300, 1500)
    header: str = ""
    """In which the second leg names the first."""


PEOPLE = Habits()
"""As long as chance will have it: they differ as people's calls do, only shorter."""
MACHINE = Habits(1, (150, 151), (525, 526), (900, 901))
"""As a load generator makes them: each like every other."""


def _reply(status: str, tag: str = "") -> str:
    to = f"[last_To:];tag=[pid]-{tag}-[call_number]" if tag else "[last_To:]"
    contact = "Contact: <sip:[local_ip]:[local_port]>\n" if tag else ""
    head = f"SIP/2.0 {status}\n[last_Via:]\n[last_From:]\n{to}\n[last_Call-ID:]\n[last_CSeq:]\n{contact}"
    return f"<send><![CDATA[\n\n{head}Content-Length: 0\n\n]]></send>\n"


def _request(method: str, cseq: int, parties: tuple[str, str], tag: str, more: str = "") -> str:
    caller, called = parties
    peer = "" if method == "INVITE" else "[peer_tag_param]"
    lines = [
        f"{method} sip:{called}@[remote_ip]:[remote_port] SIP/2.0",
        "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]",
        f"From: <sip:{caller}@[local_ip]:[local_port]>;tag=[pid]-{tag}-[call_number]",
        f"To: <sip:{called}@[remote_ip]:[remote_port]>{peer}",
        "Call-ID: [call_id]",
        f"CSeq: {cseq} {method}",
        "Contact: <sip:[local_ip]:[local_port]>",
        "Max-Forwards: 70",
        *([more] if more else []),
        "Content-Length: 0",
    ]
    again = "" if method == "ACK" else ' retrans="500"'
    return f"<send{again}><![CDATA[\n\n" + "\n".join(lines) + "\n\n]]></send>\n"


def _tell(*lines: str) -> str:
    return "<sendCmd><![CDATA[\n" + "\n".join(lines) + "\n\n]]></sendCmd>\n"


def _pause(between_ms: tuple[int, int]) -> str:
    return f'<pause distribution="uniform" min="{between_ms[0]}" max="{between_ms[1]}"/>\n'


def _read(name: str, pattern: str, where: str) -> str:
    return f'<ereg regexp="{pattern}" {where} check_it="true" assign_to="whole,{name}"/>\n'


def _scenario(name: str, *steps: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="{name}">\n' + "".join(steps) + "</scenario>\n"


_ASKED, _HEARD = ("[field0]", "[field1]"), '<Reference variables="whole"/>\n'
_NEAR = _scenario(
    "near",
    '<recv request="INVITE"><action>\n',
    _read("caller", "sip:([^@]*)@", 'search_in="hdr" header="From:"'),
    _read("called", "sip:([^@]*)@", 'search_in="hdr" header="To:"'),
    '<sample assign_to="other" distribution="uniform" min="100000000" max="999999999"/>\n',
    '<log message="[call_id] [$other]"/>\n</action></recv>\n',
    _reply("100 Trying"),
    _tell("Call-ID: [$other]", "Leg: [call_id] .", "Caller: [$caller] .", "Called: [$called] ."),
    "<recvCmd/>\n",
    _reply("180 Ringing", "near"),
    "<recvCmd/>\n",
    _reply("200 OK", "near"),
    '<recv request="ACK"/>\n<recv request="BYE"/>\n',
    _tell("Call-ID: [$other]", "Over: yes"),
    _reply("200 OK"),
    _HEARD,
)


def _caller(habits: Habits) -> str:
    return _scenario(
        "caller",
        _request("INVITE", 1, _ASKED, "caller"),
        '<recv response="100" optional="true"/>\n<recv response="180"/>\n<recv response="200"/>\n',
        _request("ACK", 1, _ASKED, "caller"),
        _pause(habits.talks),
        _request("BYE", 2, _ASKED, "caller"),
        '<recv response="200"/>\n',
    )


def _called(habits: Habits) -> str:
    return _scenario(
        "called",
        '<recv request="INVITE"/>\n',
        _pause(habits.rings_after),
        _reply("180 Ringing", "called"),
        _pause(habits.answers_after),
        _reply("200 OK", "called"),
        '<recv request="ACK"/>\n<recv request="BYE"/>\n',
        _reply("200 OK"),
    )


def _far(header: str) -> str:
    """`header` names the near side's Call-ID; blank: nothing does."""
    said = [_read(name, f"{name}: ([^ ]*) .", 'search_in="msg"') for name in ("Leg", "Caller", "Called")]
    parties = "[$Caller]", "[$Called]"
    return _scenario(
        "far",
        "<recvCmd><action>\n",
        *said,
        "</action></recvCmd>\n",
        _request("INVITE", 1, parties, "far", f"{header}: [$Leg]" if header else ""),
        '<recv response="100" optional="true"/>\n<recv response="180"/>\n',
        _tell("Call-ID: [$Leg]", "Rings: yes"),
        '<recv response="200"/>\n',
        _tell("Call-ID: [$Leg]", "Answered: yes"),
        _request("ACK", 1, parties, "far"),
        "<recvCmd/>\n",
        _request("BYE", 2, parties, "far"),
        '<recv response="200"/>\n',
        _HEARD,
    )


def make_calls(directory: Path, hep_port: int, count: int, habits: Habits) -> dict[str, str]:
    """Calls through it, A_SECOND of them; returns the second leg's Call-ID by that of the first."""
    directory.mkdir()
    before, near, far, behind, called, between = (free_port() for _ in range(6))
    numbers = range(habits.numbers)
    parties = [f"+49305550{one};+49305557{two};" for one in numbers for two in numbers]
    (directory / "numbers.csv").write_text("\n".join(["RANDOM", *parties, ""]))
    with ExitStack() as running:
        for name, address, port, onward in (
            ("before", ADDRESS, before, f"sip:{ADDRESS}:{near}"),
            ("behind", BEHIND, behind, f"sip:{CALLED}:{called}"),
        ):
            (directory / name).mkdir()
            running.enter_context(kamailio(directory / name, port, hep_port, onward, address=address))
        twin = ["-3pcc", f"{ADDRESS}:{between}"]
        for side, text, options in (
            ("called", _called(habits), ["-i", CALLED, "-p", str(called)]),
            ("far", _far(habits.header), [*twin, f"{BEHIND}:{behind}", "-i", ADDRESS, "-p", str(far)]),
            ("near", _NEAR, [*twin, "-i", ADDRESS, "-p", str(near), "-trace_logs", "-log_file", "pairs.log"]),
        ):
            running.enter_context(_sipp(directory, side, text, *options))
        (directory / "caller.xml").write_text(_caller(habits))
        command = ["sipp", "-sf", "caller.xml", "-inf", "numbers.csv", "-i", CALLER, "-p", str(free_port())]
        command += ["-m", str(count), "-r", str(A_SECOND), "-recv_timeout", "20000", "-timeout", "150s", "-nostdin"]
        done = subprocess.run([*command, f"{ADDRESS}:{before}"], cwd=directory, capture_output=True, timeout=180)
        assert done.returncode in (0, 1), done.stdout.decode(errors="replace")[-2000:]
        time.sleep(1)
    return dict(line.split() for line in (directory / "pairs.log").read_text().splitlines())


@contextmanager
def _sipp(directory: Path, side: str, text: str, *options: str) -> Iterator[None]:
    (directory / f"{side}.xml").write_text(text)
    with (directory / f"{side}.out").open("wb") as output:
        process = subprocess.Popen(
            ["sipp", "-sf", f"{side}.xml", *options, "-nostdin"], cwd=directory, stdout=output, stderr=output
        )
        time.sleep(0.5)
        try:
            yield
        finally:
            process.kill()
            process.wait(20)
