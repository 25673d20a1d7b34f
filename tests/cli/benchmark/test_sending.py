import socket
import time
from collections.abc import Iterator

import pytest

from appliance.capture.mixture import Mix
from appliance.cli.benchmark import sending
from appliance.hep.decode import decode
from appliance.hep.encode import encode


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket(type=socket.SOCK_DGRAM) as found:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        found.bind(("127.0.0.1", 0))
        found.setblocking(False)
        yield found


def received(listener: socket.socket) -> list[tuple[bytes, int]]:
    found = []
    while True:
        try:
            data, sender = listener.recvfrom(65535)
        except BlockingIOError:
            return found
        found.append((data, sender[1]))


def test_a_steady_rate_is_kept_to_the_message_over_several_sockets(listener: socket.socket) -> None:
    begun = time.monotonic()
    assert sending.send(Mix(encode), listener.getsockname()[1], 200, 1) == 200
    assert time.monotonic() - begun >= 0.9
    found = received(listener)
    assert len({data for data, _ in found}) == len(found) == 200
    assert len({port for _, port in found}) == sending.SENDERS


def test_as_fast_as_can_be_every_message_differs_and_is_counted(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "BURST", 10)
    sent = sending.send(Mix(encode), listener.getsockname()[1], None, 0)
    assert sent == 0
    monkeypatch.setattr(sending.time, "monotonic", iter([0.0, 0.1, 0.2, 0.3, 9.0]).__next__)
    assert sending.send(Mix(encode), listener.getsockname()[1], None, 1) == 30
    found = received(listener)
    assert len({data for data, _ in found}) == 30


def test_messages_bear_the_time_at_which_they_are_sent(listener: socket.socket) -> None:
    sending.send(Mix(encode), listener.getsockname()[1], 50, 1)
    for data, _ in received(listener):
        time_us = decode(data).time_us
        assert time_us is not None and abs(time_us - time.time_ns() // 1000) < 30_000_000
