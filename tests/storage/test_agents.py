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
