"""Are the ports free, or held by hepbox itself?"""

import errno
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil

from appliance.cli.checks.finding import Finding, note, ok, wrong
from appliance.settings import Settings


def examine(settings: Settings) -> Iterator[Finding]:
    yield port("HEP over UDP", settings.hep.listen, socket.SOCK_DGRAM, "[hep] listen")
    yield port("HEP over TCP", settings.hep.listen, socket.SOCK_STREAM, "[hep] listen")
    if settings.hep.tls_listen is not None:
        yield port("HEP over TLS", settings.hep.tls_listen, socket.SOCK_STREAM, "[hep] tls_listen")
    yield port("GUI", settings.web.listen, socket.SOCK_STREAM, "[web] listen")


def port(subject: str, address: str, kind: socket.SocketKind, setting: str) -> Finding:
    """Try to take `address` (HOST:PORT) as `kind`, and say who holds it when that fails."""
    host, _, number = address.rpartition(":")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    problem = _bind_error(family, kind, (host.strip("[]"), int(number)))
    if problem is None:
        return note(subject, f"nobody listens on {address}", "start hepbox run, if it is not meant to be stopped")
    if problem == errno.EADDRINUSE:
        return _held(subject, address, kind, setting)
    if problem == errno.EACCES:
        return note(subject, f"this user may not listen on {address}", "run hepbox doctor as root to look further")
    return wrong(subject, f"{address} is no address of this machine", f"change {setting} in hepbox.ini")


def _bind_error(family: socket.AddressFamily, kind: socket.SocketKind, address: tuple[str, int]) -> int | None:
    with socket.socket(family, kind) as trial:
        if kind == socket.SOCK_STREAM:  # without this, connections that just ended would look like a holder
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(address)
            if kind == socket.SOCK_STREAM:
                trial.listen(1)
        except OSError as error:
            return error.errno
    return None


def _held(subject: str, address: str, kind: socket.SocketKind, setting: str) -> Finding:
    holder = _holder(int(address.rpartition(":")[2]), kind)
    if holder is None:
        return note(subject, f"{address} is taken", "run hepbox doctor as root to see by whom")
    if _is_hepbox(holder):
        return ok(subject, f"hepbox listens on {address}")
    remedy = f"stop it, or change {setting} in hepbox.ini"
    return wrong(subject, f"{address} is taken by {holder.name()} (process {holder.pid})", remedy)


def _is_hepbox(process: psutil.Process) -> bool:
    """It, or a process that started it, was started as `hepbox` or `python -m appliance`."""
    words = [word for ancestor in (process, *process.parents()) for word in ancestor.cmdline()]
    return any(word == "appliance" or Path(word).name == "hepbox" for word in words)


def _holder(number: int, kind: socket.SocketKind) -> psutil.Process | None:
    try:
        for connection in psutil.net_connections("inet"):
            local = connection.laddr
            listens = connection.status in (psutil.CONN_LISTEN, psutil.CONN_NONE)
            if connection.type == kind and listens and local and local.port == number and connection.pid:
                return psutil.Process(connection.pid)
    except psutil.Error:
        return None
    return None
