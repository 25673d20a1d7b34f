"""hepbox import: a capture's packets, stored at their own times, without the network."""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from appliance.buffer.connection import BufferError
from appliance.buffer.importing import push_import
from appliance.capture.files import CaptureError
from appliance.capture.tally import Tally
from appliance.cli.app import Config, DataDir, app
from appliance.cli.instance import WRONG_USAGE, fail, read_settings, with_database
from appliance.cli.progress import Progress
from appliance.cli.replay import packets_of, report, say_damage
from appliance.model.kinds import day_of, day_start_us
from appliance.model.packet import Packet
from appliance.settings import Settings
from appliance.storage import retention

NODE = b"import"
EARLIEST_US = day_start_us(date(1990, 1, 1))
AHEAD_US = 3_600_000_000
MOST_DAYS = 100
"""A file; each day makes tables."""
TOLD_SECONDS = 0.3
OUT_OF_TIME = "without a time from 1990 to an hour from now"


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="captures (pcap, pcapng; gzip too)")],
    progress: Annotated[Path | None, typer.Option(hidden=True, help="file to tell a page in how far it is")] = None,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Store the SIP, RTCP and HEP packets of captures at their own times, without the network."""
    settings = read_settings(config, data_dir)
    latest_us = time.time_ns() // 1000 + AHEAD_US
    looked = Looked()
    for file in files:
        _look_through(file, latest_us, looked)
    # before anything is stored, or a rotation in between would take these days at once
    with_database(settings, lambda database: retention.note_import(database, looked.days, time.time_ns() // 1000))
    tally, told = Tally(), Told(progress, looked)
    pushed = sum(_push(settings, file, latest_us, tally, told) for file in files)
    report(tally)
    print(f"imported {pushed}")


def in_time(found: Iterator[Packet], latest_us: int, tally: Tally) -> Iterator[Packet]:
    """The packets whose time can be kept; the others are counted."""
    for packet in found:
        if packet.time_us is not None and EARLIEST_US <= packet.time_us <= latest_us:
            yield packet
        else:
            tally.skip(OUT_OF_TIME)


@dataclass(slots=True)
class Looked:
    """What the files hold, as a first reading found it."""

    days: set[date] = field(default_factory=set)
    packets: int = 0
    first_us: int = 0
    last_us: int = 0


class Told:
    """How far an import is, as JSON in a file, for the page that watches it."""

    def __init__(self, file: Path | None, looked: Looked) -> None:
        self._file, self._looked, self._next = file, looked, 0.0
        self.tell(0)

    def tell(self, pushed: int) -> None:
        """Write it, a few times a second at most, and at the end."""
        all_of_it = pushed >= self._looked.packets
        if self._file is None or (time.monotonic() < self._next and not all_of_it):
            return
        self._next = time.monotonic() + TOLD_SECONDS
        of = self._looked
        facts = {"pushed": pushed, "packets": of.packets, "first_us": of.first_us, "last_us": of.last_us}
        written = self._file.with_suffix(".new")
        written.write_text(json.dumps(facts), encoding="utf-8")
        written.replace(self._file)


def _look_through(file: Path, latest_us: int, looked: Looked) -> None:
    """Read a file through before any of it is stored: that it is a capture, and of which days."""
    days = set[date]()
    try:
        for packet in in_time(packets_of(file, NODE, Tally()), latest_us, Tally()):
            time_us = packet.time_us or 0
            days.add(day_of(time_us))
            looked.first_us = min(looked.first_us or time_us, time_us)
            looked.last_us = max(looked.last_us, time_us)
            looked.packets += 1
    except CaptureError as error:
        fail(str(error), WRONG_USAGE)
    if len(days) > MOST_DAYS:
        fail(
            f"{file} holds packets of {len(days)} days, from {min(days)} to {max(days)}; "
            f"a file may have {MOST_DAYS}: split it, for example by `editcap -A START -B STOP`",
            WRONG_USAGE,
        )
    looked.days |= days


def _push(settings: Settings, file: Path, latest_us: int, tally: Tally, told: Told) -> int:
    progress, pushed = Progress(), 0
    before = tally.skipped[OUT_OF_TIME]
    try:
        for pushed in push_import(settings.redis, in_time(packets_of(file, NODE, tally), latest_us, tally)):
            progress.show(pushed)
            told.tell(pushed)
    except (BufferError, OSError) as error:
        place = settings.redis.socket or "[redis] url"  # which may hold a password
        fail(
            f"{file}: after {pushed} packets the buffer at {place} does not answer: {error}; "
            "is `hepbox run` running with these settings?"
        )
    finally:
        progress.end()
    say_damage(file, tally)
    if late := tally.skipped[OUT_OF_TIME] - before:
        print(f"hepbox: {file}: {late} packets {OUT_OF_TIME} were left out", file=sys.stderr)
    return pushed
