from appliance.storage import seen
from appliance.storage.connection import Database
from tests.storage.search.asking import locked
from tests.storage.search.stored import HOUR, NOON, SECOND, Sent, a_call, store, store_calls


async def test_an_empty_database_has_seen_nothing(database: Database) -> None:
    assert await seen.lately(database, NOON) == {}


async def test_values_come_by_field_the_most_frequent_first(database: Database) -> None:
    calls = [a_call(f"call-{number}", started=NOON + number, from_user="alice") for number in range(3)]
    await store_calls(database, [*calls, a_call("other", from_user="\udcff'*", causes=("Q.850/16", "SIP/486"))])
    await store(database, [Sent(columns={"contact_user": b"c", "node": b"sbc-2", "user_agent": b"Snom"})])
    found = await seen.lately(database, NOON + HOUR)
    assert found["from"] == ("alice", "\udcff'*")
    assert found["cause"] == ("Q.850/16", "SIP/486")
    assert found["contact"] == ("c",)
    assert set(found["ua"]) == {"Softphone 1.0", "Snom"}
    assert found["node"] == found["agent"] == ("sbc-1", "sbc-2")
    assert "" not in {value for values in found.values() for value in values}


async def test_the_newest_rows_alone_are_read_and_yesterday_when_today_has_few(
    database: Database,
) -> None:
    days = [a_call(f"call-{days}", started=NOON - days * 24 * HOUR, from_user=f"user-{days}") for days in range(4)]
    await store_calls(database, [*days, a_call("tomorrow", started=NOON + 24 * HOUR, from_user="later")])
    assert set((await seen.lately(database, NOON + HOUR))["from"]) == {"user-0", "user-1"}
    older = [a_call(f"old-{number}", started=NOON - SECOND - number, from_user="old") for number in range(20)]
    await store_calls(database, older)
    counted: dict[str, object] = {}
    tables = ["calls_20261123"]
    await seen._count(database, tables, "started", {"from": ("from_user",)}, counted, most=1)  # type: ignore[arg-type]
    assert counted == {"from": {b"user-0": 1}}


async def test_a_table_that_is_held_is_left_out_in_time(database: Database) -> None:
    await store_calls(database, [a_call("one")])
    await store(database, [Sent(columns={"contact_user": b"c"})])
    async with locked(database, "calls_20261123"):
        found = await seen.lately(database, NOON)
    assert found["contact"] == ("c",)
    assert "cause" not in found


async def test_the_server_reads_the_newest_rows_by_a_key(database: Database) -> None:
    await store_calls(database, [a_call(f"call-{number}", started=NOON + number) for number in range(50)])
    await store(database, [Sent(at=NOON + number) for number in range(50)])
    tables = {"started": "calls_20261123", "micro_ts": "sip_capture_call_20261123"}
    for order, table in tables.items():
        (plan,) = await database.fetch(f"EXPLAIN {seen.newest(table, ['source_ip'], order, 5)}")
        assert "index" in plan and "5" in map(str, plan)
        assert "filesort" not in str(plan)
