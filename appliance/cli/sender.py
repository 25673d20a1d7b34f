"""Sending packets as HEP 3 to an appliance by UDP, TCP or TLS, in the rhythm of their times."""

import contextlib
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from appliance.cli.progress import Progress
from appliance.hep.encode import encode
from appliance.hep.errors import HepError
from appliance.model.packet import Packet
from appliance.settings import Settings

LARGEST_DATAGRAM = 65_507
"""Octets of HEP that UDP over IPv4 carries; larger frames go by TCP to the same place."""
PORT = 9060
_TIMEOUT_S = 10.0
_REFUSAL_S = 0.3


class SendError(Exception):
    """The packets cannot be sent there; the text is a sentence with the remedy."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where packets go."""

    scheme: str
    """udp, tcp or tls."""
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def target(text: str | None, settings: Settings) -> Target:
    """Read `--to`; without it the running instance: [hep] listen, by UDP, on loopback if it listens everywhere."""
    parts = urlsplit(text or f"udp://{settings.hep.listen}")
    try:
        host, port = parts.hostname, parts.port or PORT
    except ValueError as error:
        raise SendError(f"--to {text}: {error}") from error
    if parts.scheme not in ("udp", "tcp", "tls") or not host or parts.path not in ("", "/"):
        raise SendError(f"--to {text}: write udp://HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT")
    if text is None:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return Target(parts.scheme, host, port)


@dataclass(frozen=True, slots=True)
class Trust:
    """For TLS: whose certificates are believed, and what is shown in turn."""

    ca: Path | None = None
    """Certificates of authorities; None: those of this machine."""
    certificate: Path | None = None
    key: Path | None = None
    insecure: bool = False
    """Believe any certificate."""

    def context(self) -> ssl.SSLContext:
        """Raises SendError when a file cannot be used."""
        with _in_words("--ca", self.ca):
            context = ssl.create_default_context(cafile=self.ca)
        if self.insecure:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if self.certificate is not None:
            with _in_words("--cert", self.certificate):
                context.load_cert_chain(self.certificate, self.key)
        return context


@contextlib.contextmanager
def _in_words(option: str, file: Path | None) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SendError(f"{option} {file}: {error.strerror or error}; give a file in PEM form") from error


@dataclass(slots=True)
class Sender:
    """An open connection; counts what it sent. Use as a context manager."""

    to: Target
    auth_key: bytes | None = None
    trust: Trust = Trust()
    sent: int = 0
    too_large: int = 0
    """Messages that not even TCP and compression could carry, or UDP where no TCP answers."""
    _socket: socket.socket | None = None
    _stream: socket.socket | None = field(default=None)
    """TCP beside UDP, for what no datagram holds."""

    def __enter__(self) -> Self:
        self._socket = _connected(self.to, self.trust)
        return self

    def __exit__(self, *error: object) -> None:
        for open_socket in (self._stream, self._socket):
            if open_socket is not None:
                _close(open_socket)

    def send(self, packet: Packet) -> None:
        """Send one packet. Raises SendError when nobody listens any more."""
        frame = self._frame(packet)
        if frame is None:
            return
        out = self._socket if self.to.scheme != "udp" or len(frame) <= LARGEST_DATAGRAM else self._for_large()
        if out is None:
            self.too_large += 1
            return
        self.send_frame(frame, out)

    def send_frame(self, frame: bytes, out: socket.socket | None = None) -> None:
        """Send octets that are a HEP frame already."""
        assert self._socket is not None, "a sender is used inside its with block"
        try:
            (out or self._socket).sendall(frame)
        except OSError as error:
            raise SendError(_sentence(self.to, error)) from error
        self.sent += 1

    def check(self) -> None:
        """Raise SendError if a datagram came back as unreachable, or a stream was refused."""
        assert self._socket is not None, "a sender is used inside its with block"
        if self.to.scheme != "udp":
            _check_stream(self.to, self._socket)
            return
        number = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if number:
            raise SendError(_sentence(self.to, OSError(number, "connection refused")))

    def _frame(self, packet: Packet) -> bytes | None:
        if self.auth_key is not None:
            packet = replace(packet, auth_key=self.auth_key)
        for compressed in (False, True):
            with contextlib.suppress(HepError):
                return encode(replace(packet, compressed=True) if compressed else packet)
        self.too_large += 1
        return None

    def _for_large(self) -> socket.socket | None:
        if self._stream is None:
            with contextlib.suppress(SendError):
                self._stream = _connected(replace(self.to, scheme="tcp"), self.trust)
        return self._stream


