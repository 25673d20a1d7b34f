"""The scheduler process: makes and drops tables by the clock, settles calls, and keeps the history of an hour."""

import asyncio

from appliance.buffer.connection import open_async
from appliance.calls.numbers import Numbering
from appliance.geo.countries import Countries
from appliance.ingest import process, sampling, signs
from appliance.ingest.announcing import Announcing
from appliance.ingest.config import ProcessConfig
from appliance.ingest.settler import Settler
from appliance.metrics import Counts
from appliance.rotation import scheduler as rotation
from appliance.storage.connection import Database


class Scheduler:
    """What happens without a packet."""

    def __init__(self, config: ProcessConfig) -> None:
        self._config = config
        self._stop = asyncio.Event()

    def stop(self) -> None:
        self._stop.set()

    async def run(self) -> None:
        """Settle and rotate until stopped."""
        settings, counts = self._config.settings, Counts()
        database = await Database.open(settings.mysql, size=2, local_infile=True)
        redis = open_async(settings.redis)
        numbering, places = Numbering(settings.sip.home_country), Countries(settings.paths.geoip)
        tell = Announcing(redis).tell_calls
        settler = Settler(database, counts, numbering.countries, places, settings.sip.callid_suffixes, tell)
        facts = signs.Facts("scheduler", lambda: {"waiting_calls": settler.waiting})
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(rotation.run(settings, self._stop))
                tasks.create_task(settler.run(self._stop))
                tasks.create_task(signs.keep_giving(redis, facts, counts, self._stop))
                tasks.create_task(sampling.keep_sampling(redis, settings.paths.data, self._stop))
        finally:
            await database.close()
            await redis.aclose()


def main(config: ProcessConfig) -> None:
    """The process's entry point."""
    process.run("scheduler", Scheduler(config))
