"""Numbered messages sent at a steady rate in the background, and which of them are stored, how often.

Each run numbers from a base of its own, so that several runs in one instance are told apart.
"""

import asyncio
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count

from appliance.capture.mixture import Mix, number_of
from appliance.hep.encode import encode
from appliance.settings import MysqlSettings
from appliance.storage import daily_tables, texts
from appliance.storage.connection import Database, DatabaseError
from tests.appliance import Appliance, eventually

PAUSE_SECONDS = 0.002
NUMBERS_OF_A_RUN = 5_000_000
_bases = count(0, NUMBERS_OF_A_RUN)


def now_us() -> int:
    """Microseconds UTC."""
    return time.time_ns() // 1000


class Traffic:
    """Messages of the benchmark's mix at a steady rate, with an authentication key if one is asked for."""

    def __init__(self, port: int, rate: int, key: bytes | None = None, clock_us: Callable[[], int] = now_us) -> None:
        self.base = next(_bases)
        self.rate = rate
        self.sent = 0
        self._mix = Mix(lambda packet: encode(replace(packet, auth_key=key)))
        self._port = port
        self._clock_us = clock_us
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._send, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def finish(self) -> int:
        """Send no more; how many were sent."""
        self._stop.set()
        self._thread.join()
        return self.sent

    def _send(self) -> None:
        begun = time.monotonic()
        with socket.socket(type=socket.SOCK_DGRAM) as sender:
            while not self._stop.is_set():
                due = int((time.monotonic() - begun) * self.rate)
                while self.sent < due:
                    datagram = self._mix.datagram(self.base + self.sent, self._clock_us())
                    sender.sendto(datagram, ("127.0.0.1", self._port))
                    self.sent += 1
                time.sleep(PAUSE_SECONDS)


@contextmanager
def traffic(appliance: Appliance, rate: int, key: bytes | None = None) -> Iterator[Traffic]:
    """Traffic for as long as the block lasts."""
    sending = Traffic(appliance.hep_port, rate, key)
    sending.start()
    try:
        yield sending
    finally:
        sending.finish()


def new_base() -> int:
    """Numbers that no other run has."""
    return next(_bases)


def stored_numbers(appliance: Appliance, base: int) -> Counter[int]:
    """How often each message of a run is stored, counted from 0."""
    return asyncio.run(_stored_numbers(appliance, base))


async def _stored_numbers(appliance: Appliance, base: int) -> Counter[int]:
    mysql = MysqlSettings(socket=appliance.data_dir / "run" / "mysql.sock")
    database = await Database.open(mysql, size=1)
    numbers: Counter[int] = Counter()
    try:
        for name in await daily_tables.all_names(database):
            if "_texts_" in name:
                for (body,) in await database.fetch(f"SELECT body FROM `{name}`"):
                    numbers.update(_numbers(texts.unpack(body), base))
    finally:
        await database.close()
    return numbers


def _numbers(payloads: list[bytes], base: int) -> Iterator[int]:
    for payload in payloads:
        number = number_of(payload)
        if number is not None and base <= number < base + NUMBERS_OF_A_RUN:
            yield number - base


def wait_until_stored(appliance: Appliance, base: int, sent: int) -> Counter[int]:
    """The numbers once all are there, or once no more come."""
    seen: list[int] = []

    def at_rest() -> Counter[int] | None:
        try:
            numbers = stored_numbers(appliance, base)
        except DatabaseError:
            return None  # still recovering
        seen.append(len(numbers))
        still = len(seen) > 5 and len(set(seen[-5:])) == 1 and appliance.status().get("buffer", {}).get("entries") == 0
        return numbers if len(numbers) >= sent or still else None

    found: Counter[int] = eventually(at_rest, seconds=180, every=1.0)
    return found


def missing(numbers: Counter[int], sent: int) -> list[int]:
    """The first ten numbers that are not stored."""
    return sorted(set(range(sent)) - set(numbers))[:10]
