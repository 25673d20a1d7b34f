"""The web process: the GUI and the API on a socket that the supervisor opened."""

import socket

from appliance.ingest import process
from appliance.ingest.config import ProcessConfig
from appliance.settings import SiteSettings


def main(config: ProcessConfig, listener: socket.socket) -> None:
    """The process's entry point."""
    from appliance.web.serve import serve  # here, since the supervisor imports this module and needs no GUI

    process.begin("web")
    site = SiteSettings(name=config.site)
    serve(config.settings.model_copy(update={"site": site}), listener)
