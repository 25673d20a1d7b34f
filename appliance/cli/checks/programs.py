"""Are the servers that hepbox starts itself installed, and new enough?"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from appliance.cli.checks.finding import Finding, note, ok, wrong
from appliance.ingest import compiled
from appliance.settings import Settings

PLACES = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/sbin:/bin"
"""An ordinary user's PATH lacks the directories of servers."""


@dataclass(frozen=True, slots=True)
class Program:
    """A server of ours: the oldest version that has what we use, and where it comes from."""

    name: str
    oldest: tuple[int, int]
    package: str
    setting: str
    """What to set in place of installing it."""


READERS_REMEDY = (
    "hepbox works without them, at twice the cost of receivers and writers; to have them, install the packages gcc and "
    "python3-dev and run the installer again"
)
MARIADB = Program("mariadbd", (10, 6), "mariadb-server-core", "[mysql] host")
REDIS = Program("redis-server", (6, 2), "redis-server", "[redis] url")


def examine(settings: Settings) -> Iterator[Finding]:
    """A finding for each server that these settings make hepbox start."""
    if not settings.mysql.host:
        yield _examine(MARIADB)
    if not settings.redis.url:
        yield _examine(REDIS)
    yield _examine_readers(settings)


def _examine_readers(settings: Settings) -> Finding:
    names = [name.encode() for name in settings.sip.correlation_headers]
    if (settings.sip.discard or settings.sip.censor) and not compiled.absence(names):
        remedy = "nothing is wrong: rules need every message taken apart, at twice the cost of a writer"
        return note("compiled readers", "[sip] discard and censor have messages read by the plain ones", remedy)
    if absent := compiled.absence(names):
        return note("compiled readers", absent, READERS_REMEDY)
    return ok("compiled readers", "used for sockets and usual messages")


def _examine(program: Program) -> Finding:
    path = shutil.which(program.name, path=PLACES)
    install = f"install the package {program.package}, or name another server with {program.setting}"
    if path is None:
        return wrong(program.name, "not found", install)
    said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout.strip()
    version = version_in(said)
    if version is None:
        return wrong(program.name, f"{path} did not say its version", install)
    if version < program.oldest:
        oldest = ".".join(map(str, program.oldest))
        return wrong(program.name, f"{path} is {version[0]}.{version[1]}, {oldest} is the oldest that works", install)
    return ok(program.name, f"{path} {version[0]}.{version[1]}")


def version_in(said: str) -> tuple[int, int] | None:
    """`mariadbd  Ver 10.11.19-MariaDB` or `Redis server v=7.0.15 …` -> (10, 11), (7, 0)."""
    found = re.search(r"(?:Ver |v=)(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else None
