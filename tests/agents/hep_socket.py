"""A UDP socket that keeps every HEP datagram sent to it, for looking at what agents really send."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from appliance.hep.decode import decode
from appliance.model.packet import Packet


@dataclass
class HepSocket:
    """What came so far."""

    port: int
    datagrams: list[bytes] = field(default_factory=list)

    def packets(self) -> list[Packet]:
        return [decode(datagram) for datagram in self.datagrams]


@contextmanager
def hep_socket() -> Iterator[HepSocket]:
    with socket.socket(type=socket.SOCK_DGRAM) as receiver:
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(0.1)
        found = HepSocket(receiver.getsockname()[1])
        ended = threading.Event()

        def take() -> None:
            while not ended.is_set():
                try:
                    found.datagrams.append(receiver.recv(65_535))
                except TimeoutError:
                    continue

        thread = threading.Thread(target=take)
        thread.start()
        try:
            yield found
        finally:
            ended.set()
            thread.join()
