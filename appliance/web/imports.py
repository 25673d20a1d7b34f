"""Captures given in the browser: each a directory DATA/imports/ID with the file, while `hepbox import` reads it, and
what is known of it. The import is a process of its own, so that pages stay quick and memory is given back.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from appliance.settings import Settings

KEPT_US = 30 * 86_400_000_000
"""How long the page of an import answers."""
CAPTURE, ABOUT, PROGRESS = "capture", "about.json", "progress.json"
RESTARTED = "The appliance was restarted while this was imported; import it again."
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Import:
    """One capture that somebody gave; times are microseconds UTC."""

    id: str
    user: str
    name: str
    """Of the file, as the browser told it."""
    size: int
    at: int
    running: bool = True
    failed: bool = False
    notice: str = ""
    """What went wrong, or what of the file could not be used."""
    pushed: int = 0
    packets: int = 0
    """In the file; 0 until it was read through."""
    first_us: int = 0
    last_us: int = 0

    @property
    def percent(self) -> int:
        return 100 * self.pushed // self.packets if self.packets else 0


class Imports:
    """All of them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._directory = settings.paths.data / "imports"
        self._children: dict[str, subprocess.Popen[str]] = {}

    def tidy(self, now_us: int) -> None:
        """At the start: files whose import a restart cut off go, and what is old."""
        for directory in self._directory.glob("*"):
            known = self.get(directory.name)
            if known is None or now_us - known.at > KEPT_US:
                shutil.rmtree(directory, ignore_errors=True)
            elif known.running:
                self._end(replace(known, failed=True, notice=RESTARTED))

    def stop(self) -> None:
        """End what runs."""
        for child in list(self._children.values()):
            child.terminate()

    def room_for(self, size: int) -> bool:
        """Whether the disk keeps a little space beside a file of that size."""
        self._directory.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self._directory).free > 2 * size + (512 << 20)

    def place(self) -> tuple[str, Path]:
        """A new import's id, and where its file goes."""
        id_ = secrets.token_hex(8)
        (self._directory / id_).mkdir(parents=True, mode=0o700)
        return id_, self._directory / id_ / CAPTURE

    def drop(self, id_: str) -> None:
        """Forget a file that did not come whole."""
        shutil.rmtree(self._directory / id_, ignore_errors=True)

    def running_of(self, user: str) -> Import | None:
        """What this person's import is that still runs."""
        return next((one for one in self.latest(user) if one.running), None)

    def latest(self, user: str) -> list[Import]:
        """A person's imports, the newest first."""
        known = (self.get(directory.name) for directory in self._directory.glob("*"))
        own = [one for one in known if one is not None and one.user == user]
        return sorted(own, key=lambda one: -one.at)[:_SHOWN]

    def get(self, id_: str) -> Import | None:
        """What is known of an import, its progress read anew."""
        if not (id_.isalnum() and id_.isascii()):
            return None
        about = _read(self._directory / id_ / ABOUT)
        if about is None:
            return None
        return Import(**{**about, **(_read(self._directory / id_ / PROGRESS) or {})})

    def begin(self, started: Import) -> None:
        """Read the file that lies at its place by `hepbox import`."""
        self._write(started)
        directory = self._directory / started.id
        command = [sys.executable, "-m", "appliance", "import", "--progress", str(directory / PROGRESS)]
        child = subprocess.Popen(
            [*command, str(directory / CAPTURE)],
            env=_environment(self._settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        self._children[started.id] = child
        threading.Thread(target=self._wait, args=(started, child), daemon=True).start()

    def _wait(self, started: Import, child: "subprocess.Popen[str]") -> None:
        said = child.communicate()[1]
        self._children.pop(started.id, None)
        known = self.get(started.id) or started
        failed = child.returncode != 0
        notice = _sentence(said, str(self._directory / started.id / CAPTURE), started.name)
        if failed and not notice:
            notice = RESTARTED if child.returncode < 0 else "The import failed; the log says why."
        self._end(replace(known, failed=failed, notice=notice))

    def _end(self, known: Import) -> None:
        directory = self._directory / known.id
        (directory / CAPTURE).unlink(missing_ok=True)
        self._write(replace(known, running=False))

    def _write(self, known: Import) -> None:
        directory = self._directory / known.id
        written = directory / f"{ABOUT}.new"
        written.write_text(json.dumps(asdict(known)), encoding="utf-8")
        written.replace(directory / ABOUT)


def _environment(settings: Settings) -> dict[str, str]:
    """This process's, and the settings that an import uses, wherever they were read from."""
    told = {"HEPBOX_PATHS_DATA": str(settings.paths.data.absolute())}
    for section in ("mysql", "redis"):
        for key, value in getattr(settings, section):
            told[f"HEPBOX_{section}_{key}".upper()] = "" if value is None else str(value)
    return {**os.environ, **told}


def _sentence(said: str, path: str, name: str) -> str:
    """The lines that the command wrote, as sentences about the file that its owner knows."""
    lines = [line.removeprefix("hepbox: ").replace(path, name) for line in said.splitlines() if line.strip()]
    return " ".join(f"{line[:600]}." for line in lines[-3:])


def _read(file: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
