import socket
import ssl
import subprocess
import time
from pathlib import Path

import pytest

from appliance.buffer.batch import Origin
from appliance.buffer.connection import BlockingClient
from appliance.ingest import connections
from appliance.ingest.connections import plain
from appliance.settings import RedisSettings
from tests.appliance import eventually
from tests.ingest.certificates import Authority, Signed, authority
from tests.ingest.receiving import FRAMES, counter, listening, records, running, send

HANDSHAKE_START = b"\x16\x03\x01"


def test_a_stream_is_cut_into_frames_wherever_the_segments_end(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient
) -> None:
    stream = b"".join(FRAMES) * 3
    with listening() as (listeners, port), running(listeners, tmp_path, redis):
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            name = client.getsockname()
            for start in range(0, len(stream), 97):
                client.sendall(stream[start : start + 97])
            eventually(lambda: len(records(blocking)) == 9)
        eventually(lambda: counter(blocking, "hep_received_total", "tcp") == 9)
    found = records(blocking)
    assert [record.data for record in found] == FRAMES * 3
    assert {(record.sender_ip, record.sender_port, record.origin) for record in found} == {(*name, Origin.TCP)}


@pytest.mark.parametrize("before", [b"", FRAMES[0]])
def test_a_stream_that_is_no_hep_is_closed_and_what_came_before_is_kept(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient, before: bytes
) -> None:
    with listening() as (listeners, port), running(listeners, tmp_path, redis):
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(before + b"GET / HTTP/1.1\r\n\r\n")
            client.settimeout(10)
            with pytest.raises((ConnectionResetError, EOFError)):
                if client.recv(1) == b"":
                    raise EOFError
        send(port, b"others go on")
        eventually(lambda: b"others go on" in {record.data for record in records(blocking)})
        eventually(lambda: counter(blocking, "hep_dropped_total", "hep-stream-not-hep") == 1)
    assert [record.data for record in records(blocking)][:-1] == ([before] if before else [])


def test_an_agent_that_goes_in_the_middle_of_a_frame_leaves_the_whole_ones_and_is_counted(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient
) -> None:
    with listening() as (listeners, port), running(listeners, tmp_path, redis) as held:
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(FRAMES[0] + FRAMES[1][:20])
        eventually(lambda: len(records(blocking)) == 1)
        eventually(lambda: not held._connections)
        eventually(lambda: counter(blocking, "hep_dropped_total", "hep-stream-truncated") == 1)


def test_more_connections_than_allowed_are_closed_and_counted(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 2)
    with listening() as (listeners, port), running(listeners, tmp_path, redis) as held:
        clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(2)]
        eventually(lambda: len(held._connections) == 2)
        with socket.create_connection(("127.0.0.1", port)) as third:
            third.settimeout(10)
            assert third.recv(1) == b""
        clients[0].sendall(FRAMES[0])
        eventually(lambda: len(records(blocking)) == 1)
        clients[0].close()
        eventually(lambda: len(held._connections) == 1)
        with socket.create_connection(("127.0.0.1", port)) as fourth:
            fourth.sendall(FRAMES[1])
            eventually(lambda: len(records(blocking)) == 2)
        clients[1].close()
        eventually(lambda: counter(blocking, "hep_dropped_total", "too-many-connections") == 1)


def test_an_ipv4_address_is_written_as_such() -> None:
    assert plain(("::ffff:192.0.2.1", 5)) == ("192.0.2.1", 5)
    assert plain(("2001:db8::1", 5, 0, 0)) == ("2001:db8::1", 5)  # type: ignore[arg-type]


def test_a_connection_without_a_frame_gives_its_place_up_when_all_are_taken(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 2)
    monkeypatch.setattr(connections, "UNPROVEN_NS", 0)
    with listening() as (listeners, port), running(listeners, tmp_path, redis) as held:
        with socket.create_connection(("127.0.0.1", port)) as agent:
            agent.sendall(FRAMES[0])
            eventually(lambda: len(records(blocking)) == 1)
            idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(5)]
            idle[0].settimeout(10)
            assert idle[0].recv(1) == b"", "the oldest that brought nothing"
            agent.sendall(FRAMES[1])
            eventually(lambda: len(records(blocking)) == 2)
            assert len(held._connections) == 2
            eventually(lambda: counter(blocking, "hep_dropped_total", "too-many-connections") == 4)
        for client in idle:
            client.close()


