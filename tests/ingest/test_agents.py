import asyncio
from dataclasses import replace

from appliance.ingest import agents
from appliance.ingest.agents import Roll, Seen
from appliance.metrics import Counts
from appliance.settings import MysqlSettings
from appliance.storage import agents as table
from appliance.storage.connection import Database
from tests.calls.made import START_US, flow
from tests.sip_packets import SENDER, received, understood

(INVITE,) = flow("0 A>B INVITE")


def seen(*rows: object, counts: Counts | None = None) -> Seen:
    found = Seen(counts or Counts())
    for row in rows:
        record = received(row)  # type: ignore[arg-type]
        found.add(understood(record), record)
    return found


def test_packets_are_counted_by_agent_with_the_last_time() -> None:
    later = replace(INVITE, arrival_ts=INVITE.arrival_ts + 5)
    found = seen(later, INVITE, replace(INVITE, node="other")).agents
    assert {name: (agent.packets, agent.last_us) for name, agent in found.items()} == {
        b"tap": (2, START_US + 5),
        b"other": (1, START_US),
    }
    assert (found[b"tap"].sender_ip, found[b"tap"].hep_version) == (SENDER, 3)


def test_malformed_messages_and_bad_clocks_are_counted() -> None:
    counts = Counts()
    seen(INVITE, replace(INVITE, callid=""), replace(INVITE, ts=5), counts=counts)
    assert counts.take() == {"packets_malformed_total": 1, "packets_clamped_total": 1}


def test_what_came_in_the_transaction_before_is_told_apart_from_what_came_twice() -> None:
    again, later = replace(INVITE, ts=INVITE.ts + 100), replace(INVITE, ts=INVITE.ts + 500_000)
    roll = agents.Roll()
    roll.merge(seen(INVITE))
    for row, repeated in ((again, 1), (later, 0)):
        found = agents.Seen(Counts(), roll.last)
        record = received(row)
        found.add(understood(record), record)
        assert found.agents[b"tap"].repeated == repeated


def test_directions_copies_kinds_and_the_clock_are_noted() -> None:
    again, later = replace(INVITE, ts=INVITE.ts + 100), replace(INVITE, ts=INVITE.ts + 500_000)
    agent = seen(INVITE, again, later).agents[b"tap"]
    assert (agent.requests, agent.responses, agent.repeated) == (3, 0, 1), "half a second later is a retransmission"
    assert agent.kinds == {"call": 3}
    assert agent.clock_us == min(row.arrival_ts - row.ts for row in (INVITE, again, later))
    other = seen(replace(INVITE, ts=INVITE.ts - 7_000_000)).agents[b"tap"]
    agent.add(other)
    assert (agent.packets, agent.kinds) == (4, {"call": 4})


def test_what_several_transactions_saw_is_merged_and_taken_once() -> None:
    roll = Roll()
    roll.merge(seen(INVITE))
    roll.merge(seen(replace(INVITE, arrival_ts=INVITE.arrival_ts + 9), replace(INVITE, node="other")))
    assert sorted((agent.node, agent.packets) for agent in roll.take()) == [(b"other", 1), (b"tap", 2)]
    assert roll.take() == []


def test_more_names_than_there_can_be_agents_do_not_fill_memory() -> None:
    found = seen(*(replace(INVITE, node=f"made-up-{n}") for n in range(50)))
    agents.MOST_AGENTS, most = 20, agents.MOST_AGENTS
    try:
        bounded = seen(*(replace(INVITE, node=f"made-up-{n}") for n in range(50)))
        roll = Roll()
        roll.merge(found)
        assert (len(bounded.agents), len(roll.take())) == (20, 20)
    finally:
        agents.MOST_AGENTS = most


async def test_they_are_in_the_table_when_the_writer_stops(database: Database, mysql: MysqlSettings) -> None:
    roll, stop = Roll(), asyncio.Event()
    keeping = asyncio.ensure_future(agents.keep_storing(mysql, roll, stop))
    await asyncio.sleep(0)
    roll.merge(seen(INVITE))
    stop.set()
    await asyncio.wait_for(keeping, 30)
    assert [(agent.node, agent.packets) for agent in await table.known(database)] == [("tap", 1)]


async def test_a_database_away_costs_the_list_and_nothing_else() -> None:
    roll, stop = Roll(), asyncio.Event()
    roll.merge(seen(INVITE))
    stop.set()
    await agents.keep_storing(MysqlSettings(host="127.0.0.1", port=1), roll, stop)
