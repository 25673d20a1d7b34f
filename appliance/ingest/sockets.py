"""The sockets that HEP comes in by: opened by the supervisor, inherited by every receiver.

Killing a receiver then loses nothing that the kernel holds. One UDP socket a receiver, all on the same port; a
classic BPF program spreads datagrams over them at random, since by the kernel's own choice one agent's port would
always meet the same socket.
"""

import contextlib
import ctypes
import errno
import os
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WANTED_RECEIVE_BYTES = 32 << 20
"""The kernel doubles it: about 29,000 datagrams of 860 octets."""
STREAM_RECEIVE_BYTES = 64 << 10
"""A killed receiver loses one such buffer a connection: kept small."""
BACKLOG = 512

_SO_ATTACH_REUSEPORT_CBPF = 51
_SO_RCVBUFFORCE = 33
_SO_TIMESTAMPNS = 35


class ListenError(Exception):
    """The address cannot be listened on; the text is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """Everything that receivers read from."""

    udp: tuple[socket.socket, ...]
    tcp: socket.socket
    tls: socket.socket | None = None
    """TCP whose first octet says whether TLS or HEP follows; None where no tls_listen is set."""

    @property
    def streams(self) -> tuple[socket.socket, ...]:
        return (self.tcp,) if self.tls is None else (self.tcp, self.tls)

    @property
    def receive_bytes(self) -> int:
        """The receive buffer that the kernel gave to each UDP socket."""
        return self.udp[0].getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)

    def close(self) -> None:
        for listener in (*self.udp, *self.streams):
            listener.close()


def address_of(text: str) -> tuple[str, int]:
    """`0.0.0.0:9060` or `[::]:9060` as host and port."""
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def open_listeners(listen: str, receivers: int, tls_listen: str | None = None) -> Listeners:
    """Open one UDP socket a receiver and one TCP listener, one more for TLS if asked. Raises ListenError."""
    host, port = address_of(listen)
    with _in_words("listen", listen):
        family = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0][0]
        _probe(family, host, port)
        udp = tuple(_udp(family, host, port) for _ in range(receivers))
        _spread(udp[0], receivers)
        tcp = open_tcp(family, host, port)
    return Listeners(udp, tcp, open_tls(tls_listen))


def open_tls(listen: str | None) -> socket.socket | None:
    """The listener for TLS, if there is to be one. Raises ListenError."""
    if listen is None:
        return None
    host, port = address_of(listen)
    with _in_words("tls_listen", listen):
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return open_tcp(family, host, port)


def open_tcp(family: int, host: str, port: int) -> socket.socket:
    """A listening TCP socket. Raises OSError."""
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, STREAM_RECEIVE_BYTES)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def _probe(family: int, host: str, port: int) -> None:
    """With SO_REUSEPORT a second instance would bind silently and take half of the packets."""
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        with socket.socket(family, kind) as probe:
            if kind == socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))


def _udp(family: int, host: str, port: int) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_DGRAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WANTED_RECEIVE_BYTES)
    with contextlib.suppress(PermissionError):
        listener.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, WANTED_RECEIVE_BYTES)
    listener.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    listener.bind((host, port))
    listener.setblocking(False)
    return listener


def _spread(listener: socket.socket, sockets: int) -> None:
    """A = random; A %= sockets; return A."""
    load_random, modulo, give_back = (0x20, 0xFFFFF038), (0x94, sockets), (0x16, 0)
    code = b"".join(
        struct.pack("HBBI", operation, 0, 0, value) for operation, value in (load_random, modulo, give_back)
    )
    buffer = ctypes.create_string_buffer(code)
    program = struct.pack("HL", 3, ctypes.addressof(buffer))
    listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_REUSEPORT_CBPF, program)


@contextlib.contextmanager
def _in_words(setting: str, listen: str) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise ListenError(f"[hep] {setting} {listen}: not permitted to open this port; use one above 1023") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ListenError(
                f"[hep] {setting} {listen}: another program holds this port (see ss -lntup); stop it or take another"
            ) from error
        raise ListenError(f"[hep] {setting} {listen}: {error.strerror}") from error


def kernel_drops(listeners: Listeners) -> int:
    """Datagrams that the kernel dropped so far because these sockets' buffers were full."""
    inodes = {str(os.fstat(listener.fileno()).st_ino) for listener in listeners.udp}
    drops = 0
    for table in ("/proc/net/udp", "/proc/net/udp6"):
        with contextlib.suppress(FileNotFoundError):
            for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
                fields = line.split()
                if fields[9] in inodes:
                    drops += int(fields[12])
    return drops