def test_senders_of_other_networks_are_closed_before_they_say_anything(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient
) -> None:
    with listening() as (listeners, port), running(listeners, tmp_path, redis, allow="192.0.2.0/24"):
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.settimeout(10)
            assert client.recv(1) == b""
        eventually(lambda: counter(blocking, "hep_dropped_total", "refused-network") == 1)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def signed(ours: Authority) -> Signed:
    return ours.sign("localhost")


@pytest.fixture
def files(signed: Signed) -> dict[str, object]:
    return {"tls_listen": "127.0.0.1:9061", "tls_certificate": signed.certificate, "tls_key": signed.key}


def connected(port: int, context: ssl.SSLContext) -> ssl.SSLSocket:
    stream = socket.create_connection(("127.0.0.1", port))
    stream.settimeout(20)
    return context.wrap_socket(stream, server_hostname="localhost")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_frames_come_by_tls_however_they_are_cut(
    version: ssl.TLSVersion,
    tmp_path: Path,
    redis: RedisSettings,
    blocking: BlockingClient,
    ours: Authority,
    files: dict[str, object],
) -> None:
    stream, context = b"".join(FRAMES) * 40, ours.client()
    context.minimum_version = context.maximum_version = version
    with listening(tls=True) as (listeners, port), running(listeners, tmp_path, redis, **files):
        with connected(port, context) as client:
            assert client.version() == version.name.replace("_", ".")
            name = client.getsockname()
            for start in range(0, len(stream), 997):
                client.sendall(stream[start : start + 997])
        eventually(lambda: len(records(blocking)) == 120)
        eventually(lambda: counter(blocking, "hep_received_total", "tls") == 120)
    found = records(blocking)
    assert [record.data for record in found] == FRAMES * 40
    assert {(record.sender_ip, record.sender_port, record.origin) for record in found} == {(*name, Origin.TLS)}


def test_megabytes_by_tls_come_whole(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient, ours: Authority, files: dict[str, object]
) -> None:
    frame = b"HEP3" + (65_535).to_bytes(2, "big") + bytes(65_529)
    with listening(tls=True) as (listeners, port), running(listeners, tmp_path, redis, **files):
        started = time.monotonic()
        with connected(port, ours.client()) as client:
            client.sendall(frame * 200)
        eventually(lambda: counter(blocking, "hep_received_total", "tls") == 200)
        assert time.monotonic() - started < 10
    assert {record.data for record in records(blocking)} == {frame}


def test_plain_hep_comes_by_the_port_for_tls_too(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient, files: dict[str, object]
) -> None:
    with (
        listening(tls=True) as (listeners, port),
        running(listeners, tmp_path, redis, **files),
        socket.create_connection(("127.0.0.1", port)) as client,
    ):
        time.sleep(0.3)
        client.sendall(FRAMES[0][:1])
        time.sleep(0.1)
        client.sendall(FRAMES[0][1:] + FRAMES[1])
        eventually(lambda: len(records(blocking)) == 2)
    assert {record.origin for record in records(blocking)} == {Origin.TCP}


def handshake_fails(port: int, context: ssl.SSLContext) -> bool:
    """Whether the server ends it; by TLS 1.3 a client learns so when it reads."""
    try:
        with connected(port, context) as client:
            client.sendall(FRAMES[0])
            return client.recv(1) == b""
    except OSError:
        return True


