"""Our own servers in a temporary data directory, started as the supervisor starts them."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from appliance.cli.instance import with_own_sockets
from appliance.settings import MysqlSettings, PathSettings, RedisSettings, Settings


@contextmanager
def data_directory() -> Iterator[Path]:
    """Short, since a socket's path is, and open to whoever the servers run as."""
    with tempfile.TemporaryDirectory(prefix="hb-") as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


def settings_of(data: Path, **sections: MysqlSettings | RedisSettings) -> Settings:
    return with_own_sockets(Settings.model_validate({**sections, "paths": PathSettings(data=data)}))


@contextmanager
def running(command: list[str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The process of a command line; ended, or killed, when the block ends."""
    with log.open("ab") as output:
        process = _start(command, output)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _start(command: list[str], output: IO[bytes]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """kill -9, and wait for the end."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
