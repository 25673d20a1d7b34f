"""A platform of real programs: baresip calls baresip through Kamailio, media through rtpengine, both telling HEP.

rtpengine advertises an address at which a relay of ours stands: every packet of the ends passes it on the way to
rtpengine, and it drops exactly so many RTP packets of each hundred as it is told. The kernel needs no netem for it.
"""

import math
import random
import selectors
import shutil
import socket
import subprocess
import threading
import time
import wave
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.appliance import free_port

PROXY, ENGINE, RELAY = "127.0.0.1", "127.0.0.1", "127.0.0.9"
ENGINE_ID, PROXY_ID = 2005, 2001
MODULES = "/usr/lib/baresip/modules"

KAMAILIO = """
debug=1
log_stderror=yes
children=2
auto_aliases=no
disable_tcp=yes
listen=udp:{address}:{port}
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "rr.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "siptrace.so"
loadmodule "rtpengine.so"
modparam("rtpengine", "rtpengine_sock", "udp:127.0.0.1:{ng_port}")
modparam("siptrace", "duplicate_uri", "sip:127.0.0.1:{hep_port}")
modparam("siptrace", "hep_mode_on", 1)
modparam("siptrace", "hep_version", 3)
modparam("siptrace", "hep_capture_id", {capture_id})
modparam("siptrace", "trace_to_database", 0)
modparam("siptrace", "trace_on", 1)
modparam("siptrace", "trace_mode", 1)
request_route {{
    if (loose_route()) {{
        if (is_method("BYE")) rtpengine_delete();
        t_relay();
        exit;
    }}
    if (is_method("ACK")) {{
        if (t_check_trans()) t_relay();
        exit;
    }}
    if (!is_method("INVITE")) {{
        sl_send_reply("200", "OK");
        exit;
    }}
    record_route();
    hlog("$ci", "call from $fU to $rU was taken");
    rtpengine_offer("replace-origin replace-session-connection ICE=remove");
    t_on_reply("ANSWERED");
    $du = "sip:{callee}";
    t_relay();
}}
onreply_route[ANSWERED] {{
    if (has_body("application/sdp")) rtpengine_answer("replace-origin replace-session-connection ICE=remove");
}}
"""

BARESIP = """
poll_method epoll
sip_listen {address}:{port}
audio_player aufile,/dev/null
audio_source aufile,{wave}
audio_alert aufile,/dev/null
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
ausrc_format s16
auplay_format s16
rtp_tos 0
rtp_ports {rtp_port}-{rtp_end}
rtcp_mux no
jitter_buffer_type fixed
jitter_buffer_delay 5-10
module_path {modules}
module stdio.so
module g711.so
module aufile.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
net_interface {address}
"""


@dataclass
class Relay:
    """What passed on the way to rtpengine, by port of rtpengine's."""

    passed: Counter[int] = field(default_factory=Counter)
    dropped: Counter[int] = field(default_factory=Counter)

    @property
    def loss_percent(self) -> float:
        """Of all RTP together."""
        lost = sum(self.dropped.values())
        return 100 * lost / max(lost + sum(self.passed.values()), 1)


class Drops:
    """Which packets of each hundred are dropped: always so many, at places of chance."""

    def __init__(self, percent: int, seed: int) -> None:
        self._chance, self._percent, self._left = random.Random(seed), percent, list[bool]()

    def next(self) -> bool:
        if not self._left:
            self._left = [True] * self._percent + [False] * (100 - self._percent)
            self._chance.shuffle(self._left)
        return self._left.pop()


@contextmanager
def relay(ports: range, loss_percent: int) -> Iterator[Relay]:
    """Stand at RELAY for each of rtpengine's ports; even ones carry RTP, of which some is dropped."""
    found, ended = Relay(), threading.Event()
    with ExitStack() as stack, selectors.DefaultSelector() as selector:
        for port in ports:
            one = stack.enter_context(socket.socket(type=socket.SOCK_DGRAM))
            one.bind((RELAY, port))
            selector.register(one, selectors.EVENT_READ, (port, Drops(loss_percent, port), []))

        def work() -> None:
            while not ended.is_set():
                for key, _ in selector.select(0.1):
                    _pass_on(key.fileobj, *key.data, found)  # type: ignore[arg-type]

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield found
        finally:
            ended.set()
            thread.join()


def _pass_on(one: socket.socket, port: int, drops: Drops, end: list[tuple[str, int]], found: Relay) -> None:
    data, sender = one.recvfrom(65_535)
    if sender == (ENGINE, port):
        if end:
            one.sendto(data, end[0])
        return
    end[:] = [sender]
    is_rtp = port % 2 == 0 and not 192 <= data[1] <= 223
    if is_rtp and drops.next():
        found.dropped[port] += 1
        return
    if is_rtp:
        found.passed[port] += 1
    one.sendto(data, (ENGINE, port))


