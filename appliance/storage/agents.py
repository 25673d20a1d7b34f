"""The agents (capture nodes) that were ever seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from appliance.model.octets import text
from appliance.storage.connection import Database


@dataclass(slots=True)
class AgentSeen:
    """What one writer saw of an agent since it last told."""

    node: bytes
    sender_ip: str
    hep_version: int
    last_us: int
    packets: int = 0


@dataclass(frozen=True, slots=True)
class Agent:
    """One line of the list of agents; times in microseconds UTC."""

    node: str
    sender_ip: str
    hep_version: int
    first_seen: int
    last_seen: int
    packets: int


async def note(database: Database, seen: Sequence[AgentSeen]) -> None:
    """Add to what is known; sorted by key, since several writers do this at once."""
    for agent in sorted(seen, key=lambda agent: agent.node):
        await database.execute(
            "INSERT INTO agents (node, sender_ip, hep_version, first_seen, last_seen, packets)"
            " VALUES (%s, %s, %s, %s, %s, %s) ON DUPLICATE KEY UPDATE sender_ip = VALUES(sender_ip),"
            " hep_version = VALUES(hep_version), last_seen = GREATEST(last_seen, VALUES(last_seen)),"
            " packets = packets + VALUES(packets)",
            (agent.node[:128], agent.sender_ip, agent.hep_version, agent.last_us, agent.last_us, agent.packets),
        )


async def known(database: Database) -> list[Agent]:
    """All agents, the one heard last first."""
    rows = await database.fetch(
        "SELECT node, sender_ip, hep_version, first_seen, last_seen, packets FROM agents"
        " ORDER BY last_seen DESC LIMIT 1000"
    )
    return [Agent(text(node), bytes(ip).decode(), *rest) for node, ip, *rest in rows]
