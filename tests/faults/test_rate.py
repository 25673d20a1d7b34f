"""What arrives at a steady rate from one sender's port is stored once, by all receivers, and soon."""

import asyncio
import socket
import statistics
import time
from collections.abc import Iterator

import pytest

from appliance.capture.mixture import Mix
from appliance.cli.benchmark.probe import keep_probing
from appliance.hep.encode import encode
from appliance.settings import MysqlSettings
from appliance.storage.connection import Database
from tests.appliance import Appliance, eventually, running
from tests.faults.account import account, dropped
from tests.faults.traffic import missing, new_base, traffic, wait_until_stored

pytestmark = [pytest.mark.alone, pytest.mark.appliance, pytest.mark.timeout(600)]

RATE = 5000
MESSAGES = 200_000
MEDIAN_MS = 1000
BURST_RATE = 100_000
"""More than this machine can send."""
BURST_SECONDS = 3


@pytest.fixture(scope="module")
def instance() -> Iterator[Appliance]:
    with running() as appliance:
        yield appliance


async def _delays_ms(appliance: Appliance, seconds: float) -> list[float]:
    """While the traffic runs, how long single messages take to be found."""
    stop = asyncio.Event()
    database = await Database.open(MysqlSettings(socket=appliance.data_dir / "run" / "mysql.sock"), size=1)
    try:
        async with asyncio.TaskGroup() as tasks:
            probing = tasks.create_task(keep_probing(database, appliance.hep_port, stop))
            await asyncio.sleep(seconds)
            stop.set()
        return probing.result()
    finally:
        await database.close()


def test_two_hundred_thousand_messages_from_one_port_are_stored_once_by_all_receivers(instance: Appliance) -> None:
    with traffic(instance, RATE) as sending:
        delays_ms = asyncio.run(_delays_ms(instance, MESSAGES / RATE))
        sent = sending.finish()
    numbers = wait_until_stored(instance, sending.base, sent)
    assert sent >= MESSAGES - RATE
    assert missing(numbers, sent) == []
    assert max(numbers.values()) == 1
    assert instance.counter("hep_kernel_drops_total") == 0
    shares = [facts["received"] for name, facts in instance.status()["signs"].items() if name.startswith("receiver-")]
    assert len(shares) == len([c for c in instance.status()["processes"] if c["name"].startswith("receiver-")])
    assert min(shares) > sum(shares) / len(shares) / 4
    assert statistics.median(delays_ms) < MEDIAN_MS


def test_a_burst_as_fast_as_can_be_sent_is_stored_or_counted_to_the_last(instance: Appliance) -> None:
    """Research: F21. What the kernel had no room for is counted too, and the backlog goes by itself."""
    before = dropped(instance)
    with traffic(instance, BURST_RATE) as sending:
        time.sleep(BURST_SECONDS)
        found = account(instance, sending, before)
    assert found.sent > RATE * BURST_SECONDS, "that was no burst"
    assert found.is_told, found
    eventually(lambda: instance.status()["buffer"]["entries"] == 0)


def test_a_stream_over_tcp_loses_nothing_however_it_is_cut(instance: Appliance) -> None:
    mix, base = Mix(encode), new_base()
    frames = [mix.datagram(base + number, time.time_ns() // 1000) for number in range(2000)]
    octets, cut = b"".join(frames), 1
    with socket.create_connection(("127.0.0.1", instance.hep_port)) as stream:
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        position = 0
        while position < len(octets):
            stream.sendall(octets[position : position + cut])
            position += cut
            cut = cut % 4096 + 1
    numbers = wait_until_stored(instance, base, len(frames))
    assert set(numbers) == set(range(len(frames)))
    assert max(numbers.values()) == 1


def test_what_is_no_hep_is_counted_by_reason_and_harms_nobody(instance: Appliance) -> None:
    before = instance.counter("hep_dropped_total")
    instance.send(b"", b"GET / HTTP/1.1\r\n\r\n", b"HEP3\xff\xff", b"HEP3\x00\x06", b"\x02\x10", bytes(65507))
    with socket.create_connection(("127.0.0.1", instance.hep_port)) as stream:
        stream.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert stream.recv(10) == b"", "a stream that is no HEP is closed"
    with traffic(instance, 100) as sending:
        time.sleep(1)
        sent = sending.finish()
    assert len(wait_until_stored(instance, sending.base, sent)) == sent
    assert instance.counter("hep_dropped_total") >= before + 5