def test_a_client_without_the_right_certificate_is_refused_when_one_is_asked_for(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient, ours: Authority, files: dict[str, object]
) -> None:
    asked = files | {"tls_client_ca": ours.own.certificate}
    stranger = authority(tmp_path, "stranger").sign("agent")
    with listening(tls=True) as (listeners, port), running(listeners, tmp_path / "data", redis, **asked) as held:
        assert handshake_fails(port, ours.client())
        assert handshake_fails(port, ours.client(stranger))
        eventually(lambda: counter(blocking, "hep_dropped_total", "refused-tls-certificate") == 2)
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(FRAMES[0])
            client.settimeout(20)
            with pytest.raises((ConnectionResetError, EOFError)):
                if client.recv(1) == b"":
                    raise EOFError
        eventually(lambda: counter(blocking, "hep_dropped_total", "refused-tls-missing") == 1)
        assert records(blocking) == []
        with connected(port, ours.client(ours.sign("agent"))) as client:
            client.sendall(FRAMES[0])
            eventually(lambda: len(records(blocking)) == 1)
        eventually(lambda: len(held._connections) == 0)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_what_is_no_tls_after_all_is_counted_and_others_go_on(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient, ours: Authority, files: dict[str, object]
) -> None:
    with listening(tls=True) as (listeners, port), running(listeners, tmp_path, redis, **files) as held:
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(HANDSHAKE_START + bytes(600))
            client.settimeout(20)
            assert client.recv(1) in (b"", b"\x15")
        old = ours.client()
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        old.set_ciphers("ALL:@SECLEVEL=0")
        assert handshake_fails(port, old)
        eventually(lambda: counter(blocking, "hep_dropped_total", "refused-tls-handshake") == 2)
        with connected(port, ours.client()) as client:
            client.sendall(FRAMES[0])
            eventually(lambda: len(records(blocking)) == 1)
        eventually(lambda: len(held._connections) == 0)


def test_a_stream_that_is_broken_within_tls_is_closed_and_counted(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient, ours: Authority, files: dict[str, object]
) -> None:
    with listening(tls=True) as (listeners, port), running(listeners, tmp_path, redis, **files):
        client = connected(port, ours.client())
        client.sendall(FRAMES[0])
        eventually(lambda: len(records(blocking)) == 1)
        with socket.socket(fileno=client.detach()) as below:
            below.sendall(b"\x17\x03\x03\x00\x40" + bytes(64))
            eventually(lambda: counter(blocking, "hep_dropped_total", "hep-stream-tls") == 1)


def test_who_does_not_shake_hands_in_time_is_counted_and_loses_the_connection(
    tmp_path: Path,
    redis: RedisSettings,
    blocking: BlockingClient,
    files: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "HANDSHAKE_NS", 300_000_000)
    with listening(tls=True) as (listeners, port), running(listeners, tmp_path, redis, **files):
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(HANDSHAKE_START)
            client.settimeout(20)
            assert client.recv(1) == b""
        eventually(lambda: counter(blocking, "hep_dropped_total", "refused-tls-timeout") == 1)


def test_while_the_files_cannot_be_read_tls_is_refused_and_plain_hep_is_not(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient, files: dict[str, object], ours: Authority
) -> None:
    gone = files | {"tls_key": tmp_path / "gone.key"}
    with listening(tls=True) as (listeners, port), running(listeners, tmp_path, redis, **gone):
        assert handshake_fails(port, ours.client())
        eventually(lambda: counter(blocking, "hep_dropped_total", "refused-tls-unavailable") == 1)
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(FRAMES[0])
            eventually(lambda: len(records(blocking)) == 1)


def test_openssl_s_client_sends_frames(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient, ours: Authority, files: dict[str, object]
) -> None:
    with listening(tls=True) as (listeners, port), running(listeners, tmp_path, redis, **files):
        command = ["openssl", "s_client", "-quiet", "-verify_return_error", "-CAfile", str(ours.own.certificate)]
        client = subprocess.Popen(
            [*command, "-connect", f"127.0.0.1:{port}"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert client.stdin is not None
        client.stdin.write(b"".join(FRAMES))
        client.stdin.flush()
        eventually(lambda: [record.data for record in records(blocking)] == FRAMES)
        client.terminate()
        client.communicate()


def test_told_to_stop_it_takes_what_tls_still_holds(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient, ours: Authority, files: dict[str, object]
) -> None:
    with listening(tls=True) as (listeners, port):
        with running(listeners, tmp_path, redis, **files) as held:
            client = connected(port, ours.client())
            eventually(lambda: len(held._connections) == 1)
            client.sendall(b"".join(FRAMES))
        client.close()
    assert [record.data for record in records(blocking)] == FRAMES
