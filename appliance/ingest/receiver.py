"""A process that receives: sockets -> batches. It does not look into what it reads.

Every receiver waits on all UDP sockets (EPOLLEXCLUSIVE wakes one of them), so that a receiver that is held up or
dead leaves its share to the others. A connection (TCP, TLS) belongs to the receiver that accepted it.
"""

import os
import secrets
import select
import signal
import socket
import struct
import time
from types import FrameType
from typing import TYPE_CHECKING

from appliance.buffer.batch import Origin
from appliance.ingest import compiled, process
from appliance.ingest.admission import Admission
from appliance.ingest.batching import LARGEST_BYTES, OpenBatch
from appliance.ingest.config import ProcessConfig
from appliance.ingest.connections import Connections, Stage, plain
from appliance.ingest.pusher import Pusher
from appliance.ingest.sockets import Listeners, kernel_drops
from appliance.log import logger
from appliance.metrics import Counts

if TYPE_CHECKING:
    from appliance.ingest.drain import Drain

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
_TIMESPEC = struct.Struct("@ll")
_ANCILLARY = socket.CMSG_SPACE(_TIMESPEC.size)
_SCM_TIMESTAMPNS = 35

log = logger()


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
        self._is_guarded = not self._admission.is_open
        self._udp = {listener.fileno(): listener for listener in listeners.udp}
        self._compiled = None if self._is_guarded else compiled.drain()
        self._streams = {listeners.tcp.fileno(): (listeners.tcp, Stage.FRAMES)}
        if listeners.tls is not None:
            self._streams[listeners.tls.fileno()] = (listeners.tls, Stage.FIRST_OCTET)
        self._connections = Connections(
            config.settings.hep, self._admission, self._epoll, self._counts, self._take_frames
        )
        self._stopping = False
        self._received = 0
        self._dropped_by_kernel = kernel_drops(listeners)
        self._look_ns = 0

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Hand over what is read and end; what the kernel holds is the next receiver's."""
        self._stopping = True

    def run(self) -> None:
        """Receive until stopped."""
        for descriptor in (*self._udp, *self._streams):
            self._epoll.register(descriptor, select.EPOLLIN | select.EPOLLEXCLUSIVE)
        self._pusher.start()
        gather_seconds = gathering(self._listeners.receive_bytes)
        while not self._stopping:
            found = self._epoll.poll(POLL_SECONDS if self._batch.size else REST_SECONDS)
            more = [self._read(descriptor) for descriptor, _ in found]
            self._turn(time.monotonic_ns())
            if found and not any(more):
                time.sleep(gather_seconds)
        self._finish()

    def _finish(self) -> None:
        self._connections.finish()
        if (batch := self._batch.sealed()) is not None:
            self._pusher.give(batch)
        self._pusher.finish()

    def _read(self, descriptor: int) -> bool:
        """Read from a socket; whether it held more than one reading took."""
        if descriptor in self._udp:
            if self._compiled is not None:
                return self._drain_many(self._compiled, descriptor)
            return self._drain(self._udp[descriptor])
        if descriptor in self._streams:
            return self._connections.accept(*self._streams[descriptor])
        return self._connections.read(descriptor)

    def _drain_many(self, drain: "Drain", descriptor: int) -> bool:
        """`_drain` by the compiled reader of sockets."""
        now_ns = time.monotonic_ns()
        try:
            records, read, octets = drain.read(descriptor, DRAIN, time.time_ns() // 1000)
        except OSError as error:
            log.warning("socket_read_failed", error=str(error))
            return False
        if read:
            self._batch.add_records(now_ns, records, read)
            self._count("udp", read, octets)
        return read == DRAIN

    def _drain(self, listener: socket.socket) -> bool:
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
            if self._is_guarded:
                reason = self._admission.refusal_of_sender(plain(sender)[0])
                if reason is None:
                    reason, data = self._admission.examined(data)
                if reason is not None:
                    self._counts.add("hep_dropped_total", 1, f"refused-{reason}")
                    continue
            add(now_ns, _arrival_us(ancillary), plain(sender), Origin.UDP, data)
            if self._batch.size >= LARGEST_BYTES and self._batch.is_due(now_ns, self._pusher.is_busy):
                self._hand_over()
        self._count("udp", read, octets)
        return read == DRAIN

    def _take_frames(self, sender: tuple[str, int], origin: Origin, frames: list[bytes]) -> bool:
        """Add frames of a stream to the batch; whether one of them was let in."""
        now_ns, received_us = time.monotonic_ns(), time.time_ns() // 1000
        let_in = False
        for frame in frames:
            reason, kept = self._admission.examined(frame)
            if reason is not None:
                self._counts.add("hep_dropped_total", 1, f"refused-{reason}")
                continue
            self._batch.add(now_ns, received_us, sender, origin, kept)
            let_in = True
        self._count(origin.name.lower(), len(frames), sum(map(len, frames)))
        return let_in

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
            self._connections.look(now_ns)
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
            self._count_kernel_drops()

    def _count_kernel_drops(self) -> None:
        try:
            drops = kernel_drops(self._listeners)
        except OSError as error:  # no file handle is left: the next reading counts what this one does not
            log.warning("kernel_drops_not_read", error=str(error))
            return
        if drops > self._dropped_by_kernel:
            self._counts.add("hep_kernel_drops_total", drops - self._dropped_by_kernel)
        self._dropped_by_kernel = drops


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
