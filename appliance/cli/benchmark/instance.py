"""A private instance for measuring: `hepbox run` in a directory of its own, on ports of its own, gone afterwards."""

import asyncio
import getpass
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import psutil

from appliance import settings as settings_file
from appliance.cli.instance import with_own_sockets
from appliance.settings import Settings
from appliance.storage.connection import Database
from appliance.supervise import data_dir

GROUPS = {"receiver": "receiver", "writer": "writer", "redis": "redis", "mysql": "mysql", "scheduler": "settler"}
"""Role of a process -> what its time is printed as."""

Result = TypeVar("Result")


class BenchmarkError(Exception):
    """The measurement could not be made; the text says why."""


@dataclass(frozen=True, slots=True)
class Private:
    """The instance under measurement."""

    settings: Settings
    hep_port: int

    def as_owner(self) -> "Private":
        """The same instance, asked as the account that owns its database server (unix_socket)."""
        mysql = self.settings.mysql.model_copy(update={"user": getpass.getuser()})
        return replace(self, settings=self.settings.model_copy(update={"mysql": mysql}))

    def cpu_seconds(self) -> dict[str, float]:
        """User and system time so far by GROUPS, from the processes' own accounting."""
        status = data_dir.read_status(self.settings.paths.data)
        sums = dict.fromkeys(GROUPS.values(), 0.0)
        for child in status["processes"] if status else ():
            group = GROUPS.get(child["name"].split("-")[0])
            if group is not None and child["pid"] is not None:
                times = psutil.Process(child["pid"]).cpu_times()
                sums[group] += times.user + times.system
        return sums

    def thread_seconds(self, role: str, thread: int) -> float:
        """User and system time so far of one thread of the process with this role."""
        status = data_dir.read_status(self.settings.paths.data)
        pids = [child["pid"] for child in status["processes"] if child["name"] == role] if status else []
        threads = [each for pid in pids for each in psutil.Process(pid).threads() if each.id == thread]
        return float(sum(each.user_time + each.system_time for each in threads))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def private_instance() -> Iterator[Private]:
    """Start one and wait until it is ready. Raises BenchmarkError."""
    with tempfile.TemporaryDirectory(prefix="hepbox-bench-") as directory:
        ports = _free_port(), _free_port()
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HEPBOX_")},
            "HEPBOX_PATHS_DATA": directory,
            "HEPBOX_HEP_LISTEN": f"127.0.0.1:{ports[0]}",
            "HEPBOX_WEB_LISTEN": f"127.0.0.1:{ports[1]}",
        }
        command = [sys.executable, "-m", "appliance", "run"]
        with Path(directory, "log").open("w") as log:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=environment, text=True)
        try:
            assert process.stdout is not None
            if not process.stdout.readline().startswith("ready: "):
                raise BenchmarkError(
                    f"the private instance did not start: {Path(directory, 'log').read_text()[-2000:]}"
                )
            yield Private(with_own_sockets(settings_file.load(None, environment)), ports[0])
        finally:
            process.terminate()
            process.wait(180)


def with_database(instance: Private, work: Callable[[Database], Awaitable[Result]]) -> Result:
    """What `work` finds."""

    async def run() -> Result:
        database = await Database.open(instance.settings.mysql, size=1)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())
