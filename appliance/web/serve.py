"""The web process: uvicorn on a socket that the supervisor opened, until SIGTERM."""

import socket
import threading
from types import FrameType

import uvicorn

from appliance.settings import Settings
from appliance.web.app import create_app

DRAIN_SECONDS = 10
"""How long requests that have begun may go on after SIGTERM."""
MOST_AT_ONCE = 500
KEEP_ALIVE_SECONDS = 75


def serve(settings: Settings, listener: socket.socket) -> None:
    """Answer on `listener` until SIGTERM or SIGINT, then finish what has begun and return."""
    leaving = threading.Event()
    config = uvicorn.Config(
        create_app(settings, leaving),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        limit_concurrency=MOST_AT_ONCE,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    _Server(config, leaving).run(sockets=[listener])


class _Server(uvicorn.Server):
    """Tells streams, which never end by themselves, that it is about to."""

    def __init__(self, config: uvicorn.Config, leaving: threading.Event) -> None:
        super().__init__(config)
        self._leaving = leaving

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._leaving.set()
        super().handle_exit(sig, frame)
