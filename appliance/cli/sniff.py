"""hepbox sniff: SIP and RTCP of an interface, sent as HEP 3 while they pass."""

import signal
import socket
import sys
import time
from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated

import typer

from appliance.capture.classify import HEP
from appliance.capture.files import Frame
from appliance.capture.packets import packets
from appliance.capture.read import Captured, captured_in
from appliance.capture.tally import Tally
from appliance.cli.app import Config, DataDir, app
from appliance.cli.instance import WRONG_USAGE, fail, read_settings
from appliance.cli.live.filters import FilterError, compiled, without_media
from appliance.cli.live.interface import Interface, InterfaceError
from appliance.cli.replay import Insecure, ShownCertificate, ShownKey, TrustedCa, report
from appliance.cli.sender import Sender, SendError, Target, Trust, target
from appliance.hep.decode import decode
from appliance.model.packet import Packet

AGAIN_SECONDS = 1.0
SHOWN_SECONDS = 0.5


@app.command()
def sniff(
    interface: Annotated[str, typer.Option("--interface", "-i", metavar="IFACE", help="where; any for all")],
    filter_: Annotated[str, typer.Argument(metavar="[FILTER]", help="of libpcap, as tcpdump takes it")] = "",
    to: Annotated[str | None, typer.Option(help="udp://, tcp:// or tls://HOST:PORT", show_default="this one")] = None,
    ca: TrustedCa = None,
    cert: ShownCertificate = None,
    key: ShownKey = None,
    insecure: Insecure = False,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Capture SIP and RTCP from an interface, tunnels opened, and send it as HEP3 until Ctrl-C."""
    settings = read_settings(config, data_dir)
    node = socket.gethostname().encode()[:64] or b"sniff"
    auth_key = settings.hep.auth_key.encode() or None
    try:
        with (
            Interface(interface, lambda link: compiled(filter_, link) if filter_ else without_media(link)) as opened,
            Sender(target(to, settings), auth_key, Trust(ca, cert, key, insecure)) as sender,
        ):
            _forward(opened, Forwarder(sender), node)
    except (InterfaceError, FilterError) as error:
        fail(str(error), WRONG_USAGE)
    except SendError as error:
        fail(str(error))


class Forwarder:
    """Sends on, over a fault of the receiver's: what cannot be sent is counted, and the fault told once."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self.lost = 0
        self._faulty = False
        self._again_at = 0.0

    def send(self, packet: Packet) -> None:
        """Send it, or count it as lost."""
        if self._faulty and self.sender.to.scheme != "udp" and not self._reopened():
            self.lost += 1
            return
        try:
            self.sender.send(packet)
            self._faulty = False
        except SendError as error:
            self.lost += 1
            if not self._faulty:
                print(f"hepbox: {error}", file=sys.stderr)
            self._faulty = True

    def _reopened(self) -> bool:
        if time.monotonic() < self._again_at:
            return False
        self._again_at = time.monotonic() + AGAIN_SECONDS
        try:
            self.sender.__exit__()
            self.sender.__enter__()
        except SendError:
            return False
        return True


def _forward(opened: Interface, forwarder: Forwarder, node: bytes) -> None:
    tally, going_on = Tally(), _Until(opened, forwarder)
    found = captured_in(_counted(opened, going_on, tally), tally)
    for packet in packets(foreign(found, forwarder.sender.to), decode, node, tally):
        forwarder.send(packet)
    going_on.end()
    dropped = opened.count()
    if dropped:
        print(f"hepbox: the kernel dropped {dropped} frames: a FILTER that lets less through helps", file=sys.stderr)
    if forwarder.lost:
        print(f"hepbox: {forwarder.lost} packets could not be sent", file=sys.stderr)
    report(tally, forwarder.sender.too_large)
    print(f"sent {forwarder.sender.sent}")


def _counted(opened: Interface, going_on: "_Until", tally: Tally) -> Iterator[Frame]:
    for frame in opened.frames(going_on):
        tally.frames = going_on.frames = frame.number
        yield frame


def foreign(found: Iterator[Captured], to: Target) -> Iterator[Captured]:
    """All but the HEP that goes where ours goes: it is there already, and ours would come back without end."""
    for one in found:
        if not (one.protocol_type == HEP and one.destination_port == to.port and _is_of(one.destination_ip, to.host)):
            yield one


@lru_cache(maxsize=4096)
def _is_of(ip: str, host: str) -> bool:
    """Whether `ip` is an address of the host, or both are of this machine."""
    try:
        addresses = {str(info[4][0]) for info in socket.getaddrinfo(host, None)}
    except OSError:
        addresses = {host}
    return ip in addresses or (_is_here(ip) and any(_is_here(address) for address in addresses))


def _is_here(ip: str) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((ip, 0))
        except OSError:
            return False
    return True


class _Until:
    """Says whether to go on, until SIGINT or SIGTERM; keeps a line on a terminal."""

    def __init__(self, opened: Interface, forwarder: Forwarder) -> None:
        self.frames = 0
        self._opened, self._forwarder = opened, forwarder
        self._stopped, self._next = False, 0.0
        self._terminal = sys.stderr.isatty()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)

    def _stop(self, *_: object) -> None:
        self._stopped = True

    def __call__(self) -> bool:
        if self._terminal and time.monotonic() >= self._next:
            self._next = time.monotonic() + SHOWN_SECONDS
            dropped = self._opened.count()
            words = f"{self.frames:,} frames, {self._forwarder.sender.sent:,} packets sent, {dropped:,} dropped"
            print(f"\r\033[K{words}", end="", file=sys.stderr, flush=True)
        return not self._stopped

    def end(self) -> None:
        """Take the line away."""
        if self._terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
