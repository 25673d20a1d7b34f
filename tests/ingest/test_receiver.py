import socket
import time
from pathlib import Path

import pytest

from appliance.buffer import keys
from appliance.buffer.batch import Origin, opened
from appliance.buffer.connection import BlockingClient
from appliance.buffer.spill import Spill
from appliance.ingest import pusher
from appliance.settings import RedisSettings
from tests.appliance import eventually
from tests.ingest.receiving import FRAMES, counter, listening, records, running, send


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


def test_it_says_that_it_lives(tmp_path: Path, redis: RedisSettings, blocking: BlockingClient) -> None:
    with listening() as (listeners, port), running(listeners, tmp_path, redis, number=3):
        send(port, *FRAMES)
        sign = eventually(lambda: blocking.get(f"{keys.PROCESS}receiver-3"))
    assert b'"receive_buffer_bytes"' in sign
