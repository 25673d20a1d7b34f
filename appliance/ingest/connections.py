"""HEP over TCP and TLS: the connections of one receiver, each cut into frames; never waited for.

On the port for TLS the first octet tells TLS from HEP. A handshake has its time; a sender that has not brought one
frame gives its place up when all are taken.
"""

import contextlib
import select
import socket
import ssl
import time
from collections.abc import Callable
from enum import Enum

from appliance.buffer.batch import Origin
from appliance.hep.errors import HepError
from appliance.hep.stream import FrameCutter
from appliance.ingest import tls
from appliance.ingest.admission import Admission
from appliance.log import logger
from appliance.metrics import Counts
from appliance.settings import HepSettings

MOST_CONNECTIONS = 2000
ACCEPTS_AT_ONCE = 32
READS_AT_ONCE = 8
LARGEST_READ = 65535
BUSY_STREAM_BYTES = 32 << 10
"""What a sender wrote since the last reading that says that more will be there at once: its buffer is 64 KiB."""
HANDSHAKE_NS = 10_000_000_000
UNPROVEN_NS = 10_000_000_000
"""How long a connection without a frame keeps its place when others want it."""
LAST_READINGS = 4

log = logger()
Take = Callable[[tuple[str, int], Origin, list[bytes]], bool]
"""Takes frames of one sender; says whether one of them was let in."""


class Stage(Enum):
    """What the next octet of a connection is."""

    FIRST_OCTET = 0
    HANDSHAKE = 1
    FRAMES = 2


class Connection:
    """One sender's HEP stream."""

    __slots__ = ("cutter", "descriptor", "origin", "proven", "sender", "since_ns", "stage", "stream")

    def __init__(self, stream: socket.socket, sender: tuple[str, int], stage: Stage) -> None:
        self.stream = stream
        self.descriptor = stream.fileno()
        """Kept, since a stream that failed to become TLS has none any more."""
        self.sender = sender
        self.stage = stage
        self.since_ns = time.monotonic_ns()
        self.cutter = FrameCutter()
        self.origin = Origin.TCP
        self.proven = False


