"""`hepbox bench search`: three days of traffic in a private instance, and how long it takes to find something.

The instance is that of production: its own MariaDB with its settings, page-compressed tables, its settler; days that
are over are closed. A question is asked over all days with values that were not asked before (`ms`), and then with the
same ones again (`ms_again`).
"""

import asyncio
import sys
import time
from typing import Any

from appliance.cli.benchmark import filling, questions, steady
from appliance.cli.benchmark.filling import Traffic, fill
from appliance.cli.benchmark.ingest import wait_until_idle, wait_until_settled
from appliance.cli.benchmark.instance import BenchmarkError, Private, private_instance, with_database
from appliance.cli.benchmark.machine import machine
from appliance.cli.progress import Progress
from appliance.model.kinds import day_of
from appliance.storage import closed_days, measure
from appliance.storage.connection import Database

BEFORE_NOW_US = 600_000_000
"""The traffic ends so long ago, so that what is captured meanwhile can be told from it."""


def measured(rows: int, asked: int, rate: int) -> dict[str, Any]:
    """One measurement; `rate` messages a second are captured meanwhile. Raises BenchmarkError."""
    traffic = Traffic(rows, time.time_ns() // 1000 - BEFORE_NOW_US)
    with private_instance() as instance:
        wait_until_idle(instance)
        begun = time.monotonic()
        _fill(instance, traffic)
        filled = time.monotonic() - begun
        calls = with_database(instance, measure.calls_stored)
        with_database(instance, _close_days)
        wait_until_idle(instance)
        capture, found = _asked(instance, traffic, asked, rate)
    return {
        "rows": rows,
        "calls": calls,
        "days": filling.DAYS,
        "queries": found,
        "capture": capture,
        "filled_seconds": round(filled, 1),
        "messages": traffic.mix.about(),
        "machine": machine(),
    }


def _fill(instance: Private, traffic: Traffic) -> None:
    progress = Progress()
    try:
        asyncio.run(fill(instance.settings, traffic, progress.show))
    except TimeoutError as error:
        raise BenchmarkError(str(error)) from error
    finally:
        progress.end()


async def _close_days(database: Database) -> None:
    """As rotation does it every night."""
    today = day_of(time.time_ns() // 1000)
    for day in await closed_days.open_days(database):
        if day < today:
            _tell(f"closing {day}")
            await closed_days.close(database, day)


def _asked(instance: Private, traffic: Traffic, asked: int, rate: int) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """(what was captured meanwhile, the rows of the table)."""
    since_us = time.time_ns() // 1000
    before = with_database(instance, measure.progress)

    async def ask() -> list[dict[str, Any]]:
        database = await Database.open(instance.settings.mysql, size=4)
        try:
            return await questions.ask(database, traffic, questions.KINDS, asked, _tell)
        finally:
            await database.close()

    with steady.sending(instance.hep_port, rate) as sender:
        found = asyncio.run(ask())
    wait_until_settled(instance, before.received + sender.sent)
    stored = with_database(instance, lambda database: measure.stored(database, since_us))
    lost = {"sent": sender.sent, "stored": stored.rows, "lost": sender.sent - stored.distinct}
    return {"rate": rate, **lost, "duplicates": stored.rows - stored.distinct}, found


def _tell(question: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{question}", end="", file=sys.stderr, flush=True)
