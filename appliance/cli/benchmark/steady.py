"""A process that sends the mix at a steady rate until its standard input ends, and then says how many it sent.

    python -m appliance.cli.benchmark.steady PORT RATE

The benchmark of searches keeps one running: what is asked must not cost what is captured.
"""

import secrets
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from appliance.capture.mixture import Mix
from appliance.cli.benchmark.sending import PAUSE_SECONDS, SENDERS
from appliance.hep.encode import encode


class Steady:
    """A sender under way; `sent` is known when the block is over."""

    sent = 0


@contextmanager
def sending(
    port: int, rate: int, program: Sequence[str] = ("-m", "appliance.cli.benchmark.steady")
) -> Iterator[Steady]:
    """Send to a port of the loopback for as long as the block lasts; `program` is this one or does as it does."""
    command = [sys.executable, *program, str(port), str(rate)]
    found = Steady()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield found
        finally:
            said, _ = process.communicate()
            found.sent = int(said or 0)


def send(mix: Mix, port: int, rate: int, stop: TextIO) -> int:
    """Until `stop`, something that select understands, can be read; returns the number of messages."""
    sockets = [socket.socket(type=socket.SOCK_DGRAM) for _ in range(SENDERS)]
    begun, number = time.monotonic(), 0
    try:
        while not select.select([stop], [], [], PAUSE_SECONDS)[0]:
            due = int((time.monotonic() - begun) * rate)
            now_us = time.time_ns() // 1000
            while number < due:
                sockets[number % SENDERS].sendto(mix.datagram(number, now_us), ("127.0.0.1", port))
                number += 1
    finally:
        for sender in sockets:
            sender.close()
    return number


if __name__ == "__main__":
    print(send(Mix(encode, secrets.token_hex(2)), int(sys.argv[1]), int(sys.argv[2]), sys.stdin))
