"""The agents (capture nodes) that were ever seen, and what they sent of late."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from appliance.model.octets import text
from appliance.storage.connection import Database, Row

MINUTE_US = 60_000_000
KEPT_MINUTES = 60
MOST_AGENTS = 1000
_AT_ONCE = 500
_LARGEST = (1 << 62) - 1


@dataclass(slots=True)
class AgentSeen:
    """What one writer saw of an agent since it last told."""

    node: bytes
    sender_ip: str
    hep_version: int
    """0 for what was posted over HTTP."""
    last_us: int
    packets: int = 0
    requests: int = 0
    responses: int = 0
    repeated: int = 0
    malformed: int = 0
    clock_us: int | None = None
    """Least time from a packet's own time to its receipt; about how far the agent's clock is behind."""
    kinds: dict[str, int] = field(default_factory=dict)

    def add(self, other: "AgentSeen") -> None:
        """What another transaction saw of the same agent."""
        self.last_us = max(self.last_us, other.last_us)
        for name in ("packets", "requests", "responses", "repeated", "malformed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        if other.clock_us is not None:
            self.clock_us = other.clock_us if self.clock_us is None else min(self.clock_us, other.clock_us)
        for kind, packets in other.kinds.items():
            self.kinds[kind] = self.kinds.get(kind, 0) + packets


@dataclass(frozen=True, slots=True)
class Agent:
    """One line of the list of agents; times in microseconds UTC."""

    node: str
    sender_ip: str
    hep_version: int
    first_seen: int
    last_seen: int
    packets: int


@dataclass(frozen=True, slots=True)
class AgentFigures:
    """An agent with what it sent: `per_second` now, counts of the last hour."""

    agent: Agent
    kinds: tuple[tuple[str, int], ...] = ()
    """(kind, packets ever), the most first."""
    per_second: float = 0.0
    packets: int = 0
    requests: int = 0
    responses: int = 0
    repeated: int = 0
    malformed: int = 0
    clock_us: int | None = None


async def note(database: Database, seen: Sequence[AgentSeen], now_us: int | None = None) -> None:
    """Add to what is known; sorted by key, since several writers do this at once."""
    ordered = sorted(seen, key=lambda agent: agent.node)
    for start in range(0, len(ordered), _AT_ONCE):
        part = ordered[start : start + _AT_ONCE]
        await _note_agents(database, part)
        await _note_minute(database, part, now_us)
        await _note_kinds(database, part)


async def forget(database: Database, now_us: int) -> None:
    """Let go of the minutes that nobody asks for any more."""
    await database.execute("DELETE FROM agent_minutes WHERE minute < %s", (now_us // MINUTE_US - KEPT_MINUTES,))


async def known(database: Database) -> list[Agent]:
    """All agents, the one heard last first."""
    rows = await database.fetch(
        "SELECT node, sender_ip, hep_version, first_seen, last_seen, packets FROM agents"
        " ORDER BY last_seen DESC LIMIT %s",
        (MOST_AGENTS,),
    )
    return [Agent(text(node), bytes(ip).decode(), *rest) for node, ip, *rest in rows]


async def figures(database: Database, now_us: int) -> list[AgentFigures]:
    """All agents with what they sent, the one heard last first."""
    agents = await known(database)
    minutes = {text(node): rest for node, *rest in await _minutes(database, now_us)}
    kinds: dict[str, list[tuple[str, int]]] = {}
    for node, kind, packets in await database.fetch(
        "SELECT node, kind, packets FROM agent_kinds ORDER BY packets DESC LIMIT %s", (MOST_AGENTS * 9,)
    ):
        kinds.setdefault(text(node), []).append((text(kind), packets))
    return [_figures(agent, tuple(kinds.get(agent.node, ())), minutes.get(agent.node), now_us) for agent in agents]


def _figures(
    agent: Agent, kinds: tuple[tuple[str, int], ...], minutes: list[object] | None, now_us: int
) -> AgentFigures:
    if minutes is None:
        return AgentFigures(agent, kinds)
    clock = minutes.pop()
    recent, packets, requests, responses, repeated, malformed = (int(str(count)) for count in minutes)
    since_us = max((now_us // MINUTE_US - 1) * MINUTE_US, agent.first_seen)
    per_second = recent / max((now_us - since_us) / 1_000_000, 1.0)
    clock_us = None if clock is None else int(str(clock))
    return AgentFigures(agent, kinds, per_second, packets, requests, responses, repeated, malformed, clock_us)


async def _minutes(database: Database, now_us: int) -> list[Row]:
    """Sums by agent: packets since the minute before, then those of the hour; the clock of the last ten minutes."""
    minute = now_us // MINUTE_US
    return await database.fetch(
        "SELECT node, SUM(IF(minute >= %s, packets, 0)), SUM(packets), SUM(requests), SUM(responses), SUM(repeated),"
        " SUM(malformed), MIN(IF(minute >= %s, clock_us, NULL)) FROM agent_minutes WHERE minute > %s GROUP BY node",
        (minute - 1, minute - 10, minute - KEPT_MINUTES),
    )


async def _note_agents(database: Database, seen: Sequence[AgentSeen]) -> None:
    rows = [(a.node[:128], a.sender_ip, a.hep_version, a.last_us, a.last_us, a.packets) for a in seen]
    await _insert(
        database,
        "INSERT INTO agents (node, sender_ip, hep_version, first_seen, last_seen, packets) VALUES ",
        " ON DUPLICATE KEY UPDATE sender_ip = VALUES(sender_ip),"
        " hep_version = VALUES(hep_version), last_seen = GREATEST(last_seen, VALUES(last_seen)),"
        " packets = packets + VALUES(packets)",
        rows,
    )


async def _note_minute(database: Database, seen: Sequence[AgentSeen], now_us: int | None) -> None:
    rows = []
    for a in seen:
        minute = (a.last_us if now_us is None else now_us) // MINUTE_US
        clock = None if a.clock_us is None else max(-_LARGEST, min(a.clock_us, _LARGEST))
        rows.append((minute, a.node[:128], a.packets, a.requests, a.responses, a.repeated, a.malformed, clock))
    added = ", ".join(f"{n} = {n} + VALUES({n})" for n in ("packets", "requests", "responses", "repeated", "malformed"))
    await _insert(
        database,
        "INSERT INTO agent_minutes (minute, node, packets, requests, responses, repeated, malformed, clock_us) VALUES ",
        f" ON DUPLICATE KEY UPDATE {added}, clock_us = LEAST(COALESCE(clock_us, VALUES(clock_us)),"
        " COALESCE(VALUES(clock_us), clock_us))",
        rows,
    )


async def _note_kinds(database: Database, seen: Sequence[AgentSeen]) -> None:
    rows = [(a.node[:128], kind, packets, a.last_us) for a in seen for kind, packets in sorted(a.kinds.items())]
    await _insert(
        database,
        "INSERT INTO agent_kinds (node, kind, packets, last_seen) VALUES ",
        " ON DUPLICATE KEY UPDATE packets = packets + VALUES(packets),"
        " last_seen = GREATEST(last_seen, VALUES(last_seen))",
        rows,
    )


async def _insert(database: Database, head: str, tail: str, rows: Sequence[tuple[object, ...]]) -> None:
    """One statement for all rows; names of columns are ours, values are arguments."""
    if rows:
        places = "(" + ", ".join(["%s"] * len(rows[0])) + ")"
        await database.execute(head + ", ".join([places] * len(rows)) + tail, [value for row in rows for value in row])
