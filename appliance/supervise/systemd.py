"""Sockets that outlive us: kept in systemd's file descriptor store over a restart and over a kill of the supervisor.

What agents send meanwhile waits in the kernel's buffers. Without systemd nothing is kept and nothing is asked.
Protocol: sd_notify(3) FDSTORE, FDNAME; sd_listen_fds_with_names(3).
"""

import os
import socket
from collections.abc import Mapping

from appliance.ingest.sockets import Listeners, address_of

_FIRST_DESCRIPTOR = 3
_UDP, _TCP = "hep-udp-", "hep-tcp"


def kept_sockets(environment: Mapping[str, str], pid: int) -> dict[str, socket.socket]:
    """Sockets that systemd kept for us, by the name under which they were given to it."""
    if environment.get("LISTEN_PID") != str(pid):
        return {}
    names = environment.get("LISTEN_FDNAMES", "").split(":")
    count = int(environment.get("LISTEN_FDS", "0"))
    descriptors = range(_FIRST_DESCRIPTOR, _FIRST_DESCRIPTOR + count)
    return {name: socket.socket(fileno=descriptor) for name, descriptor in zip(names, descriptors, strict=False)}


def kept_listeners(kept: Mapping[str, socket.socket], listen: str, receivers: int) -> Listeners | None:
    """Kept sockets as listeners, if they are those that the settings ask for; else None, and they are closed."""
    udp = [kept[f"{_UDP}{number}"] for number in range(receivers) if f"{_UDP}{number}" in kept]
    tcp = kept.get(_TCP)
    asked = len(udp) == receivers and tcp is not None and len(kept) == receivers + 1
    if asked and all(held.getsockname()[:2] == address_of(listen) for held in kept.values()):
        assert tcp is not None
        for held in kept.values():
            held.setblocking(False)
        return Listeners(tuple(udp), tcp)
    for held in kept.values():
        held.close()
    return None


def keep(listeners: Listeners, environment: Mapping[str, str]) -> bool:
    """Give listeners to systemd's store, in place of what was there; False when there is no store."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    named = {f"{_UDP}{number}": held for number, held in enumerate(listeners.udp)} | {_TCP: listeners.tcp}
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.connect("\0" + address[1:] if address.startswith("@") else address)
        for name, held in named.items():
            notify.sendall(f"FDSTOREREMOVE=1\nFDNAME={name}".encode())
            message = f"FDSTORE=1\nFDNAME={name}\nFDPOLL=0".encode()
            socket.send_fds(notify, [message], [held.fileno()])
    return True


def forget_environment() -> None:
    """Children are not to take the variables for theirs."""
    for name in ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "NOTIFY_SOCKET"):
        os.environ.pop(name, None)
