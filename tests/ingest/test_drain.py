import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from appliance.buffer.batch import Origin, Record, opened, seal
from appliance.ingest.drain import Drain
from tests.ingest.receiving import listening


@contextmanager
def pair(host: str = "127.0.0.1") -> Iterator[tuple[socket.socket, socket.socket, int]]:
    """A listener as a receiver has it, a socket that sends to it, and the port."""
    with listening(host=host) as (listeners, port):
        family = listeners.udp[0].family
        with socket.socket(family, socket.SOCK_DGRAM) as sender:
            sender.connect(("::1" if host == "[::1]" else "127.0.0.1", port))
            yield listeners.udp[0], sender, port


def records(octets: bytes) -> list[Record]:
    return list(opened(seal([octets])))


def test_datagrams_become_the_records_of_a_batch_with_sender_and_time() -> None:
    sent = [b"", b"x", b"HEP3" * 100, os.urandom(60_000), bytes(65_507)]
    with pair() as (listener, sender, _):
        for data in sent:
            sender.send(data)
        octets, count, size = Drain().read(listener.fileno(), 256, 1)
        name = sender.getsockname()
    found = records(octets)
    assert (count, size) == (len(sent), sum(map(len, sent)))
    assert [record.data for record in found] == sent
    assert {(record.sender_ip, record.sender_port, record.origin) for record in found} == {(*name, Origin.UDP)}
    assert all(abs(record.received_us - time.time_ns() // 1000) < 60_000_000 for record in found)


def test_no_more_are_read_than_asked_for_and_the_rest_is_read_next() -> None:
    drain = Drain()
    with pair() as (listener, sender, _):
        for number in range(150):
            sender.send(b"%d" % number)
        first, count, _ = drain.read(listener.fileno(), 100, 1)
        rest, left, _ = drain.read(listener.fileno(), 100, 1)
        assert drain.read(listener.fileno(), 100, 1) == (b"", 0, 0)
    assert (count, left) == (100, 50)
    assert [int(record.data) for record in records(first) + records(rest)] == list(range(150))


def test_many_of_the_largest_find_room() -> None:
    drain, data = Drain(), os.urandom(65_507)
    with pair() as (listener, sender, _):
        listener.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)
        for _ in range(100):
            sender.send(data)
        octets, count, size = drain.read(listener.fileno(), 256, 1)
    assert count >= 20
    assert size == count * len(data)
    assert {record.data for record in records(octets)} == {data}


def test_a_sender_of_ipv6_and_a_mapped_one_are_told_as_the_plain_reader_tells_them() -> None:
    with pair("[::1]") as (listener, sender, _):
        sender.send(b"six")
        (six,) = records(Drain().read(listener.fileno(), 9, 1)[0])
    assert six.sender_ip == "::1"
    with (
        socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as both,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as four,
    ):
        both.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        both.bind(("::", 0))
        both.setblocking(False)
        four.sendto(b"four", ("127.0.0.1", both.getsockname()[1]))
        (mapped,) = records(Drain().read(both.fileno(), 9, 77)[0])
        assert (mapped.sender_ip, mapped.sender_port) == ("127.0.0.1", four.getsockname()[1])
        assert mapped.received_us == 77, "without the kernel's time the caller's stands in"


def test_a_descriptor_that_is_no_socket_is_an_error_of_the_system() -> None:
    read, write = os.pipe()
    try:
        with pytest.raises(OSError, match="recvmmsg"):
            Drain().read(read, 1, 1)
    finally:
        os.close(read)
        os.close(write)
