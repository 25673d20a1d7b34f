"""Which agents send, what, and since when: noted in memory while storing, handed to the table every few seconds."""

import asyncio
import contextlib

from appliance.buffer.batch import Record
from appliance.ingest.understand import Understood
from appliance.log import logger
from appliance.metrics import Counts
from appliance.settings import MysqlSettings
from appliance.storage import agents as table
from appliance.storage.connection import Database, DatabaseError

EVERY_SECONDS = 3.0
MOST_AGENTS = 10_000
"""More names than this in a few seconds are made up by somebody: further ones are not noted."""

log = logger()


class Seen:
    """Agents and oddities of the packets of one transaction."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self.agents: dict[bytes, table.AgentSeen] = {}

    def add(self, found: Understood, record: Record) -> None:
        """Note one packet."""
        if found.malformed:
            self._counts.add("packets_malformed_total")
        if found.suspect_clock:
            self._counts.add("packets_clamped_total")
        agent = self.agents.get(found.node)
        if agent is None:
            if len(self.agents) >= MOST_AGENTS:
                return
            agent = table.AgentSeen(found.node, record.sender_ip, found.hep_version, record.received_us)
            self.agents[found.node] = agent
        agent.packets += 1
        if record.received_us > agent.last_us:
            agent.last_us = record.received_us


class Roll:
    """Agents seen by a writer since it last told the table."""

    def __init__(self) -> None:
        self._agents: dict[bytes, table.AgentSeen] = {}

    def merge(self, seen: Seen) -> None:
        """Add what one stored transaction saw."""
        for node, agent in seen.agents.items():
            held = self._agents.get(node)
            if held is None and len(self._agents) < MOST_AGENTS:
                self._agents[node] = agent
            elif held is not None:
                held.packets += agent.packets
                held.last_us = max(held.last_us, agent.last_us)

    def take(self) -> list[table.AgentSeen]:
        taken, self._agents = list(self._agents.values()), {}
        return taken


async def keep_storing(settings: MysqlSettings, roll: Roll, stop: asyncio.Event) -> None:
    """Hand over every few seconds until stopped; what cannot be handed over while the server is away is let go."""
    database = await Database.open(settings, size=1)
    try:
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), EVERY_SECONDS)
            taken = roll.take()
            try:
                await table.note(database, taken)
            except (DatabaseError, OSError, RuntimeError) as error:
                log.warning("agents_not_noted", agents=len(taken), error=str(error))
    finally:
        await database.close()
