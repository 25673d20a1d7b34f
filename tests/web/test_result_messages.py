from collections.abc import Sequence

import pytest

from appliance.model.rows import MessageRow, Page
from appliance.settings import MysqlSettings
from appliance.storage.connection import Database
from appliance.storage.search import Question, SearchTimeout, search
from appliance.web.result_messages import Bounds, Gathered, gathered
from tests.web.conftest import in_database
from tests.web.stored import BEGUN_US, NOW_US, SITE

PINGS, CALLS = "method:OPTIONS", "from:+4930111"


def found(mysql: MysqlSettings, line: str, view: str, bounds: Bounds, limit: int = 60, late: bool = False) -> Gathered:
    async def read(database: Database) -> Gathered:
        async def ask(cursor: str | None) -> Page:
            if cursor and late:
                raise SearchTimeout("the rest was not looked at")
            return await search(database, SITE, Question(line, BEGUN_US - 1_000_000, NOW_US, view, limit, cursor))

        return await gathered(database, SITE, ask, bounds)

    answer = in_database(mysql, read)
    assert isinstance(answer, Gathered)
    return answer


def callids(rows: Sequence[MessageRow]) -> list[str]:
    return [row.callid for row in rows]


def test_all_messages_come_with_their_octets_in_order_of_time(mysql: MysqlSettings) -> None:
    answer = found(mysql, PINGS, "messages", Bounds(20))
    assert callids(answer.messages) == [f"many-{n}" for n in range(150)] and answer.notes == ()
    assert all((row.raw or b"").startswith(b"OPTIONS sip:a") for row in answer.messages)


def test_of_a_call_all_messages_come(mysql: MysqlSettings) -> None:
    answer = found(mysql, CALLS, "calls", Bounds(20))
    assert [row.method for row in answer.messages] == ["INVITE", "100", "180", "200", "ACK", "BYE", "200"]


@pytest.mark.parametrize(
    ("bounds", "why"),
    [
        (Bounds(20, messages=100), "these are the newest 100 messages; there are more: choose a shorter time"),
        (Bounds(20, octets=100 * 260), "there are more: choose a shorter time"),
        (Bounds(-1), "these are the newest 60 messages; the time for a file was over: choose a shorter time"),
    ],
)
def test_of_too_many_the_newest_come_and_it_says_so(mysql: MysqlSettings, bounds: Bounds, why: str) -> None:
    answer = found(mysql, PINGS, "messages", bounds)
    assert len(answer.messages) < 150 and answer.notes[0].endswith(why)
    assert answer.messages[-1].callid == "many-149"


def test_as_many_as_fit_are_all(mysql: MysqlSettings) -> None:
    answer = found(mysql, PINGS, "messages", Bounds(20, messages=150), limit=500)
    assert (len(answer.messages), answer.notes) == (150, ())


def test_calls_that_are_left_when_the_time_is_over_are_told(mysql: MysqlSettings) -> None:
    answer = found(mysql, "", "calls", Bounds(-1))
    assert len({row.callid for row in answer.messages}) == 1
    assert answer.notes[0].endswith("the time for a file was over: choose a shorter time")


def test_a_page_that_comes_too_late_is_told(mysql: MysqlSettings) -> None:
    answer = found(mysql, PINGS, "messages", Bounds(20), late=True)
    assert (len(answer.messages), answer.notes) == (60, ("the rest was not looked at",))


def test_nothing_found_is_nothing(mysql: MysqlSettings) -> None:
    assert found(mysql, "from:nobody", "calls", Bounds(20)) == Gathered([], ())
