from collections.abc import Awaitable, Callable

import pymysql.err
import pytest

from appliance.storage import bulk
from appliance.storage.bundle import tail_of
from appliance.storage.connection import Database
from appliance.storage.faults import StoreError, meaning

WAYS = [bulk.load, bulk.insert]
HARD = b"\x00\xff\\N\t\n'\"\\"
Way = Callable[..., Awaitable[None]]


def line(name: bytes, packets: bytes | None = b"1") -> bytes:
    return tail_of([name, b"7", packets]) + b"\n"


async def ledger(database: Database) -> dict[bytes, int]:
    return dict(await database.fetch("SELECT name, packets FROM ingest_ledger"))


@pytest.mark.parametrize("way", WAYS)
async def test_lines_become_rows_whatever_octets_they_hold(tables: Database, way: Way) -> None:
    names = [HARD, *(b"%d" % n for n in range(2 * bulk.ROWS_AN_INSERT))]
    async with tables.transaction() as cursor:
        await way(cursor, "ingest_ledger", [line(name) for name in names])
    assert await ledger(tables) == dict.fromkeys(names, 1)


@pytest.mark.parametrize("way", WAYS)
async def test_rows_take_the_place_of_those_with_their_key_when_asked(tables: Database, way: Way) -> None:
    for packets in (b"1", b"2", b"2"):
        async with tables.transaction() as cursor:
            lines = [tail_of([packets, b"name-%d" % n, b"7"]) + b"\n" for n in range(3)]
            await way(cursor, "ingest_ledger", lines, "(packets, name, stored_at)", True)
    assert await ledger(tables) == {b"name-0": 2, b"name-1": 2, b"name-2": 2}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("packets", [b"99999999999", b"many", b"", None])
async def test_a_row_that_the_server_would_change_is_refused(tables: Database, way: Way, packets: bytes) -> None:
    with pytest.raises(Exception) as caught:
        async with tables.transaction() as cursor:
            await way(cursor, "ingest_ledger", [line(b"good"), line(b"bad", packets)])
    error = caught.value if isinstance(caught.value, StoreError) else meaning(caught.value)
    assert type(error).__name__ == "RefusedRows"
    assert await ledger(tables) == {}


@pytest.mark.parametrize("way", WAYS)
async def test_a_key_that_is_there_is_refused_unless_asked(tables: Database, way: Way) -> None:
    with pytest.raises(Exception) as caught:
        async with tables.transaction() as cursor:
            await way(cursor, "ingest_ledger", [line(b"same"), line(b"same")])
    assert isinstance(caught.value, StoreError | pymysql.err.IntegrityError)
    assert await ledger(tables) == {}


@pytest.mark.parametrize("body", [b"", HARD, bytes(range(256)) * 300, b"'\\", b"\\'", b"\\\\''%s", b"\xe2\x82'\xf0\\"])
async def test_one_row_holds_any_octets(tables: Database, body: bytes) -> None:
    async with tables.transaction() as cursor:
        await bulk.insert_one(cursor, "call_changes", [b"it's", 7, body])
        await bulk.insert_one(cursor, "call_changes", [body, 2**63, b"\\"], "(body, noted_at, batch)")
    assert await tables.fetch("SELECT batch, noted_at, body FROM call_changes ORDER BY noted_at") == [
        (b"it's", 7, body),
        (b"\\", 2**63, body),
    ]


async def test_a_server_says_whether_it_takes_loads(tables: Database) -> None:
    async with tables.connection() as connection, connection.cursor() as cursor:
        assert await bulk.can_load(cursor)
        await cursor.execute("SET GLOBAL local_infile = 0")
        try:
            assert not await bulk.can_load(cursor)
        finally:
            await cursor.execute("SET GLOBAL local_infile = 1")
