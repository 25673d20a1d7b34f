import pytest

from appliance.model.kinds import DailyTable, Kind
from appliance.settings import MysqlSettings
from appliance.storage import raw
from appliance.storage.connection import Database
from appliance.storage.texts import DamagedBlock, pack, row_id
from tests.daily_database import DAY, NEXT_DAY, ask

CALLS, REST = DailyTable(DAY, Kind.CALL), DailyTable(NEXT_DAY, Kind.REST)


def put(mysql: MysqlSettings, table: DailyTable, block: int, body: bytes) -> None:
    ask(mysql, f"INSERT INTO `{table.texts}` VALUES (%s, 1, 1, 1, %s)", (block, body))


async def test_octets_of_several_tables_and_blocks_are_found(tables: Database, mysql: MysqlSettings) -> None:
    put(mysql, CALLS, 5, pack([b"INVITE", b"\x00\xff"]))
    put(mysql, CALLS, 9, pack([b"BYE"]))
    put(mysql, REST, 5, pack([b"OPTIONS"]))
    places = [(CALLS, row_id(5, 1)), (CALLS, row_id(9, 0)), (REST, row_id(5, 0))]
    assert await raw.payloads(tables, places) == dict(zip(places, [b"\x00\xff", b"BYE", b"OPTIONS"], strict=True))


async def test_more_blocks_than_one_question_holds_are_all_found(tables: Database, mysql: MysqlSettings) -> None:
    for block in range(2 * raw.BLOCKS_AT_ONCE + 1):
        put(mysql, CALLS, block, pack([b"%d" % block]))
    places = [(CALLS, row_id(block, 0)) for block in range(2 * raw.BLOCKS_AT_ONCE + 1)]
    found = await raw.payloads(tables, places)
    assert [found[place] for place in places] == [b"%d" % block for block in range(len(places))]


async def test_a_block_that_is_gone_is_left_out(tables: Database) -> None:
    assert await raw.payloads(tables, [(CALLS, row_id(1, 0))]) == {}
    assert await raw.payloads(tables, []) == {}


async def test_a_damaged_block_says_so(tables: Database, mysql: MysqlSettings) -> None:
    put(mysql, CALLS, 1, b"not zstd")
    with pytest.raises(DamagedBlock):
        await raw.payloads(tables, [(CALLS, row_id(1, 0))])


async def test_a_row_beyond_its_block_is_a_damaged_block(tables: Database, mysql: MysqlSettings) -> None:
    put(mysql, CALLS, 1, pack([b"one"]))
    with pytest.raises(DamagedBlock):
        await raw.payloads(tables, [(CALLS, row_id(1, 1))])


async def test_what_is_looked_at_once_is_read_without_damaged_and_missing_blocks(
    tables: Database, mysql: MysqlSettings
) -> None:
    for block in range(2 * raw.BLOCKS_ONCE):
        put(mysql, CALLS, block, pack([b"a", b"%d" % block]))
    put(mysql, CALLS, 99, b"not zstd")
    rows = [row_id(block, 1) for block in (*range(2 * raw.BLOCKS_ONCE), 99, 100)]
    found = await raw.once(tables, CALLS, [*rows, row_id(3, 7)])
    assert found == {row_id(block, 1): b"%d" % block for block in range(2 * raw.BLOCKS_ONCE)}
