import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from appliance.buffer import keys
from appliance.buffer.batch import Origin, Record, opened
from appliance.buffer.connection import BlockingClient
from appliance.buffer.spill import Spill
from appliance.ingest import pusher, receiver
from appliance.ingest.receiver import Receiver, plain
from appliance.ingest.sockets import Listeners, open_listeners
from appliance.settings import RedisSettings
from tests.appliance import eventually, free_port
from tests.calls.made import flow
from tests.ingest.instance import config
from tests.sip_packets import received

FRAMES = [received(row).data for row in flow("0 A>B INVITE", "50 B>A 180 INVITE", "90 B>A 200 INVITE")]


@contextmanager
def listening(receivers: int = 1, host: str = "127.0.0.1") -> Iterator[tuple[Listeners, int]]:
    port = free_port()
    listeners = open_listeners(f"{host}:{port}", receivers)
    try:
        yield listeners, port
    finally:
        listeners.close()


@contextmanager
def running(
    listeners: Listeners, data: Path, redis: RedisSettings | None, number: int = 0, **hep: object
) -> Iterator[Receiver]:
    """A receiver at work in a thread; at the end it is told to stop, as by SIGTERM."""
    held = Receiver(config(data, redis=redis, number=number, **hep), listeners)
    thread = threading.Thread(target=held.run)
    thread.start()
    try:
        yield held
    finally:
        held.stop()
        thread.join(20)
        assert not thread.is_alive()


def records(blocking: BlockingClient) -> list[Record]:
    """Everything in the stream, in the order in which it came."""
    entries = blocking.xrange(keys.BATCHES)
    return [record for _, fields in entries for record in opened(fields[keys.BODY_FIELD])]  # type: ignore[union-attr]


def counter(blocking: BlockingClient, *words: str) -> int:
    return int(blocking.hget(keys.COUNTERS, "\x1f".join(words)) or 0)  # type: ignore[arg-type]


def send(port: int, *datagrams: bytes) -> tuple[str, int]:
    with socket.socket(type=socket.SOCK_DGRAM) as sender:
        for datagram in datagrams:
            sender.sendto(datagram, ("127.0.0.1", port))
        return "127.0.0.1", sender.getsockname()[1]


def test_datagrams_are_in_the_stream_whole_with_sender_and_time(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient
) -> None:
    with listening() as (listeners, port), running(listeners, tmp_path, redis):
        sender = send(port, *FRAMES, b"no hep", b"", b"x" * 65_507)
        eventually(lambda: len(records(blocking)) == 6)
    found = records(blocking)
    assert [record.data for record in found] == [*FRAMES, b"no hep", b"", b"x" * 65_507]
    assert {(record.sender_ip, record.sender_port, record.origin) for record in found} == {(*sender, Origin.UDP)}
    assert all(abs(record.received_us - time.time_ns() // 1000) < 60_000_000 for record in found)
    assert counter(blocking, "hep_received_total", "udp") == 6
    assert counter(blocking, "hep_received_bytes_total", "udp") == sum(len(record.data) for record in found)


def test_what_the_kernel_held_before_it_began_is_read(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient
) -> None:
    with listening() as (listeners, port):
        send(port, *FRAMES)
        with running(listeners, tmp_path, redis):
            eventually(lambda: len(records(blocking)) == 3)
        again = send(port, b"while nobody reads")
        with running(listeners, tmp_path, redis):
            eventually(lambda: len(records(blocking)) == 4)
    assert records(blocking)[-1].sender_port == again[1]


def test_each_receiver_reads_all_sockets_so_that_a_dead_one_leaves_nothing_behind(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient
) -> None:
    with listening(4) as (listeners, port), running(listeners, tmp_path, redis):
        send(port, *(b"%d" % number for number in range(200)))
        eventually(lambda: len(records(blocking)) == 200)
    assert {int(record.data) for record in records(blocking)} == set(range(200))


def test_several_receivers_give_every_datagram_once(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient
) -> None:
    with (
        listening(2) as (listeners, port),
        running(listeners, tmp_path, redis, number=0),
        running(listeners, tmp_path, redis, number=1),
    ):
        for start in range(0, 3000, 100):
            send(port, *(b"%d" % number for number in range(start, start + 100)))
            time.sleep(0.005)
        eventually(lambda: len(records(blocking)) >= 3000)
    assert sorted(int(record.data) for record in records(blocking)) == list(range(3000))


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
    monkeypatch.setattr(receiver, "MOST_CONNECTIONS", 2)
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


def test_told_to_stop_it_hands_over_what_it_has_read(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient
) -> None:
    with (
        listening() as (listeners, port),
        running(listeners, tmp_path, redis) as held,
        socket.create_connection(("127.0.0.1", port)) as client,
    ):
        client.sendall(b"".join(FRAMES))
        eventually(lambda: held._received == 3)
    assert [record.data for record in records(blocking)] == FRAMES
    assert counter(blocking, "hep_received_total", "tcp") == 3


def test_while_redis_is_away_packets_wait_in_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pusher, "TRY_FOR_SECONDS", 0.2)
    with listening() as (listeners, port), running(listeners, tmp_path, None):
        send(port, *FRAMES)
        eventually(lambda: list((tmp_path / "spill").glob("*.batch")))
    spill = Spill(tmp_path / "spill", 1, 0)
    found = [record for path in spill.waiting() for record in opened(spill.read(path).body)]
    assert [record.data for record in found] == FRAMES


def test_who_may_not_send_is_counted_and_forgotten(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient
) -> None:
    with listening() as (listeners, port), running(listeners, tmp_path, redis, allow="192.0.2.0/24"):
        send(port, *FRAMES)
        eventually(lambda: counter(blocking, "hep_dropped_total", "refused-network") == 3)
    assert records(blocking) == []


def test_an_ipv4_sender_is_named_as_such_on_a_socket_for_both_families(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient
) -> None:
    with listening(host="[::]") as (listeners, port), running(listeners, tmp_path, redis):
        send(port, FRAMES[0])
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(FRAMES[1])
            eventually(lambda: len(records(blocking)) == 2)
    assert {record.sender_ip for record in records(blocking)} == {"127.0.0.1"}
    assert plain(("2001:db8::1", 5, 0, 0)) == ("2001:db8::1", 5)  # type: ignore[arg-type]


def test_it_says_that_it_lives(tmp_path: Path, redis: RedisSettings, blocking: BlockingClient) -> None:
    with listening() as (listeners, port), running(listeners, tmp_path, redis, number=3):
        send(port, *FRAMES)
        sign = eventually(lambda: blocking.get(f"{keys.PROCESS}receiver-3"))
    assert b'"receive_buffer_bytes"' in sign
