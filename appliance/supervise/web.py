"""The web process: the GUI and the API on a socket that the supervisor opened."""

import socket

from appliance.ingest import process
from appliance.ingest.config import ProcessConfig
from appliance.web.serve import serve


def main(config: ProcessConfig, listener: socket.socket) -> None:
    """The process's entry point."""
    process.begin("web")
    serve(config.settings, listener)
