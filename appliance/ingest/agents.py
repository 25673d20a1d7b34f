"""Which agents send, what, and since when: noted in memory while storing, handed to the table every few seconds."""

import asyncio
import contextlib
import time
from collections.abc import Mapping

from appliance.buffer.batch import Origin, Record
from appliance.ingest.understand import Understood
from appliance.log import logger
from appliance.metrics import Counts
from appliance.settings import MysqlSettings
from appliance.storage import agents as table
from appliance.storage.bundle import NewRow
from appliance.storage.connection import Database, DatabaseError

EVERY_SECONDS = 3.0
FORGET_EVERY_SECONDS = 600.0
MOST_AGENTS = 10_000
"""More names than this in a few seconds are made up by somebody: further ones are not noted."""
TWICE_US = 50_000
"""The same packet between the same hosts from the same agent within this was captured twice (FEATURES A7)."""
_HTTP, _IMPORT = int(Origin.HTTP), int(Origin.IMPORT)

log = logger()


class Seen:
    """Agents and oddities of the packets of one transaction."""

    def __init__(self, counts: Counts, before: Mapping[bytes, int] | None = None) -> None:
        """`before` are the columns of the transaction before with their times: two receivers share what one agent
        sends twice, and their batches may come one after the other."""
        self._counts = counts
        self.agents: dict[bytes, table.AgentSeen] = {}
        self.last: dict[bytes, int] = {}
        self._before = before or {}

    def add(self, found: Understood, record: Record) -> None:
        """Note one packet."""
        if found.suspect_clock:
            self._counts.add("packets_clamped_total")
        if found.malformed:
            self._counts.add("packets_malformed_total")
        agent = self.agents.get(found.node)
        if agent is None:
            if len(self.agents) >= MOST_AGENTS:
                return
            version = 0 if record.origin == _HTTP else found.hep_version
            agent = table.AgentSeen(found.node, record.sender_ip, version, record.received_us)
            self.agents[found.node] = agent
        agent.packets += 1
        if record.received_us > agent.last_us:
            agent.last_us = record.received_us
        kind = found.kind
        agent.kinds[kind] = agent.kinds.get(kind, 0) + 1
        if found.malformed:
            agent.malformed += 1
        self._note_direction(agent, found.row, kind.is_sip)
        if found.hep_version > 1 and record.origin < _IMPORT:
            _note_clock(agent, found.row, record.received_us)

    def _note_direction(self, agent: table.AgentSeen, row: NewRow, is_sip: bool) -> None:
        """Requests, responses, and what came twice: its columns are the same, its octets' hash among them."""
        if not is_sip:
            return
        if row.payload.startswith(b"SIP/2.0 "):
            agent.responses += 1
        else:
            agent.requests += 1
        before = self.last.get(row.tail, self._before.get(row.tail))
        self.last[row.tail] = row.micro_ts
        if before is not None and abs(row.micro_ts - before) < TWICE_US:
            agent.repeated += 1


def _note_clock(agent: table.AgentSeen, row: NewRow, received_us: int) -> None:
    """How long ago a packet says it happened: the least of many is the clock's difference, and the way here."""
    behind_us = received_us - (row.micro_ts if row.own_ts is None else row.own_ts)
    if agent.clock_us is None or behind_us < agent.clock_us:
        agent.clock_us = behind_us


class Roll:
    """Agents seen by a writer since it last told the table."""

    def __init__(self) -> None:
        self._agents: dict[bytes, table.AgentSeen] = {}
        self.last: Mapping[bytes, int] = {}
        """Of the last stored transaction, for the next one's `Seen`."""

    def merge(self, seen: Seen) -> None:
        """Add what one stored transaction saw."""
        self.last = seen.last
        for node, agent in seen.agents.items():
            held = self._agents.get(node)
            if held is None and len(self._agents) < MOST_AGENTS:
                self._agents[node] = agent
            elif held is not None:
                held.add(agent)

    def take(self) -> list[table.AgentSeen]:
        taken, self._agents = list(self._agents.values()), {}
        return taken


async def keep_storing(settings: MysqlSettings, roll: Roll, stop: asyncio.Event) -> None:
    """Hand over every few seconds until stopped; what cannot be handed over while the server is away is let go."""
    database, next_forget = await Database.open(settings, size=1), 0.0
    try:
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), EVERY_SECONDS)
            taken, now_us = roll.take(), time.time_ns() // 1000
            try:
                await table.note(database, taken, now_us)
                if time.monotonic() >= next_forget:
                    next_forget = time.monotonic() + FORGET_EVERY_SECONDS
                    await table.forget(database, now_us)
            except (DatabaseError, OSError, RuntimeError) as error:
                log.warning("agents_not_noted", agents=len(taken), error=str(error))
    finally:
        await database.close()
