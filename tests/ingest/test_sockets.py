import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.ingest import sockets
from appliance.ingest.sockets import ListenError, Listeners, address_of, kernel_drops, open_listeners, open_tls
from tests.appliance import free_port


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def listeners(port: int) -> Iterator[Listeners]:
    found = open_listeners(f"127.0.0.1:{port}", 4)
    yield found
    found.close()


def waiting(listener: socket.socket) -> int:
    """Datagrams that a socket holds, taken away."""
    for number in range(100_000):
        try:
            listener.recv(65535)
        except BlockingIOError:
            return number
    raise AssertionError


@pytest.mark.parametrize(
    ("text", "address"), [("0.0.0.0:9060", ("0.0.0.0", 9060)), ("[::1]:9060", ("::1", 9060)), ("host:1", ("host", 1))]
)
def test_an_address_is_host_and_port(text: str, address: tuple[str, int]) -> None:
    assert address_of(text) == address


def test_datagrams_of_one_sender_are_spread_over_all_sockets(listeners: Listeners, port: int) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sender:
        for number in range(800):
            sender.sendto(b"%d" % number, ("127.0.0.1", port))
    shares = [waiting(listener) for listener in listeners.udp]
    assert sum(shares) == 800
    assert min(shares) > 100, f"at random each has about 200, with a standard deviation of 12: {shares}"


def test_tcp_comes_by_the_same_port(listeners: Listeners, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as client:
        accepted, address = listeners.tcp.accept()
        assert address == client.getsockname()
        accepted.close()


def test_the_kernel_tells_when_each_datagram_came(listeners: Listeners, port: int) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("127.0.0.1", port))
    found = [listener.recvmsg(10, 100) for listener in listeners.udp if waiting_in(listener)]
    ((_, ((level, kind, value),), _, _),) = found
    assert (level, kind, len(value)) == (socket.SOL_SOCKET, 35, 16)
    assert abs(int.from_bytes(value[:8], "little") - time.time()) < 60


def waiting_in(listener: socket.socket) -> bool:
    try:
        return bool(listener.recv(10, socket.MSG_PEEK))
    except BlockingIOError:
        return False


def test_receive_buffers_are_large(listeners: Listeners) -> None:
    limit = int(Path("/proc/sys/net/core/rmem_max").read_text())
    assert listeners.receive_bytes >= min(sockets.WANTED_RECEIVE_BYTES, limit)


def test_both_families_are_heard_on_the_open_address(port: int) -> None:
    listeners = open_listeners(f"[::]:{port}", 1)
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"x", (host, port))
    assert waiting(listeners.udp[0]) == 2
    listeners.close()


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
def test_a_port_that_is_taken_is_one_sentence(port: int, kind: int) -> None:
    with socket.socket(type=kind) as other:
        other.bind(("127.0.0.1", port))
        if kind == socket.SOCK_STREAM:
            other.listen()
        with pytest.raises(ListenError) as caught:
            open_listeners(f"127.0.0.1:{port}", 2)
    assert str(caught.value).startswith(f"[hep] listen 127.0.0.1:{port}: another program holds this port")


def test_a_second_appliance_is_refused_although_its_sockets_could_be_shared(listeners: Listeners, port: int) -> None:
    with pytest.raises(ListenError, match="another program holds this port"):
        open_listeners(f"127.0.0.1:{port}", 2)


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_that_is_not_ours_is_one_sentence(host: str, port: int) -> None:
    with pytest.raises(ListenError) as caught:
        open_listeners(f"{host}:{port}", 1)
    assert str(caught.value).startswith(f"[hep] listen {host}:{port}: ")
    assert "None" not in str(caught.value) and "\n" not in str(caught.value)


def test_what_was_opened_before_the_fault_is_closed_again(port: int) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(ListenError):
            open_listeners(f"127.0.0.1:{port}", 2)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_what_the_kernel_dropped_is_counted(listeners: Listeners, port: int) -> None:
    assert kernel_drops(listeners) == 0
    for listener in listeners.udp:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 0)
    with socket.socket(type=socket.SOCK_DGRAM) as sender:
        for _ in range(200):
            sender.sendto(b"x" * 1000, ("127.0.0.1", port))
    held = sum(waiting(listener) for listener in listeners.udp)
    assert kernel_drops(listeners) == 200 - held > 0


def test_the_port_for_tls_is_a_listener_of_its_own(port: int) -> None:
    tls_port = free_port()
    found = open_listeners(f"127.0.0.1:{port}", 1, f"127.0.0.1:{tls_port}")
    assert found.tls is not None and found.streams == (found.tcp, found.tls)
    with socket.create_connection(("127.0.0.1", tls_port)):
        found.tls.accept()[0].close()
    with pytest.raises(ListenError) as caught:
        open_tls(f"127.0.0.1:{tls_port}")
    assert str(caught.value).startswith(f"[hep] tls_listen 127.0.0.1:{tls_port}: another program holds this port")
    found.close()
    assert found.tls.fileno() == -1
