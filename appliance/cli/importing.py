"""hepbox import: a capture's packets, stored at their own times, without the network."""

import sys
import time
from collections.abc import Iterator
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
from appliance.cli.replay import packets_of, report, say_damage
from appliance.cli.sender import Progress
from appliance.model.kinds import day_of, day_start_us
from appliance.model.packet import Packet
from appliance.settings import Settings
from appliance.storage import retention

NODE = b"import"
EARLIEST_US = day_start_us(date(1990, 1, 1))
AHEAD_US = 3_600_000_000
MOST_DAYS = 100
"""A file; each day makes tables."""
OUT_OF_TIME = "without a time from 1990 to an hour from now"


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="captures (pcap, pcapng; gzip too)")],
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Store the SIP, RTCP and HEP packets of captures at their own times, without the network."""
    settings = read_settings(config, data_dir)
    latest_us = time.time_ns() // 1000 + AHEAD_US
    days = {day for file in files for day in _checked_days(file, latest_us)}
    # before anything is stored, or a rotation in between would take these days at once
    with_database(settings, lambda database: retention.note_import(database, days, time.time_ns() // 1000))
    tally = Tally()
    pushed = sum(_push(settings, file, latest_us, tally) for file in files)
    report(tally)
    print(f"imported {pushed}")


def in_time(found: Iterator[Packet], latest_us: int, tally: Tally) -> Iterator[Packet]:
    """The packets whose time can be kept; the others are counted."""
    for packet in found:
        if packet.time_us is not None and EARLIEST_US <= packet.time_us <= latest_us:
            yield packet
        else:
            tally.skip(OUT_OF_TIME)


def _checked_days(file: Path, latest_us: int) -> set[date]:
    """Read a file through before any of it is stored: that it is a capture, and of which days."""
    try:
        days = {day_of(packet.time_us or 0) for packet in in_time(packets_of(file, NODE, Tally()), latest_us, Tally())}
    except CaptureError as error:
        fail(str(error), WRONG_USAGE)
    if len(days) > MOST_DAYS:
        fail(
            f"{file} holds packets of {len(days)} days, from {min(days)} to {max(days)}; "
            f"a file may have {MOST_DAYS}: split it, for example by `editcap -A START -B STOP`",
            WRONG_USAGE,
        )
    return days


def _push(settings: Settings, file: Path, latest_us: int, tally: Tally) -> int:
    progress, pushed = Progress(), 0
    before = tally.skipped[OUT_OF_TIME]
    try:
        for pushed in push_import(settings.redis, in_time(packets_of(file, NODE, tally), latest_us, tally)):
            progress.show(pushed)
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
