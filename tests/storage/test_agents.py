from appliance.storage import agents
from appliance.storage.agents import Agent, AgentSeen
from appliance.storage.connection import Database


async def test_what_several_writers_saw_is_added_up(tables: Database) -> None:
    await agents.note(tables, [AgentSeen(b"edge", "192.0.2.1", 2, 100, 5), AgentSeen(b"core", "192.0.2.3", 3, 150, 1)])
    await agents.note(tables, [AgentSeen(b"edge", "192.0.2.2", 3, 200, 7)])
    assert await agents.known(tables) == [
        Agent("edge", "192.0.2.2", 3, 100, 200, 12),
        Agent("core", "192.0.2.3", 3, 150, 150, 1),
    ]


async def test_a_late_word_does_not_move_the_last_time_back(tables: Database) -> None:
    await agents.note(tables, [AgentSeen(b"edge", "192.0.2.1", 3, 200, 1)])
    await agents.note(tables, [AgentSeen(b"edge", "192.0.2.1", 3, 100, 1)])
    (agent,) = await agents.known(tables)
    assert agent.last_seen == 200


async def test_a_name_of_any_octets_and_length_is_noted(tables: Database) -> None:
    await agents.note(tables, [AgentSeen(b"\xff\x00'\\" * 100, "2001:db8::1", 3, 1, 1), AgentSeen(b"", "", 1, 1, 1)])
    assert {agent.node for agent in await agents.known(tables)} == {"", ("\udcff\x00'\\" * 32)}


async def test_nobody_seen_is_nothing_noted(tables: Database) -> None:
    await agents.note(tables, [])
    assert await agents.known(tables) == []


MINUTE = agents.MINUTE_US
NOW = 1_700_000_000 * 1_000_000 // MINUTE * MINUTE + MINUTE // 2


async def test_figures_tell_the_rate_and_the_counts_of_the_hour(tables: Database) -> None:
    early = AgentSeen(b"edge", "192.0.2.1", 3, NOW - 30 * MINUTE, 100, requests=60, responses=40, repeated=3)
    late = AgentSeen(b"edge", "192.0.2.1", 3, NOW, 180, 90, 80, 0, 5, 1500, {"call": 170, "log": 10})
    await agents.note(tables, [early], NOW - 30 * MINUTE)
    await agents.note(tables, [late], NOW)
    await agents.note(tables, [AgentSeen(b"edge", "192.0.2.1", 3, NOW, clock_us=900, kinds={"log": 1})], NOW)
    (found,) = await agents.figures(tables, NOW)
    assert found.per_second == 2.0, "180 packets in a minute and a half"
    assert (found.packets, found.requests, found.responses, found.repeated, found.malformed) == (280, 150, 120, 3, 5)
    assert (found.clock_us, found.kinds) == (900, (("call", 170), ("log", 11)))


async def test_an_agent_of_long_ago_has_no_rate(tables: Database) -> None:
    await agents.note(tables, [AgentSeen(b"edge", "192.0.2.1", 3, NOW, 100, clock_us=-(1 << 70))], NOW)
    later = NOW + 2 * agents.KEPT_MINUTES * MINUTE
    await agents.forget(tables, later)
    (found,) = await agents.figures(tables, later)
    assert (found.per_second, found.packets, found.clock_us) == (0.0, 0, None)
    assert await tables.fetch("SELECT * FROM agent_minutes") == []
