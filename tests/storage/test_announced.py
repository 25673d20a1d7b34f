import random
from dataclasses import replace

import pytest
import zstandard

from appliance.model.kinds import day_of
from appliance.model.rows import MessageRow
from appliance.settings import MysqlSettings
from appliance.storage import announced, messages
from appliance.storage.bundle import Bundle
from appliance.storage.connection import Database
from appliance.storage.search import Question, search
from appliance.storage.store import Store
from tests import daily_database
from tests.matching.random_rows import LONG, call
from tests.new_rows import INVITE, OPTIONS, new_row
from tests.storage.search.stored import HOUR, NOON, store_calls

ROWS = [new_row(INVITE), new_row(OPTIONS), new_row(b"a log line", 100), new_row(b"not SIP", time_us=5), new_row(b"", 5)]


async def test_what_is_told_is_what_a_search_finds(mysql: MysqlSettings, tables: Database) -> None:
    assert day_of(NOON) == daily_database.DAY
    store, bundle = Store(mysql, 3), Bundle(batches=[("one", 5)], rows=list(ROWS))
    await store.store(bundle)
    await store.close()
    everything = "kind:* OR NOT kind:call"
    page = await search(tables, "hep1", Question(everything, NOON - HOUR, NOON + HOUR, "messages"))
    found = [row for row in page.rows if isinstance(row, MessageRow)]
    told = announced.stored(bundle.blocks, 100)
    count, rows = announced.decoded("hep1", announced.encoded(len(bundle.rows), told, texts=False))
    assert count == len(found) == 5
    by_id = {row.id: row for row in rows}
    assert by_id == {row.id: replace(row, copies=1) for row in found}
    _, with_texts = announced.decoded("hep1", announced.encoded(5, told, texts=True))
    stored = {row.id: row.raw for row in await messages.with_texts(tables, found)}
    assert {row.id: row.raw for row in with_texts} == stored


def test_a_very_long_message_is_told_without_its_octets() -> None:
    long = announced.Stored(1, replace(ROWS[1], payload=b"x" * (announced.LARGEST_TEXT + 1)))
    _, rows = announced.decoded("hep1", announced.encoded(1, [long], texts=True))
    assert [row.raw for row in rows] == [None]


@pytest.mark.parametrize(
    "plain",
    [b"", b"\0\0\0\0\xff", b"\1\0\0\0" + announced._ROW.pack(99, 1, 1, -1, 1, 0, -1),
     b"\1\0\0\0" + announced._ROW.pack(0, 1, 1, -1, 1, 3, -1) + b"a\tb", b"{}", b"[1, [[]]]", b'[1, 2]'],
)  # fmt: skip
def test_what_another_version_tells_is_an_error_of_its_own(plain: bytes) -> None:
    body = zstandard.compress(plain)
    with pytest.raises(announced.Unreadable):
        list(announced.decoded("hep1", body)[1])
    with pytest.raises(announced.Unreadable):
        list(announced.decoded_calls(body)[1])
    for decoded in (lambda: announced.decoded("hep1", b"x"), lambda: announced.decoded_calls(b"x")):
        with pytest.raises(announced.Unreadable):
            decoded()


async def test_calls_are_told_as_a_search_finds_them(tables: Database) -> None:
    calls = [call(random.Random(number), callid) for number, callid in enumerate(("a", "\udcff", LONG[:255]))]
    calls[0] = replace(calls[0], user_agent=LONG, legs=2, joined=9)
    await store_calls(tables, [replace(calls[0], user_agent=LONG[:255]), *calls[1:]])
    page = await search(tables, "hep1", Question("", NOON - HOUR, NOON + HOUR, "calls"))
    count, told = announced.decoded_calls(announced.encoded_calls(7, calls))
    assert count == 7
    assert {row.callid: row for row in told} == {row.callid: row for row in page.rows}


@pytest.mark.parametrize(
    ("blocks", "most", "indexes"),
    [
        ((3, 2), 5, ["1.0", "1.1", "1.2", "2.0", "2.1"]),
        ((3, 2), 4, ["1.0", "1.1", "1.2", "2.0"]),
        ((4, 4), 4, ["1.0", "1.2", "2.0", "2.2"]),
        ((6, 1), 2, ["1.0", "1.3"]),
        ((1, 1, 1, 1), 2, ["1.0", "3.0"]),
        ((5,), 0, []),
        ((), 3, []),
    ],
)
def test_of_too_many_rows_some_from_everywhere_are_told(blocks: tuple[int, ...], most: int, indexes: list[str]) -> None:
    rows = [(number, [ROWS[0]] * count) for number, count in enumerate(blocks, 1)]
    found = announced.stored(rows, most)
    assert [f"{each.id >> 16}.{each.id & 65535}" for each in found] == indexes
