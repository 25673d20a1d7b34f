"""`hepbox bench ingest`: the recorded mix from several senders, then what arrived, what it cost, what it weighs.

The time of the sender is left out, and what the server spends on being asked for probes; everything else that runs for
a message is in: receivers, Redis, writers, MariaDB with the flushing of its pages, and the settler's folding. Lost and
twice are counted in the tables.
"""

import asyncio
import secrets
import time
from pathlib import Path
from typing import Any

from appliance.capture.mixture import Mix
from appliance.cli.benchmark import probe, sending
from appliance.cli.benchmark.instance import BenchmarkError, Private, private_instance, with_database
from appliance.cli.benchmark.machine import machine
from appliance.hep.encode import encode
from appliance.storage import measure
from appliance.storage.connection import Database

SETTLE_SECONDS = 180.0
LOOK_SECONDS = 0.5
IDLE_SHARE = 0.1
"""Of one core: less than this is an instance at rest."""
IDLE_SECONDS = 30


def measured(rate: int | None, seconds: int) -> dict[str, Any]:
    """One measurement; `rate` messages a second, or as fast as can be sent when None. Raises BenchmarkError."""
    mix = Mix(encode, secrets.token_hex(2))
    with private_instance() as instance:
        wait_until_idle(instance)
        before = instance.cpu_seconds()
        begun = time.monotonic()
        sent, delays_ms, looking_seconds = asyncio.run(_send(instance, mix, rate, seconds))
        wait_until_settled(instance, sent + len(delays_ms))
        took = time.monotonic() - begun
        with_database(instance.as_owner(), measure.flush_pages)
        spent = {group: total - before[group] for group, total in instance.cpu_seconds().items()}
        spent["mysql"] -= looking_seconds
        # counting reads every row, which is no cost of storing one: so after the time was taken
        found = with_database(instance, measure.stored)
        octets = _allocated_bytes(instance.settings.paths.data / "mysql")
    return {
        "sent": sent,
        "received": found.received - len(delays_ms),
        "stored": found.rows - len(delays_ms),
        "lost": sent + len(delays_ms) - found.distinct,
        "duplicates": found.rows - found.distinct,
        "seconds": round(took, 2),
        "stored_per_second": round(found.rows / took),
        "cpu_us_per_message": _per_message(spent, found.rows),
        "bytes_per_message": round(octets / max(1, found.rows), 1),
        "searchable_ms": probe.percentiles(delays_ms),
        "messages": mix.about(),
        "machine": machine(),
    }


def wait_until_idle(instance: Private) -> None:
    """Until starting is over (tables are made ahead, modules read), which is no cost of a message."""
    spent = sum(instance.cpu_seconds().values())
    for _ in range(IDLE_SECONDS):
        time.sleep(1)
        now = sum(instance.cpu_seconds().values())
        if now - spent < IDLE_SHARE:
            return
        spent = now


async def _send(instance: Private, mix: Mix, rate: int | None, seconds: int) -> tuple[int, list[float], float]:
    """How many were sent, how soon the probes among them were found, and what looking for these cost the server."""
    database = await Database.open(instance.settings.mysql, size=1)
    stop = asyncio.Event()
    try:
        thread = await measure.own_thread(database)
        async with asyncio.TaskGroup() as tasks:
            probing = tasks.create_task(probe.keep_probing(database, instance.hep_port, stop))
            sent = await asyncio.to_thread(sending.send, mix, instance.hep_port, rate, seconds)
            stop.set()
        return sent, probing.result(), instance.thread_seconds("mysql", thread)
    finally:
        await database.close()


def wait_until_settled(instance: Private, sent: int) -> None:
    """Until every message is stored and every call folded, or nothing happens any more."""
    deadline = time.monotonic() + SETTLE_SECONDS
    received, still = -1, 0
    while time.monotonic() < deadline:
        found = with_database(instance, measure.progress)
        if found.unsettled == 0 and (found.received >= sent or still > 10):
            return
        still = still + 1 if found.received == received else 0
        received = found.received
        time.sleep(LOOK_SECONDS)
    raise BenchmarkError(f"the instance did not come to rest within {SETTLE_SECONDS:.0f} s")


def _per_message(spent: dict[str, float], messages: int) -> dict[str, float]:
    parts = {group: round(seconds / max(1, messages) * 1e6, 1) for group, seconds in spent.items()}
    return {**parts, "total": round(sum(spent.values()) / max(1, messages) * 1e6, 1)}


def _allocated_bytes(data: Path) -> int:
    return sum(file.stat().st_blocks * 512 for file in (data / "hepbox").glob("*.ibd"))
