"""Sockets that outlive us: kept in systemd's file descriptor store over a restart and over a kill of the supervisor.

What agents send meanwhile waits in the kernel's buffers. Without systemd nothing is kept and nothing is asked.
Protocol: sd_notify(3) FDSTORE, FDNAME; sd_listen_fds_with_names(3).
"""

import os
import socket
from collections.abc import Iterable, Mapping

from appliance.ingest.sockets import Listeners, address_of

_FIRST_DESCRIPTOR = 3
_UDP, _TCP, _TLS = "hep-udp-", "hep-tcp", "hep-tls"


def kept_sockets(environment: Mapping[str, str], pid: int) -> dict[str, socket.socket]:
    """Sockets that systemd kept for us, by the name under which they were given to it."""
    if environment.get("LISTEN_PID") != str(pid):
        return {}
    names = environment.get("LISTEN_FDNAMES", "").split(":")
    count = int(environment.get("LISTEN_FDS", "0"))
    descriptors = range(_FIRST_DESCRIPTOR, _FIRST_DESCRIPTOR + count)
    return {name: socket.socket(fileno=descriptor) for name, descriptor in zip(names, descriptors, strict=False)}


def kept_listeners(
    kept: Mapping[str, socket.socket], listen: str, receivers: int, tls_listen: str | None = None
) -> Listeners | None:
    """Kept sockets as listeners, if they are those that the settings ask for; else None, and they are closed."""
    asked = {f"{_UDP}{number}": listen for number in range(receivers)} | {_TCP: listen}
    if tls_listen is not None:
        asked[_TLS] = tls_listen
    if kept.keys() == asked.keys() and all(
        kept[name].getsockname()[:2] == address_of(address) for name, address in asked.items()
    ):
        for held in kept.values():
            held.setblocking(False)
        return Listeners(tuple(kept[f"{_UDP}{number}"] for number in range(receivers)), kept[_TCP], kept.get(_TLS))
    for held in kept.values():
        held.close()
    return None


def keep(listeners: Listeners, environment: Mapping[str, str], before: Iterable[str] = ()) -> bool:
    """Give listeners to systemd's store, in place of those named `before`; False when there is no store."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    named = {f"{_UDP}{number}": held for number, held in enumerate(listeners.udp)} | {_TCP: listeners.tcp}
    if listeners.tls is not None:
        named[_TLS] = listeners.tls
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.connect("\0" + address[1:] if address.startswith("@") else address)
        for name in dict.fromkeys((*before, *named)):
            notify.sendall(f"FDSTOREREMOVE=1\nFDNAME={name}".encode())
        for name, held in named.items():
            message = f"FDSTORE=1\nFDNAME={name}\nFDPOLL=0".encode()
            socket.send_fds(notify, [message], [held.fileno()])
    return True


def forget_environment() -> None:
    """Children are not to take the variables for theirs."""
    for name in ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "NOTIFY_SOCKET"):
        os.environ.pop(name, None)
