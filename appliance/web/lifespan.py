"""What is open while the web process runs: pools that connect when they are needed, and two things done by and by."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event as Flag

from appliance.buffer import connection as buffer_connection
from appliance.buffer import counters
from appliance.buffer.connection import AsyncClient, BufferError
from appliance.geo.countries import Countries
from appliance.log import logger
from appliance.metrics import Counts
from appliance.settings import Settings
from appliance.storage.connection import Database, DatabaseError
from appliance.web.auth import first_user
from appliance.web.auth.identity import Identities
from appliance.web.imports import Imports
from appliance.web.live.hub import Hub
from appliance.web.names import Names
from appliance.web.posted.janus import Handles
from appliance.web.render import environment
from appliance.web.searches import Searches
from appliance.web.seen_values import SeenValues
from appliance.web.state import SOON_SECONDS, State, now_us

POOL_SIZE = 12
RETRY_SECONDS = 2.0
SIGN_SECONDS = 1.0
BEYOND_A_SEARCH_SECONDS = 10.0


def limit_seconds(settings: Settings) -> float:
    """For one use of a connection: a server that hangs is told by then."""
    return max(settings.search.seconds, settings.search.text_seconds) + BEYOND_A_SEARCH_SECONDS


@asynccontextmanager
async def opened(settings: Settings, leaving: Flag) -> AsyncIterator[State]:
    """Open everything without waiting for a server; make the first user as soon as the database answers."""
    database = await Database.open(settings.mysql, size=POOL_SIZE, limit_seconds=limit_seconds(settings))
    buffer = buffer_connection.open_async(settings.redis)
    names = Names(database.within(SOON_SECONDS))
    state = State(
        settings=settings,
        site=settings.site.name,
        database=database,
        buffer=buffer,
        identities=Identities(database.within(SOON_SECONDS)),
        templates=environment(Countries(settings.paths.geoip), names),
        names=names,
        figures={},
        seen=SeenValues(database),
        imports=Imports(settings),
        counts=Counts(),
        handles=Handles(),
        hub=Hub(buffer, settings.site.name),
        leaving=leaving,
        searches=Searches(settings.search.at_once),
        identity=None,
    )
    state["imports"].tidy(now_us())
    stop = asyncio.Event()
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_make_first_user(database, stop))
            tasks.create_task(names.keep_reading(stop))
            tasks.create_task(_give_life_signs(settings, buffer, state["counts"], stop))
            hearing = tasks.create_task(state["hub"].run())
            yield state
            stop.set()
            hearing.cancel()
    finally:
        state["imports"].stop()
        await buffer.aclose()
        await database.close()


async def _make_first_user(database: Database, stop: asyncio.Event) -> None:
    said = ""
    while not stop.is_set():
        try:
            if await first_user.ensure(database, now_us()):
                logger().info("first_user_made", name=first_user.NAME)
            return
        except (DatabaseError, OSError) as error:
            if str(error) != said:
                logger().warning("database_awaited", error=str(error))
            said = str(error)
        await _pause(stop, RETRY_SECONDS)


async def _give_life_signs(settings: Settings, buffer: AsyncClient, counts: Counts, stop: asyncio.Event) -> None:
    while not stop.is_set():
        facts = {"pid": os.getpid(), "at_us": now_us(), "listen": settings.web.listen}
        counted = counts.take()
        try:
            await counters.life_sign(buffer, "web", facts)
            if counted:
                await counters.add(buffer, counted)
        except (BufferError, OSError) as error:
            counts.put_back(counted)
            logger().debug("life_sign_failed", error=str(error))
        await _pause(stop, SIGN_SECONDS)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
