"""`hepbox sniff` on a network of the test's own."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from appliance.capture.classify import HEP, SIP
from appliance.capture.read import Captured
from appliance.cli.sender import Target
from appliance.cli.sniff import foreign
from appliance.hep.decode import decode
from appliance.model.packet import Packet
from tests.appliance import eventually
from tests.capture.made import BYE, INVITE, RINGING, ethernet, ipv4, udp
from tests.capture.test_tunnels import WRAPPED
from tests.cli.live.namespace import Namespace, namespace

pytestmark = pytest.mark.agents


@pytest.fixture
def network() -> Iterator[Namespace]:
    with namespace() as made:
        yield made


def listening(address: str, port: int = 0) -> socket.socket:
    opened = socket.socket(type=socket.SOCK_DGRAM)
    opened.settimeout(10)
    opened.bind((address, port))
    return opened


@contextmanager
def sniffing(network: Namespace, *words: str) -> Iterator[subprocess.Popen[str]]:
    command = network.command(sys.executable, "-m", "appliance", "sniff", *words)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            eventually(lambda: len(capturing(network)) > 1 or process.poll() is not None)
            yield process
        finally:
            process.kill() if process.poll() is None else None


def capturing(network: Namespace) -> list[str]:
    """Packet sockets of the network that are open, with a line of headings."""
    return subprocess.run(network.command("cat", "/proc/net/packet"), capture_output=True, text=True).stdout.split(
        "\n"
    )[:-1]


def ended(process: subprocess.Popen[str], number: int = signal.SIGINT) -> tuple[str, str, int]:
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    return out, err, process.returncode


def received(receiver: socket.socket, count: int) -> list[Packet]:
    return [decode(receiver.recv(65_535)) for _ in range(count)]


def test_sip_between_two_sockets_is_sent_on(network: Namespace) -> None:
    with (
        network.within(lambda: listening("127.0.0.1")) as receiver,
        network.within(lambda: listening("127.0.0.1", 5060)) as phone,
        network.within(lambda: listening("127.0.0.1", 5070)) as other,
        sniffing(network, "-i", "lo", "--to", f"udp://127.0.0.1:{receiver.getsockname()[1]}") as process,
    ):
        phone.sendto(INVITE, ("127.0.0.1", 5070))
        other.sendto(b"\x80\x08" + bytes(160), ("127.0.0.1", 5060))
        other.sendto(RINGING, ("127.0.0.1", 5060))
        found = received(receiver, 2)
        assert ended(process) == ("sent 2\n", "", 0)
    assert [one.payload for one in found] == [INVITE, RINGING]
    assert [(one.source_port, one.destination_port) for one in found] == [(5060, 5070), (5070, 5060)]
    assert {one.node_name for one in found} == {socket.gethostname().encode()}


@pytest.mark.parametrize("wrapping", ["VXLAN of a tagged frame", "ERSPAN II", "GRE with Ethernet"])
def test_what_is_mirrored_in_a_tunnel_is_sent_on(network: Namespace, wrapping: str) -> None:
    with (
        network.within(lambda: listening("127.0.0.1")) as receiver,
        sniffing(network, "-i", "right", "--to", f"udp://127.0.0.1:{receiver.getsockname()[1]}") as process,
    ):
        network.send_frame("left", WRAPPED[wrapping])
        (found,) = received(receiver, 1)
        assert ended(process, signal.SIGTERM) == ("sent 1\n", "", 0)
    assert (found.payload, found.source_ip) == (INVITE, "198.51.100.1")


def test_a_filter_leaves_out_what_it_does_not_name(network: Namespace) -> None:
    with (
        network.within(lambda: listening("127.0.0.1")) as receiver,
        sniffing(
            network, "-i", "any", "udp port 5061", "--to", f"udp://127.0.0.1:{receiver.getsockname()[1]}"
        ) as process,
    ):
        network.send_frame("left", ethernet(ipv4(udp(INVITE))))
        network.send_frame("left", ethernet(ipv4(udp(BYE, 5061, 5061))))
        assert received(receiver, 1)[0].payload == BYE
        out, _, code = ended(process)
    assert code == 0 and out in ("sent 1\n", "sent 2\n"), "any sees a frame at both ends of the cable"


def test_a_receiver_that_is_away_is_told_once_and_ends_nothing(network: Namespace) -> None:
    with sniffing(network, "-i", "right", "--to", "udp://127.0.0.1:9") as process:
        for _ in range(20):
            network.send_frame("left", ethernet(ipv4(udp(INVITE))))
        out, err, code = ended(process)
    assert code == 0 and out.startswith("sent ")
    assert err.count("cannot send to udp://127.0.0.1:9") <= 20


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["-i", "nic0"], "this machine has no such interface"),
        (["-i", "lo", "udp pork"], "FILTER 'udp pork': "),
        (["-i", "lo", "--to", "ftp://x"], "write udp://HOST:PORT"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(network: Namespace, words: list[str], sentence: str) -> None:
    command = network.command(sys.executable, "-m", "appliance", "sniff", *words)
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode in (1, 2)
    assert sentence in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="gives up the rights of root")
def test_without_the_capability_the_sentence_names_it() -> None:
    command = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"]
    done = subprocess.run(
        [*command, sys.executable, "-m", "appliance", "sniff", "-i", "lo"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert "CAP_NET_RAW" in done.stderr and done.stderr.count("\n") == 1


def test_hep_that_goes_where_ours_goes_is_left_out() -> None:
    def captured(kind: int, ip: str, port: int) -> Captured:
        return Captured(1, 1, "192.0.2.1", 5060, ip, port, 17, kind, b"")

    all_ = [captured(HEP, "127.0.0.1", 9060), captured(HEP, "192.0.2.7", 9060), captured(SIP, "127.0.0.1", 9060)]
    left = list(foreign(iter(all_), Target("udp", "127.0.0.1", 9060)))
    assert left == all_[1:]
