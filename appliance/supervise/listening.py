"""What the supervisor listens on for its children, opened before anything else starts."""

import os
import socket

from appliance.ingest.sockets import ListenError, Listeners, address_of, open_listeners, open_tcp
from appliance.ingest.tls import server_context
from appliance.log import logger
from appliance.settings import HepSettings
from appliance.supervise import systemd

log = logger()


def check_tls(settings: HepSettings) -> None:
    """Look whether certificate and key can be used, if TLS is asked for. Raises TlsError."""
    if settings.tls_listen is not None:
        server_context(settings)


def hep_listeners(settings: HepSettings) -> Listeners:
    """The sockets that systemd kept over our restart, or new ones, which it keeps from now on. Raises ListenError."""
    check_tls(settings)
    listen, receivers = settings.listen, settings.processes or 1
    kept = systemd.kept_sockets(os.environ, os.getpid())
    listeners = systemd.kept_listeners(kept, listen, receivers, settings.tls_listen)
    if listeners is None:
        listeners = open_listeners(listen, receivers, settings.tls_listen)
        systemd.keep(listeners, os.environ, kept)
    systemd.forget_environment()
    log.info(
        "hep_opened",
        listen=listen,
        tls_listen=settings.tls_listen,
        kept=bool(kept),
        receive_buffer_bytes=listeners.receive_bytes,
    )
    return listeners


def open_web(listen: str) -> socket.socket:
    """The GUI's socket. Raises ListenError."""
    host, port = address_of(listen)
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return open_tcp(family, host, port)
    except PermissionError as error:
        raise ListenError(f"[web] listen {listen}: not permitted to open this port; use one above 1023") from error
    except OSError as error:
        raise ListenError(f"[web] listen {listen}: {error.strerror}; see ss -ltnp, or take another port") from error
