import pymysql.err
import pytest

from appliance.storage.connection import Database, DatabaseError
from appliance.storage.faults import Collided, MissingTable, RefusedRows, RepeatedBatch, ServerAway, StoreError, meaning

LEDGER = "INSERT INTO ingest_ledger VALUES ('b', 1, {})"


async def error_of(database: Database, *statements: str) -> DatabaseError:
    with pytest.raises(DatabaseError) as caught:
        for statement in statements:
            await database.execute(statement)
    return caught.value


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("INSERT INTO sip_capture_call_19990101 VALUES (1)", MissingTable),
        (LEDGER.format("-1"), RefusedRows),
        (LEDGER.format("'many'"), RefusedRows),
        (LEDGER.format("NULL"), RefusedRows),
        (LEDGER.format("1, 1"), RefusedRows),
        ("INSERT INTO ingest_ledger VALUES (REPEAT('x', 65), 1, 1)", RefusedRows),
        ("SELECT * FROM", ServerAway),
    ],
)
async def test_what_the_server_says_is_understood(tables: Database, statement: str, expected: type[StoreError]) -> None:
    assert type(meaning(await error_of(tables, statement))) is expected


async def test_a_name_that_is_in_the_ledger_is_a_batch_that_came_again(tables: Database) -> None:
    error = await error_of(tables, LEDGER.format(1), LEDGER.format(1))
    assert type(meaning(error, ledger=True)) is RepeatedBatch
    assert type(meaning(error)) is Collided, "anywhere else it is a row id that two writers made"


@pytest.mark.parametrize("code", [1205, 1213])
def test_another_writer_in_the_way_means_to_try_again(code: int) -> None:
    assert type(meaning(pymysql.err.OperationalError(code, "Deadlock found"))) is Collided


@pytest.mark.parametrize(
    "error",
    [
        pymysql.err.OperationalError(2013, "Lost connection to MySQL server during query"),
        pymysql.err.OperationalError(1114, "The table is full"),
        pymysql.err.OperationalError(1290, "The server is running with --read-only"),
        pymysql.err.InterfaceError("(0, '')"),
        pymysql.err.MySQLError(),
        ConnectionResetError(104, "Connection reset by peer"),
        EOFError(),
    ],
)
def test_everything_else_means_to_wait_for_the_server_and_never_that_a_row_is_bad(error: Exception) -> None:
    assert type(meaning(error)) is ServerAway
