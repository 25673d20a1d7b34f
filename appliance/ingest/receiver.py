"""A process that receives: sockets -> batches. It does not look into what it reads.

Every receiver waits on all UDP sockets (EPOLLEXCLUSIVE wakes one of them), so that a receiver that is held up or
dead leaves its share to the others. A TCP connection belongs to the receiver that accepted it.
"""

import os
import secrets
import select
import signal
import socket
import struct
import time
from types import FrameType

from appliance.buffer.batch import Origin
from appliance.hep.errors import HepError
from appliance.hep.stream import FrameCutter
from appliance.ingest import process
from appliance.ingest.admission import Admission
from appliance.ingest.batching import LARGEST_BYTES, OpenBatch
from appliance.ingest.config import ProcessConfig
from appliance.ingest.pusher import Pusher
from appliance.ingest.sockets import Listeners, kernel_drops
from appliance.log import logger
from appliance.metrics import Counts

LARGEST_DATAGRAM = 65535
DRAIN = 256
"""Datagrams read from one socket before the others have their turn."""
POLL_SECONDS = 0.02
REST_SECONDS = 0.25
"""How long to wait for a first datagram; with one in the batch, POLL_SECONDS, since the batch will be due."""
LONGEST_GATHER_SECONDS = 0.04
"""A pause between two readings, so that many datagrams cost one waking (140 µs on a virtual machine); the kernel holds
them meanwhile."""
DATAGRAM_CHARGE_BYTES = 2304
"""What the kernel counts for a datagram of 860 octets against a receive buffer."""
FASTEST_DATAGRAMS_PER_SECOND = 50_000
MOST_CONNECTIONS = 2000
_TIMESPEC = struct.Struct("@ll")
_ANCILLARY = socket.CMSG_SPACE(_TIMESPEC.size)
_SCM_TIMESTAMPNS = 35

log = logger()


class Connection:
    """One agent's HEP stream."""

    def __init__(self, stream: socket.socket, sender: tuple[str, int]) -> None:
        self.stream = stream
        self.sender = sender
        self.cutter = FrameCutter()


