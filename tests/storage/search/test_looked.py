"""What searches say of where they looked."""

from dataclasses import replace

import pytest

from appliance.model.rows import Looked
from appliance.storage.connection import Database
from appliance.storage.search import Order, Question, keys, search
from tests.storage.search.asking import asked
from tests.storage.search.stored import HOUR, NOON, SECOND, Sent, a_call, store, store_calls


@pytest.fixture(autouse=True)
async def stored(database: Database) -> None:
    await store_calls(database, [a_call(f"{n}", started=NOON + n * SECOND, to_user=f"{n % 2}") for n in range(20)])
    await store(database, [Sent(at=NOON + n * SECOND, callid=b"%d" % n, payload=b"text") for n in range(20)])


async def test_rows_that_an_index_told_are_counted(database: Database) -> None:
    assert (await asked(database, "to:1", "calls")).plan == (Looked("calls_20261123", ("to_user",), 10, exact=True),)
    assert (await asked(database, "user:1 ua:x", "calls")).plan[0].indexes == (
        "from_user", "to_user", "ruri_user", "pid_user"
    )  # fmt: skip


async def test_what_has_no_index_is_named_with_the_time_that_was_read(database: Database) -> None:
    (looked,) = (await asked(database, "ua:x to:*1*", "calls")).plan
    assert (looked.table, looked.indexes, looked.exact) == ("calls_20261123", (), False)
    assert looked.why == "no index for ua"
    assert looked.rows > 0
    assert looked.from_us <= NOON < NOON + 20 * SECOND <= looked.to_us


@pytest.mark.parametrize(("view", "line"), [("calls", "to:*1*"), ("messages", "NOT callid:x")])
@pytest.mark.parametrize("order", Order)
async def test_a_full_page_has_read_up_to_the_row_that_shows_there_are_more(
    database: Database, view: str, line: str, order: Order
) -> None:
    question = Question(line, NOON, NOON + HOUR, view, limit=3, order=order)
    page = await search(database, "hep1", question)
    following = await search(database, "hep1", replace(question, cursor=page.next))
    next_us = getattr(following.rows[0], "started" if view == "calls" else "filed_ts")
    (looked,) = page.plan
    read = (NOON, next_us + 1) if order is Order.OLDEST_FIRST else (next_us, NOON + HOUR)
    assert (looked.from_us, looked.to_us) == read


async def test_what_many_have_is_read_from_the_newest(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "MOST_KEYS", 3)
    monkeypatch.setattr(keys, "FEW_KEYS", 3)
    (looked,) = (await asked(database, "to:1", "calls")).plan
    assert looked.why == "many have it"


async def test_messages_are_read_through_but_for_a_call_id(database: Database) -> None:
    (looked,) = (await asked(database, "contact:a", "messages")).plan
    assert (looked.table, looked.why) == ("sip_capture_call_20261123", "no index for contact")
    assert looked.from_us <= NOON - 12 * HOUR
    assert (await asked(database, "callid:1", "messages")).plan == ()


async def test_of_texts_it_is_known_how_many_were_read(database: Database) -> None:
    (looked,) = (await asked(database, "text:nothing", "messages")).plan
    assert (looked.rows, looked.exact, looked.why) == (20, True, "no index for text")
    (looked,) = (await asked(database, "header.X:a callid:1", "messages")).plan
    assert (looked.rows, looked.why) == (1, "no index for header.x")


async def test_everything_is_no_search_that_reads_through(database: Database) -> None:
    assert (await asked(database, "", "calls")).plan == (await asked(database, "", "messages")).plan == ()
