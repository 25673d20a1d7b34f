"""Rotation by the clock: tables for today and the days ahead at start and every hour, dropping at start and at
night, when days that are over are closed too.

Runs in the scheduler's process. rotation.ini is read anew each time; a mistake in it is logged and the last good
one stays in force. Only one appliance at a time drops in a database: the others find its lock and leave it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from appliance.log import logger
from appliance.rotation import jobs
from appliance.rotation.plan import Close, Drop
from appliance.rotation.policy import Policy, PolicyError, load
from appliance.settings import Settings
from appliance.storage import retention
from appliance.storage.connection import Database, DatabaseError

DROP_HOUR, DROP_MINUTE = 3, 30
"""UTC; when HOMER 5 rotated, and when few people search."""
FIRST_RETRY_SECONDS = 2.0
BUSY_RETRY = timedelta(minutes=10)
_JOB = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}

Clock = Callable[[], int]


def now_us() -> int:
    """Microseconds UTC."""
    return time.time_ns() // 1000


class Rotation:
    """The jobs, with what they share."""

    def __init__(self, database: Database, file: Path, scheduler: AsyncIOScheduler, clock: Clock = now_us) -> None:
        self._database = database
        self._file = file
        self._scheduler = scheduler
        self._clock = clock
        self._policy = Policy()
        self._notes: tuple[str, ...] = ()

    def policy(self) -> Policy:
        """rotation.ini as it is now, or as it was when it last made sense."""
        try:
            self._policy = load(self._file)
        except PolicyError as error:
            logger().error("rotation_file_refused", error=str(error))
        if self._policy.notes != self._notes:
            self._notes = self._policy.notes
            for note in self._notes:
                logger().info("rotation_file_noted", note=note)
        return self._policy

    async def make(self) -> bool:
        """Make the tables that are missing; False when the database would not."""
        return await self._tried(self._make)

    async def drop(self) -> None:
        """Drop what is past its days and prune; what was in use or failed is tried again soon."""
        if not await self._tried(self._drop):
            soon = datetime.now(UTC) + BUSY_RETRY
            self._scheduler.add_job(self.drop, "date", run_date=soon, id="retry", replace_existing=True, **_JOB)

    async def nightly(self) -> None:
        """Drop, and close days that are over: an hour of work for the largest, which a start should not begin with."""
        await self.drop()
        await self._tried(self._close)

    async def _tried(self, job: Callable[[], Awaitable[bool]]) -> bool:
        try:
            return await job()
        except (DatabaseError, OSError) as error:
            logger().warning("rotation_failed", error=str(error))
            return False

    async def _make(self) -> bool:
        made = await jobs.make_ahead(self._database, self.policy(), self._clock())
        if made:
            logger().info("tables_made", count=len(made), first=made[0], last=made[-1])
        return True

    async def _drop(self) -> bool:
        policy, now = self.policy(), self._clock()
        async with retention.alone(self._database) as mine:
            if not mine:
                return True
            plan = await jobs.plan(self._database, policy, now)
            pruned = await jobs.prune(self._database, policy, now)
            if any(pruned.values()):
                logger().info("rows_pruned", **pruned)
            if not policy.drops:
                logger().info("rotation_only_shown", drops=len(plan.drops))
                return True
            outcome = await jobs.carry_out(self._database, plan, _log)
        return not outcome.busy

    async def _close(self) -> bool:
        async with retention.alone(self._database) as mine:
            if not mine:
                return True
            plan = await jobs.plan(self._database, self.policy(), self._clock())
            return not await jobs.close(self._database, plan, _log_close)


def _log_close(close: Close, done: bool) -> None:
    logger().info("day_closed" if done else "table_busy", table=close.stored.table.name)


def _log(drop: Drop, gone: bool) -> None:
    event = "table_dropped" if gone else "table_busy"
    logger().info(event, table=drop.stored.table.name, bytes=drop.stored.size, reason=drop.reason)


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Rotate until `stop` is set."""
    database = await Database.open(settings.mysql, size=3)
    scheduler = AsyncIOScheduler(timezone=UTC)
    rotation = Rotation(database, settings.paths.rotation, scheduler)
    try:
        while not stop.is_set() and not await rotation.make():
            await _pause(stop, FIRST_RETRY_SECONDS)
        if stop.is_set():
            return
        scheduler.add_job(rotation.make, "interval", hours=1, **_JOB)
        scheduler.add_job(rotation.nightly, "cron", hour=DROP_HOUR, minute=DROP_MINUTE, **_JOB)
        scheduler.add_job(rotation.drop, "date", id="first", **_JOB)
        scheduler.start()
        await stop.wait()
        scheduler.shutdown(wait=False)
    finally:
        await database.close()


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