class Receiver:
    """The loop of one receiver process."""

    def __init__(self, config: ProcessConfig, listeners: Listeners) -> None:
        self._number = config.number
        self._listeners = listeners
        self._counts = Counts()
        self._batch = OpenBatch(secrets.token_hex(8), config.number)
        self._pusher = Pusher(config, self._counts)
        self._epoll = select.epoll()
        self._admission = Admission(config.settings.hep)
        self._udp = {listener.fileno(): listener for listener in listeners.udp}
        self._connections: dict[int, Connection] = {}
        self._stopping = False
        self._more = False
        """Whether a socket held more than one reading took: then there is nothing to wait for."""
        self._received = 0
        self._dropped_by_kernel = kernel_drops(listeners)
        self._look_ns = 0

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Hand over what is read and end; what the kernel holds is the next receiver's."""
        self._stopping = True

    def run(self) -> None:
        """Receive until stopped."""
        for descriptor in (*self._udp, self._listeners.tcp.fileno()):
            self._epoll.register(descriptor, select.EPOLLIN | select.EPOLLEXCLUSIVE)
        self._pusher.start()
        gather_seconds = gathering(self._listeners.receive_bytes)
        while not self._stopping:
            found = self._epoll.poll(POLL_SECONDS if self._batch.size else REST_SECONDS)
            self._more = False
            for descriptor, _ in found:
                self._read(descriptor)
            self._turn(time.monotonic_ns())
            if found and not self._more:
                time.sleep(gather_seconds)
        self._finish()

    def _finish(self) -> None:
        for connection in list(self._connections.values()):
            self._read_stream(connection)
        if (batch := self._batch.sealed()) is not None:
            self._pusher.give(batch)
        self._pusher.finish()

    def _read(self, descriptor: int) -> None:
        if descriptor in self._udp:
            self._drain(self._udp[descriptor])
        elif descriptor == self._listeners.tcp.fileno():
            self._accept()
        elif descriptor in self._connections:
            self._read_stream(self._connections[descriptor])

    def _drain(self, listener: socket.socket) -> None:
        now_ns, read, octets = time.monotonic_ns(), 0, 0
        add, receive = self._batch.add, listener.recvmsg
        for _ in range(DRAIN):
            try:
                data, ancillary, _flags, sender = receive(LARGEST_DATAGRAM, _ANCILLARY)
            except BlockingIOError:
                break
            except OSError as error:
                log.warning("socket_read_failed", error=str(error))
                break
            read += 1
            octets += len(data)
            if self._refused(sender[0], data):
                continue
            add(now_ns, _arrival_us(ancillary), plain(sender), Origin.UDP, data)
            if self._batch.size >= LARGEST_BYTES and self._batch.is_due(now_ns, self._pusher.is_busy):
                self._hand_over()
        self._more = self._more or read == DRAIN
        self._count("udp", read, octets)

    def _accept(self) -> None:
        try:
            stream, address = self._listeners.tcp.accept()
        except OSError:
            return
        if len(self._connections) >= MOST_CONNECTIONS:
            self._counts.add("hep_dropped_total", 1, "too-many-connections")
            stream.close()
            return
        stream.setblocking(False)
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._connections[stream.fileno()] = Connection(stream, plain(address))
        self._epoll.register(stream.fileno(), select.EPOLLIN)

    def _read_stream(self, connection: Connection) -> None:
        try:
            octets = connection.stream.recv(LARGEST_DATAGRAM)
            frames = connection.cutter.feed(octets)
        except BlockingIOError:
            return
        except HepError as error:
            self._counts.add("hep_dropped_total", 1, f"hep-stream-{error.reason}")
            self._close(connection)
            return
        except OSError:
            self._close(connection)
            return
        now_ns, received_us = time.monotonic_ns(), time.time_ns() // 1000
        for frame in frames:
            if self._refused(connection.sender[0], frame):
                continue
            self._batch.add(now_ns, received_us, connection.sender, Origin.TCP, frame)
        self._count("tcp", len(frames), len(octets))
        if connection.cutter.error is not None:
            self._counts.add("hep_dropped_total", 1, f"hep-stream-{connection.cutter.error.reason}")
            self._close(connection)
        elif not octets:
            self._close(connection)

    def _refused(self, sender_ip: str, data: bytes) -> bool:
        if self._admission.is_open:
            return False
        reason = self._admission.refusal(sender_ip, data)
        if reason is not None:
            self._counts.add("hep_dropped_total", 1, f"refused-{reason}")
        return reason is not None

    def _close(self, connection: Connection) -> None:
        if connection.cutter.pending and connection.cutter.error is None:
            self._counts.add("hep_dropped_total", 1, "hep-stream-truncated")
        self._epoll.unregister(connection.stream.fileno())
        del self._connections[connection.stream.fileno()]
        connection.stream.close()

    def _count(self, transport: str, read: int, octets: int) -> None:
        if read:
            self._received += read
            self._counts.add("hep_received_total", read, transport)
            self._counts.add("hep_received_bytes_total", octets, transport)

    def _turn(self, now_ns: int) -> None:
        if self._batch.is_due(now_ns, self._pusher.is_busy):
            self._hand_over()
        if now_ns >= self._look_ns:
            self._look_ns = now_ns + 1_000_000_000
            self._look()

    def _hand_over(self) -> None:
        batch = self._batch.sealed()
        if batch is not None:
            self._pusher.give(batch)

    def _look(self) -> None:
        """Facts for the health page; the first receiver also counts what the kernel dropped."""
        self._pusher.facts = {
            "pid": os.getpid(),
            "at_us": time.time_ns() // 1000,
            "received": self._received,
            "connections": len(self._connections),
            "receive_buffer_bytes": self._listeners.receive_bytes,
        }
        if self._number == 0:
            drops = kernel_drops(self._listeners)
            if drops > self._dropped_by_kernel:
                self._counts.add("hep_kernel_drops_total", drops - self._dropped_by_kernel)
            self._dropped_by_kernel = drops


def plain(address: tuple[str, int]) -> tuple[str, int]:
    """Address and port of a sender; an IPv4 one as such, also where it came to a socket for both families."""
    return address[0].removeprefix("::ffff:"), address[1]


def gathering(receive_bytes: int) -> float:
    """How long a pause a receive buffer bears at the fastest rate, at most LONGEST_GATHER_SECONDS."""
    held = receive_bytes / DATAGRAM_CHARGE_BYTES
    return min(LONGEST_GATHER_SECONDS, held / FASTEST_DATAGRAMS_PER_SECOND / 2)


def _arrival_us(ancillary: list[tuple[int, int, bytes]]) -> int:
    for level, kind, value in ancillary:
        if level == socket.SOL_SOCKET and kind == _SCM_TIMESTAMPNS:
            seconds, nanoseconds = _TIMESPEC.unpack(value)
            return int(seconds * 1_000_000 + nanoseconds // 1000)
    return time.time_ns() // 1000


def main(config: ProcessConfig, listeners: Listeners) -> None:
    """The process's entry point."""
    process.begin(f"receiver-{config.number}")
    receiver = Receiver(config, listeners)
    signal.signal(signal.SIGTERM, receiver.stop)
    receiver.run()
