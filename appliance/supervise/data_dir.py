"""The data directory: made, locked for one supervisor, and the name of this site kept in it."""

import fcntl
import json
import os
import secrets
from pathlib import Path
from typing import IO, Any

from appliance.settings import Settings

LONGEST_SOCKET_PATH = 107
STATUS_FILE = "status.json"


class DataDirError(Exception):
    """The data directory cannot be used; the text is a sentence for the operator."""


def prepare(settings: Settings) -> IO[str]:
    """Make the directory and lock it; the lock lasts as long as the file is open. Raises DataDirError."""
    data = settings.paths.data
    try:
        (data / "run").mkdir(parents=True, exist_ok=True)
        lock = (data / "run" / "lock").open("a")
    except OSError as error:
        raise DataDirError(
            f"{data}: cannot be written ({error.strerror}); give hepbox its own with --data-dir"
        ) from error
    longest = len(os.fsencode(data / "run" / "mysql.sock"))
    if longest > LONGEST_SOCKET_PATH:
        raise DataDirError(
            f"{data}: the path is too long for the sockets in it by {longest - LONGEST_SOCKET_PATH} bytes"
        )
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise DataDirError(f"{data}: another hepbox runs with this data directory; stop it or take another") from error
    return lock


def site_name(settings: Settings) -> str:
    """[site] name, else the one that was made for this data directory. Raises DataDirError."""
    if settings.site.name:
        return settings.site.name
    file = settings.paths.data / "site"
    try:
        name = file.read_text(encoding="ascii").strip() if file.exists() else ""
        if not name:
            name = secrets.token_hex(3)
            file.write_text(name, encoding="ascii")
    except OSError as error:
        raise DataDirError(f"{file}: cannot be written or read ({error.strerror})") from error
    return name


def write_status(settings: Settings, status: dict[str, Any]) -> None:
    """What `hepbox status` reads: whole or the one before. Raises OSError, as when the disk is full."""
    file = settings.paths.data / "run" / STATUS_FILE
    temporary = file.with_suffix(".tmp")
    temporary.write_text(json.dumps(status), encoding="utf-8")
    temporary.rename(file)


def read_status(data: Path) -> dict[str, Any] | None:
    """The last status of the supervisor; None when there is none."""
    try:
        status: dict[str, Any] = json.loads((data / "run" / STATUS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return status
