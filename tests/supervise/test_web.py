import signal
import socket
import urllib.request
from pathlib import Path

from appliance.cli.instance import with_own_sockets
from appliance.ingest.config import ProcessConfig
from appliance.ingest.sockets import open_tcp
from appliance.settings import PathSettings, Settings
from appliance.supervise import web
from appliance.supervise.child import Child, Worker
from tests.appliance import eventually, free_port


def test_it_answers_on_the_socket_that_it_is_given_and_ends_when_told(tmp_path: Path) -> None:
    port = free_port()
    listener = open_tcp(socket.AF_INET, "127.0.0.1", port)
    settings = with_own_sockets(Settings(paths=PathSettings(data=tmp_path)))
    config = ProcessConfig(settings, 0, site="site", oldest_days=10)
    child = Child("web", lambda: Worker("web", web.main, (config, listener)))
    child.begin()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60) as answer:
            assert (answer.status, answer.read()) == (200, b"ok\n")
        assert child.running is not None
        child.running.signal(signal.SIGTERM)
        eventually(lambda: not child.is_alive())
        assert child.running.ending == "killed by SIGTERM", "uvicorn finishes what it does, then ends as it was told"
        assert listener.fileno() > 0, "the next web process goes on with it"
    finally:
        child.end(1)
        listener.close()