class Connections:
    """All connections of one receiver."""

    def __init__(
        self, settings: HepSettings, admission: Admission, epoll: select.epoll, counts: Counts, take: Take
    ) -> None:
        self._plain_beside_tls = settings.tls_client_ca is None
        self._certificates = tls.Certificates(settings)
        self._admission = admission
        self._epoll = epoll
        self._counts = counts
        self._take = take
        self._held: dict[int, Connection] = {}
        self._not_accepted = ""
        """Why the last that knocked was not let in: no file handle, say."""

    def __len__(self) -> int:
        return len(self._held)

    def accept(self, listener: socket.socket, stage: Stage) -> bool:
        """Take what waits at a listener, so much at once; whether there may be more."""
        for _ in range(ACCEPTS_AT_ONCE):
            try:
                stream, address = listener.accept()
            except BlockingIOError:
                return False
            except OSError as error:
                self._not_accepted = str(error)
                return False
            self._welcome(stream, plain(address), stage)
        return True

    def _welcome(self, stream: socket.socket, sender: tuple[str, int], stage: Stage) -> None:
        reason = self._admission.refusal_of_sender(sender[0])
        if reason is not None:
            reason = f"refused-{reason}"
        elif len(self._held) >= MOST_CONNECTIONS and not self._make_room():
            reason = "too-many-connections"
        if reason is not None:
            self._drop(reason)
            stream.close()
            return
        stream.setblocking(False)
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._held[stream.fileno()] = Connection(stream, sender, stage)
        self._epoll.register(stream.fileno(), select.EPOLLIN)

    def _make_room(self) -> bool:
        latest_ns = time.monotonic_ns() - UNPROVEN_NS
        oldest = next((held for held in self._held.values() if not held.proven), None)
        if oldest is None or oldest.since_ns > latest_ns:
            return False
        self._drop("too-many-connections")
        self._close(oldest)
        return True

    def read(self, descriptor: int) -> bool:
        """Read from a connection of ours; whether there is more at once."""
        held = self._held.get(descriptor)
        if held is None:
            return False
        if held.stage is Stage.FIRST_OCTET:
            self._look_at_first(held)
        if held.stage is Stage.HANDSHAKE:
            self._shake_hands(held)
        return held.stage is Stage.FRAMES and self._read_frames(held)

    def _look_at_first(self, held: Connection) -> None:
        try:
            octet = held.stream.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return
        except OSError:
            self._close(held)
            return
        if octet != tls.FIRST_OCTET:
            if octet and not self._plain_beside_tls:
                self._refuse(held, tls.PLAIN_TEXT)
            else:
                held.stage = Stage.FRAMES
            return
        context = self._certificates.context(time.monotonic_ns())
        if context is None:
            self._refuse(held, tls.UNAVAILABLE)
            return
        try:
            held.stream = context.wrap_socket(held.stream, server_side=True, do_handshake_on_connect=False)
        except OSError:  # gone already
            self._refuse(held, tls.BAD_HANDSHAKE)
            return
        held.stage, held.origin, held.since_ns = Stage.HANDSHAKE, Origin.TLS, time.monotonic_ns()

    def _shake_hands(self, held: Connection) -> None:
        assert isinstance(held.stream, ssl.SSLSocket)
        try:
            held.stream.do_handshake()
        except ssl.SSLWantReadError:
            self._epoll.modify(held.descriptor, select.EPOLLIN)
        except ssl.SSLWantWriteError:
            self._epoll.modify(held.descriptor, select.EPOLLOUT)
        except OSError as error:
            self._refuse(held, tls.refusal(error))
        else:
            self._epoll.modify(held.descriptor, select.EPOLLIN)
            held.stage = Stage.FRAMES

    def _read_frames(self, held: Connection) -> bool:
        octets = 0
        for _ in range(READS_AT_ONCE):
            try:
                data = held.stream.recv(LARGEST_READ)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                break
            except OSError as error:
                if isinstance(error, ssl.SSLError):
                    self._drop("hep-stream-tls")
                self._close(held)
                return False
            octets += len(data)
            if not self._cut(held, data):
                return False
            if held.origin is Origin.TCP and len(data) < LARGEST_READ:
                break
        return octets >= BUSY_STREAM_BYTES

    def _cut(self, held: Connection, data: bytes) -> bool:
        """Hand on the frames that `data` completes; whether the connection goes on."""
        try:
            frames = held.cutter.feed(data)
        except HepError:
            frames = []
        if frames and self._take(held.sender, held.origin, frames):
            held.proven = True
        if data and held.cutter.error is None:
            return True
        if held.cutter.error is not None:
            self._drop(f"hep-stream-{held.cutter.error.reason}")
        self._close(held)
        return False

    def look(self, now_ns: int) -> None:
        """Close what has not shaken hands in time, and say once why senders wait at the door, if they do."""
        if self._not_accepted:
            log.warning("connections_not_accepted", error=self._not_accepted)
            self._not_accepted = ""
        for held in list(self._held.values()):
            if held.stage is Stage.HANDSHAKE and now_ns - held.since_ns > HANDSHAKE_NS:
                self._refuse(held, tls.TOO_SLOW)

    def finish(self) -> None:
        """Take what the kernel holds of each stream, so much at most, and close them all."""
        for descriptor in list(self._held):
            for _ in range(LAST_READINGS):
                if not self.read(descriptor):
                    break
        for held in list(self._held.values()):
            self._close(held)

    def _refuse(self, held: Connection, reason: str) -> None:
        self._drop(reason)
        self._close(held)

    def _drop(self, reason: str) -> None:
        self._counts.add("hep_dropped_total", 1, reason)

    def _close(self, held: Connection) -> None:
        if held.cutter.pending and held.cutter.error is None:
            self._drop("hep-stream-truncated")
        with contextlib.suppress(OSError):
            self._epoll.unregister(held.descriptor)
        self._held.pop(held.descriptor, None)
        held.stream.close()


def plain(address: tuple[str, int]) -> tuple[str, int]:
    """Address and port of a sender; an IPv4 one as such, also where it came to a socket for both families."""
    return address[0].removeprefix("::ffff:"), address[1]
