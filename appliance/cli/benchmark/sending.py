"""The benchmark's senders: the mix from several sockets, at a steady rate or as fast as one core can."""

import socket
import time

from appliance.capture.mixture import Mix

SENDERS = 4
PAUSE_SECONDS = 0.002
BURST = 64


def send(mix: Mix, port: int, rate: int | None, seconds: int) -> int:
    """Send to a port of the loopback; returns the number of messages."""
    sockets = [socket.socket(type=socket.SOCK_DGRAM) for _ in range(SENDERS)]
    begun, number = time.monotonic(), 0
    try:
        while (elapsed := time.monotonic() - begun) < seconds or (rate is not None and number < rate * seconds):
            due = number + BURST if rate is None else min(int(elapsed * rate), rate * seconds)
            now_us = time.time_ns() // 1000
            for number in range(number, due):  # noqa: B020 - goes on where it stopped
                sockets[number % SENDERS].sendto(mix.datagram(number, now_us), ("127.0.0.1", port))
            number = max(number, due)
            if rate is not None:
                time.sleep(PAUSE_SECONDS)
    finally:
        for sender in sockets:
            sender.close()
    return number
