"""A flood of wrong keys, bombs and the largest datagrams beside healthy traffic: that loses nothing, all is counted.

The flood lasts 20 s, and a minute with HEPBOX_FLOOD_SECONDS=60.
"""

import gzip
import os
import socket
import threading
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle

import psutil
import pytest

from tests.appliance import Appliance, eventually, running
from tests.faults.traffic import missing, traffic, wait_until_stored

pytestmark = [pytest.mark.alone, pytest.mark.appliance, pytest.mark.timeout(600)]

KEY = b"the-right-key"
SECONDS = float(os.environ.get("HEPBOX_FLOOD_SECONDS", "20"))
FLOOD_RATE, HEALTHY_RATE = 1000, 500
LARGEST_DATAGRAM = 65_507
ROOM_BYTES = 150 << 20
"""How much more memory a process may take than before the flood."""


def chunk(type_: int, value: bytes) -> bytes:
    return b"\0\0" + type_.to_bytes(2, "big") + (len(value) + 6).to_bytes(2, "big") + value


def frame(*chunks: bytes) -> bytes:
    body = b"".join(chunks)
    return b"HEP3" + (len(body) + 6).to_bytes(2, "big") + body


def filled(*chunks: bytes) -> bytes:
    """The largest frame that a datagram holds."""
    return frame(*chunks, chunk(0x0F, b"x" * (LARGEST_DATAGRAM - 12 - sum(map(len, chunks)))))


def hostile() -> dict[bytes, str]:
    """Datagrams, and what each is counted as."""
    right, wrong, sip = chunk(0x0E, KEY), chunk(0x0E, b"the-wrong-key"), chunk(0x0B, b"\x01")
    bomb = zlib.compress(bytes(60_000_000), 9)
    return {
        frame(sip, wrong, chunk(0x0F, b"OPTIONS sip:a SIP/2.0\r\n\r\n")): "refused-key",
        frame(sip, chunk(0x0F, b"OPTIONS sip:a SIP/2.0\r\n\r\n")): "refused-key-missing",
        b"\x02\x10\x02\x11" + bytes(40): "refused-key-missing",
        frame(sip, right, chunk(0x10, bomb)): "hep-payload-too-large",
        gzip.compress(frame(sip, right) + bytes(60_000_000)): "refused-payload-too-large",
        bytes(LARGEST_DATAGRAM): "refused-key-missing",
        filled(sip, wrong): "refused-key",
        frame(sip, right, chunk(0x0F, b"x" * 65_000) + bytes(400)): "hep-bad-chunk",
    }


class Flood:
    """Hostile datagrams in turn, at a steady rate."""

    def __init__(self, port: int) -> None:
        self.expected: Counter[str] = Counter()
        self.sent = 0
        self._port = port
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._send, daemon=True)

    def _send(self) -> None:
        turn = cycle(hostile().items())
        begun = time.monotonic()
        with socket.socket(type=socket.SOCK_DGRAM) as sender:
            while not self._stop.is_set():
                while self.sent < (time.monotonic() - begun) * FLOOD_RATE:
                    data, reason = next(turn)
                    sender.sendto(data, ("127.0.0.1", self._port))
                    self.expected[reason] += 1
                    self.sent += 1
                time.sleep(0.002)

    @contextmanager
    def running(self) -> Iterator["Flood"]:
        self._thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            self._thread.join()


def memory(appliance: Appliance) -> dict[str, int]:
    """Resident octets of each process of ours."""
    return {
        name: psutil.Process(pid).memory_info().rss
        for name, pid in appliance.pids().items()
        if name.startswith(("receiver", "writer"))
    }


def dropped(appliance: Appliance) -> Counter[str]:
    counters = appliance.status().get("counters", {})
    return Counter(
        {key.split(" ")[1]: value for key, value in counters.items() if key.startswith("hep_dropped_total ")}
    )


@pytest.fixture(scope="module")
def instance() -> Iterator[Appliance]:
    with running({"HEPBOX_HEP_AUTH_KEY": KEY.decode()}) as appliance:
        yield appliance


def test_a_flood_costs_healthy_traffic_nothing_and_is_counted_to_the_last(instance: Appliance) -> None:
    with traffic(instance, HEALTHY_RATE, KEY) as sending:
        time.sleep(3)
        before, most = memory(instance), memory(instance)
        with Flood(instance.hep_port).running() as flood:
            ends = time.monotonic() + SECONDS
            while time.monotonic() < ends:
                time.sleep(0.5)
                now = memory(instance)
                most = {name: max(octets, now.get(name, 0)) for name, octets in most.items()}
        sent = sending.finish()
    assert flood.sent >= FLOOD_RATE * SECONDS * 0.9
    numbers = wait_until_stored(instance, sending.base, sent)
    assert missing(numbers, sent) == []
    assert max(numbers.values()) == 1
    assert instance.counter("hep_kernel_drops_total") == 0
    eventually(lambda: dropped(instance) == flood.expected, seconds=30)
    assert instance.status()["counters"]["hep_received_total udp"] == sent + flood.sent
    grown = {name: (most[name] - before[name]) >> 20 for name in before}
    assert max(most[name] - before[name] for name in before) < ROOM_BYTES, grown
    assert all(child["restarts"] == 0 for child in instance.status()["processes"])


def test_the_key_is_kept_nowhere(instance: Appliance) -> None:
    key = KEY.decode()
    assert instance.search(f'text:"{key}"', view="messages", since="-1h") == []
    assert key not in instance.run("status", "--json", ok=False)
    assert key not in instance.run("doctor", ok=False)
    for file in ("hepbox.log", "run/status.json"):
        assert key not in (instance.data_dir / file).read_text()