def send_paced(packets: Iterable[Packet], sender: Sender, speed: float | None) -> None:
    """Send with the distances that the packets' times have, divided by `speed`; None: as fast as it goes."""
    progress = Progress()
    started: float | None = None
    first_us = 0
    for packet in packets:
        if speed and packet.time_us is not None:
            if started is None:
                started, first_us = time.monotonic(), packet.time_us
            due = started + (packet.time_us - first_us) / 1_000_000 / speed
            progress.wait(due, sender.sent)
        sender.send(packet)
        progress.show(sender.sent)
    progress.end()
    time.sleep(0.02)  # for the answer of a host on which nobody listens
    sender.check()


def _connected(to: Target, trust: Trust) -> socket.socket:
    try:
        if to.scheme == "udp":
            return _datagrams(to)
        stream = socket.create_connection((to.host, to.port), timeout=_TIMEOUT_S)
        if to.scheme == "tcp":
            return stream
        return _within_tls(stream, to, trust.context())
    except OSError as error:
        raise SendError(_sentence(to, error)) from error


def _within_tls(stream: socket.socket, to: Target, context: ssl.SSLContext) -> ssl.SSLSocket:
    try:
        return context.wrap_socket(stream, server_hostname=to.host)
    except ssl.SSLCertVerificationError as error:
        raise SendError(
            f"cannot send to {to}: its certificate is not believed ({error.verify_message}); give the certificate of "
            "its authority with --ca, or --insecure"
        ) from error
    except ssl.SSLError as error:
        said = (error.reason or str(error)).lower().replace("_", " ")
        raise SendError(f"cannot send to {to}: TLS failed ({said}); is this its [hep] tls_listen?") from error


def _check_stream(to: Target, stream: socket.socket) -> None:
    """Nobody answers HEP: all that can be read is the end of the stream, or TLS's reason to refuse us, told late."""
    stream.settimeout(_REFUSAL_S)
    try:
        if stream.recv(1):
            return
    except TimeoutError:
        return
    except OSError as error:
        raise SendError(_sentence(to, error)) from error
    finally:
        stream.settimeout(_TIMEOUT_S)
    raise SendError(
        f"cannot send to {to}: it closed the connection; hepbox status there says why (dropped), [hep] allow and "
        "tls_client_ca say who may send"
    )


def _datagrams(to: Target) -> socket.socket:
    family, _, _, _, address = socket.getaddrinfo(to.host, to.port, type=socket.SOCK_DGRAM)[0]
    datagrams = socket.socket(family, socket.SOCK_DGRAM)
    datagrams.connect(address)
    return datagrams


def _close(open_socket: socket.socket) -> None:
    """End a stream so that the other side has read it all before the process ends."""
    with contextlib.suppress(OSError):
        if open_socket.type == socket.SOCK_STREAM:
            open_socket.shutdown(socket.SHUT_WR)
            open_socket.settimeout(_TIMEOUT_S)
            open_socket.recv(1)
    open_socket.close()


def _sentence(to: Target, error: OSError) -> str:
    if isinstance(error, ssl.SSLError):
        said = (error.reason or str(error)).lower().replace("_", " ")
        return f"cannot send to {to}: {said}; if it asks for a certificate, give one with --cert and --key"
    reason = error.strerror or str(error)
    return f"cannot send to {to}: {reason}; is `hepbox run` running there, and is this its [hep] listen?"
