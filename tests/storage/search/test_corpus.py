"""The lines of the query corpus, asked of a real database."""

import pytest

from appliance.query.errors import QueryError
from appliance.storage.connection import Database
from appliance.storage.search import VIEWS
from tests.query.corpus import entries
from tests.storage.measured import report
from tests.storage.search.asking import asked, callids
from tests.storage.search.stored import NOON, Sent, a_call, store, store_calls

LINES = sorted({entry["q"] for entry in entries() if "wrong" not in entry})


async def test_the_database_answers_every_line_in_every_view(database: Database) -> None:
    await store_calls(database, [a_call("one")])
    await store(database, [Sent(callid=b"one")])
    await report(database)
    answered = 0
    for line in LINES:
        for view in VIEWS:
            try:
                page = await asked(database, line, view)
            except QueryError:  # no such alias, or no field of this view
                continue
            answered += 1
            assert page.notes == ()
    assert answered > 2 * len(LINES)


@pytest.mark.parametrize("view", ["calls", "messages"])
async def test_an_empty_user_is_asked_for_in_all_its_columns(database: Database, view: str) -> None:
    users = {"both": ("a", "b"), "from": ("a", ""), "pai": ("", "b"), "none": ("", "")}
    await store_calls(database, [a_call(name, from_user=one, pid_user=pai) for name, (one, pai) in users.items()])
    columns = {name: {"from_user": one.encode(), "pid_user": pai.encode()} for name, (one, pai) in users.items()}
    sent = [Sent(at=NOON, callid=name.encode(), columns=found) for name, found in columns.items()]
    await store(database, sent)
    assert await callids(database, 'from:""', view) == ["none"]
    assert sorted(await callids(database, "from:*", view)) == ["both", "from", "pai"]
    assert sorted(await callids(database, 'from:"";b', view)) == ["both", "none", "pai"]