@contextmanager
def _program(directory: Path, name: str, *command: str, seconds: float) -> Iterator[subprocess.Popen[bytes]]:
    with (directory / f"{name}.log").open("w+") as log:
        process = subprocess.Popen(command, cwd=directory, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT)
        time.sleep(seconds)
        assert process.poll() is None, (directory / f"{name}.log").read_text()
        try:
            yield process
        finally:
            process.terminate()
            process.wait(20)


def even_ports(ranges: int, count: int) -> list[range]:
    """Free ranges of so many ports, each of which begins with an even one."""
    found: list[range] = []
    for start in range(30_000, 60_000, count):
        if _are_free(range(start, start + count)):
            found.append(range(start, start + count))
        if len(found) == ranges:
            return found
    raise AssertionError("no free ports")


def _are_free(ports: range) -> bool:
    try:
        with ExitStack() as stack:
            for port in ports:
                for address in (ENGINE, RELAY):
                    stack.enter_context(socket.socket(type=socket.SOCK_DGRAM)).bind((address, port))
    except OSError:
        return False
    return True


def _write_tone(file: Path, seconds: int) -> None:
    """Sound to send: baresip has no device here."""
    with wave.open(str(file), "wb") as tone:
        tone.setnchannels(1)
        tone.setsampwidth(2)
        tone.setframerate(8000)
        samples = (round(8000 * math.sin(2 * math.pi * 440 * n / 8000)) for n in range(8000))
        tone.writeframes(b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples) * seconds)


def _phone(directory: Path, name: str, address: str, port: int) -> list[str]:
    """The command of a baresip with a directory of its own."""
    home = directory / name
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    rtp_port = free_port() // 2 * 2
    (home / "config").write_text(
        BARESIP.format(
            address=address,
            port=port,
            rtp_port=rtp_port,
            rtp_end=rtp_port + 20,
            modules=MODULES,
            wave=directory / "tone.wav",
        )
    )
    account = f"<sip:{name}@{address};transport=udp>;regint=0;answermode=auto;audio_codecs=PCMU"
    (home / "accounts").write_text(account + "\n")
    (home / "contacts").write_text("")
    return ["baresip", "-f", str(home)]


def call(directory: Path, ports: range, hep_port: int, loss_percent: int, seconds: int) -> Relay:
    """Make one call of so many seconds; returns what passed the relay when it is over."""
    directory.mkdir(exist_ok=True)
    ng, sip, caller, callee = (free_port() for _ in range(4))
    _write_tone(directory / "tone.wav", seconds + 30)
    configuration = directory / "kamailio.cfg"
    configuration.write_text(
        KAMAILIO.format(
            address=PROXY, port=sip, ng_port=ng, hep_port=hep_port, capture_id=PROXY_ID, callee=f"127.0.0.3:{callee}"
        )
    )
    with ExitStack() as stack:
        stack.enter_context(_program(directory, "rtpengine", *_engine(directory, ports, ng, hep_port), seconds=1.0))
        passed = stack.enter_context(relay(ports, loss_percent))
        where = ["-w", str(directory), "-Y", str(directory), "-P", str(directory / "kamailio.pid")]
        proxy = ["kamailio", "-f", str(configuration), "-DD", "-E", "-m", "32", "-M", "4", *where]
        stack.enter_context(_program(directory, "kamailio", *proxy, seconds=1.5))
        bob = _phone(directory, "bob", "127.0.0.3", callee)
        stack.enter_context(_program(directory, "bob", *bob, seconds=1.0))
        alice = [*_phone(directory, "alice", "127.0.0.2", caller), "-e", f"/dial sip:bob@{PROXY}:{sip}"]
        _run(directory, [*alice, "-t", str(seconds)], seconds + 30)
        time.sleep(0.5)
    return passed


def _engine(directory: Path, ports: range, ng_port: int, hep_port: int) -> list[str]:
    command = [
        "rtpengine",
        "--config-file=none",
        "--table=-1",
        f"--interface={ENGINE}!{RELAY}",
        f"--listen-ng=127.0.0.1:{ng_port}",
    ]
    command += [f"--homer=127.0.0.1:{hep_port}", "--homer-protocol=udp", f"--homer-id={ENGINE_ID}"]
    command += [f"--port-min={ports[0]}", f"--port-max={ports[-1]}", "--foreground", "--log-stderr", "--log-level=6"]
    command += [f"--listen-cli=127.0.0.1:{free_port()}"]
    return [*command, f"--pidfile={directory / 'rtpengine.pid'}"]


def _run(directory: Path, command: list[str], timeout: float) -> None:
    """The calling phone, which ends by itself."""
    with (directory / "alice.log").open("w") as log:
        subprocess.run(command, cwd=directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=timeout)
