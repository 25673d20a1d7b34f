"""A receiver at work in a thread, what is sent to it, and what it put into the stream."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.buffer import keys
from appliance.buffer.batch import Record, opened
from appliance.buffer.connection import BlockingClient
from appliance.ingest.receiver import Receiver
from appliance.ingest.sockets import Listeners, open_listeners
from appliance.settings import RedisSettings
from tests.appliance import free_port
from tests.calls.made import flow
from tests.ingest.instance import config
from tests.sip_packets import received

FRAMES = [received(row).data for row in flow("0 A>B INVITE", "50 B>A 180 INVITE", "90 B>A 200 INVITE")]


@contextmanager
def listening(receivers: int = 1, host: str = "127.0.0.1", tls: bool = False) -> Iterator[tuple[Listeners, int]]:
    """Listeners with the port that tests send to: UDP and TCP, or the one for TLS."""
    port, tls_port = free_port(), free_port()
    listeners = open_listeners(f"{host}:{port}", receivers, f"{host}:{tls_port}" if tls else None)
    try:
        yield listeners, tls_port if tls else port
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
