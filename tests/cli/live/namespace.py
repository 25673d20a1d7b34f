"""A network of the test's own: a namespace with loopback and a pair of interfaces, and sockets within it."""

import ctypes
import os
import secrets
import socket
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

_NEW_NETWORK = 0x40000000
Result = TypeVar("Result")


@dataclass(frozen=True)
class Namespace:
    """One network: lo is up; `left` and `right` are the ends of one cable, left with 10.99.0.1."""

    name: str

    def within(self, make: Callable[[], Result]) -> Result:
        """What `make` makes in a thread of this network; sockets stay in it."""

        def entered() -> Result:
            libc = ctypes.CDLL(None, use_errno=True)
            with Path(f"/run/netns/{self.name}").open() as file:
                assert libc.setns(file.fileno(), _NEW_NETWORK) == 0, os.strerror(ctypes.get_errno())
            return make()

        with ThreadPoolExecutor(1) as thread:
            return thread.submit(entered).result()

    def command(self, *words: str) -> list[str]:
        """A command that runs within."""
        return ["ip", "netns", "exec", self.name, *words]

    def send_frame(self, interface: str, frame: bytes) -> None:
        """Put a frame on an interface."""

        def send() -> None:
            with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
                out.bind((interface, 0))
                out.send(frame)

        self.within(send)


@contextmanager
def namespace() -> Iterator[Namespace]:
    made = Namespace(f"hb{secrets.token_hex(4)}")
    added = subprocess.run(["ip", "netns", "add", made.name], capture_output=True, text=True)
    if added.returncode:
        if os.environ.get("CI"):
            pytest.fail(f"no namespace: {added.stderr}")
        pytest.skip(f"needs a network namespace: {added.stderr}")
    try:
        for line in (
            "link set lo up",
            "link add left type veth peer name right",
            "addr add 10.99.0.1/24 dev left",
            "link set left up",
            "link set right up",
        ):
            subprocess.run(["ip", "-n", made.name, *line.split()], check=True)
        yield made
    finally:
        subprocess.run(["ip", "netns", "del", made.name], check=True)
