"""A Redis for the tests alone, as the appliance configures its own: in a temporary directory, on a socket."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from appliance.settings import RedisSettings

START_SECONDS = 30


@contextmanager
def redis_server() -> Iterator[RedisSettings]:
    """A running server; the settings say how to reach it."""
    directory = Path(tempfile.mkdtemp(prefix="hb-"))
    server = start_redis(directory)
    try:
        yield RedisSettings(socket=directory / "r")
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(directory, ignore_errors=True)


def start_redis(directory: Path) -> "subprocess.Popen[bytes]":
    """Start the server whose data lie in `directory`; its socket is `directory`/r."""
    log = (directory / "redis.log").open("ab")
    options = {
        "port": "0",
        "unixsocket": str(directory / "r"),
        "dir": str(directory),
        "save": "",
        "appendonly": "yes",
        "appendfsync": "always",
        "maxmemory": "256mb",
        "maxmemory-policy": "noeviction",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    server = subprocess.Popen(["redis-server", *words], stdout=log, stderr=log, cwd=directory)
    deadline = time.monotonic() + START_SECONDS
    client = redis.Redis(unix_socket_path=str(directory / "r"))
    while True:
        try:
            client.ping()
        except redis.RedisError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"redis-server did not start: {(directory / 'redis.log').read_text()}") from None
            time.sleep(0.02)
            continue
        client.close()
        return server


def empty(settings: RedisSettings) -> None:
    """Forget everything, and give back the memory that was set for a test."""
    with redis.Redis(unix_socket_path=str(settings.socket)) as client:
        client.flushall()
        client.config_set("maxmemory", "256mb")
