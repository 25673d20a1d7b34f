"""The history of the last hour, sampled by the scheduler, and what of it is told to the log; none without Redis."""

import asyncio
import contextlib
import shutil
import time
from pathlib import Path

from appliance.buffer import history
from appliance.buffer.connection import AsyncClient, BufferError
from appliance.ingest.watching import Watch
from appliance.log import logger

log = logger()


async def keep_sampling(client: AsyncClient, data: Path, stop: asyncio.Event) -> None:
    """Look every few seconds until stopped; `data` is where the data lie."""
    watch = Watch()
    while not stop.is_set():
        try:
            sample = await history.take(client, time.time_ns() // 1000)
            await history.keep(client, sample)
        except (BufferError, OSError) as error:
            log.debug("history_not_kept", error=str(error))
        else:
            for told in watch.look(sample, _used_share(data)):
                (log.warning if told.is_bad else log.info)(told.event, **told.fields)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), history.EVERY_SECONDS)


def _used_share(data: Path) -> float | None:
    try:
        usage = shutil.disk_usage(data)
    except OSError:
        return None
    return 1 - usage.free / usage.total if usage.total else None
