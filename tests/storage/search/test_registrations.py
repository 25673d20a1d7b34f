from collections.abc import Sequence
from dataclasses import replace

import pytest

from appliance.model.ids import HOUR_US
from appliance.model.registrations import RegistrationRow
from appliance.settings import MysqlSettings
from appliance.storage.connection import Database
from appliance.storage.search import Limits, Question, Unsearchable, search
from appliance.storage.search.cursor import read
from appliance.storage.store import Store
from tests.registrations.made import received, told
from tests.registrations.stored import gathered
from tests.storage.search.registered import keep
from tests.storage.search.stored import NOON

SECOND, HOUR = 1_000_000, HOUR_US


def device(name: str, at_us: int, *, seconds: int = 3600, cseq: int = 1, more: str = "", code: str = "200",
           callid: str = "") -> list:  # fmt: skip
    return told(
        f"0 A>R REGISTER cseq={cseq} aor={name}@example.com {more}",
        f"9 R>A {code} cseq={cseq} aor={name}@example.com for={seconds} {more}",
        callid=callid or f"{name}@made",
        from_us=at_us,
    )


async def ask(
    database: Database, line: str = "", *, since: int = NOON - HOUR, until: int = NOON + HOUR, limit: int = 100
) -> list[RegistrationRow]:
    rows: list[RegistrationRow] = []
    question = Question(line, since, until, "registrations", limit)
    while True:
        page = await search(database, "hep1", question)
        rows += [row for row in page.rows if isinstance(row, RegistrationRow)]
        assert len(page.rows) <= limit and page.notes == ()
        if page.next is None:
            return rows
        question = replace(question, cursor=page.next)


async def users(database: Database, line: str = "", **more: int) -> list[str]:
    return [row.aor.partition("@")[0] for row in await ask(database, line, **more)]


async def test_a_binding_is_one_row_over_hours_and_callids(tables: Database) -> None:
    for number, hour in enumerate((-2, -1, 0)):
        await keep(tables, device("al", NOON + hour * HOUR, seconds=7200, cseq=number + 1))
    await keep(tables, device("al", NOON + 600 * SECOND, seconds=7200, callid="after a restart"))
    (row,) = await ask(tables)
    assert (row.callid, row.refreshes, row.flaps) == ("after a restart", 3, 0)
    assert (row.started, row.ended) == (NOON - 2 * HOUR, NOON + 600 * SECOND + 9000)
    assert (row.state, row.expires_at) == ("registered", NOON + (600 + 7200) * SECOND + 9000)


async def test_the_latest_come_first(tables: Database) -> None:
    for number, name in enumerate(("al", "bo", "cy")):
        await keep(tables, device(name, NOON + number * SECOND))
    assert await users(tables) == ["cy", "bo", "al"]


async def test_what_was_registered_before_the_range_and_lasts_into_it_is_there(tables: Database) -> None:
    await keep(tables, device("long", NOON - 20 * HOUR, seconds=86400))
    await keep(tables, device("short", NOON - 5 * HOUR, seconds=600))
    await keep(tables, device("older", NOON - 30 * HOUR, seconds=864000))
    await keep(tables, device("gone", NOON - 3 * HOUR, seconds=86400))
    await keep(tables, told("0 A>R REGISTER cseq=2 aor=gone@example.com expires=0",
                            "9 R>A 200 cseq=2 aor=gone@example.com contact=none",
                            callid="gone@made", from_us=NOON - 2 * HOUR))  # fmt: skip
    assert await users(tables) == ["long"]


async def test_it_is_told_as_it_was_at_the_end_of_the_range(mysql: MysqlSettings, tables: Database) -> None:
    packets = [*device("al", NOON, seconds=300), *device("al", NOON + 200 * SECOND, seconds=300, cseq=2),
               *device("al", NOON + 400 * SECOND, cseq=3, code="403")]  # fmt: skip
    store = Store(mysql, 1, lambda: NOON / SECOND)
    await store.store(gathered(received(packets)).bundle)
    await store.close()
    await keep(tables, packets)
    for seconds, told_so in ((100, ("registered", 200, 0)), (250, ("registered", 200, 1)), (500, ("rejected", 403, 1))):
        (row,) = await ask(tables, until=NOON + seconds * SECOND)
        assert (row.state, row.status, row.refreshes) == told_so
    await keep(tables, device("bo", NOON, seconds=60))
    assert [row.state for row in await ask(tables, "aor:bo@example.com", until=NOON + 30 * SECOND)] == ["registered"]
    assert [row.state for row in await ask(tables, "aor:bo@example.com")] == ["expired"]


FOUND = """
                                 al bo cy dee
aor:al@example.com               al
aor:AL@example.com               -
aor:al@EXAMPLE.com               al
aor:sip:al@example.com           al
aor:al                           al
aor:*e@example.com               dee
aor:al;bo                        al bo
user:al                          al
user:d*                          dee
domain:example.com               al bo cy dee
domain:*.com                     al bo cy dee
domain:other                     -
contact:bo                       bo
contact:sip:bo@10.0.0.1:5060     bo
contact:URN:UUID:7               cy
expires:60                       bo
expires:1m                       bo
expires:<2m                      bo
expires:>=1h                     al cy
expires:*                        al bo cy
ua:phone*                        al
src:10.0.0.1                     al bo cy dee
src:10.0.0.0/8                   al bo cy dee
ip:10.0.0.1:40000                cy
port:40000                       cy
proto:tcp                        cy
status:403                       dee
status:2xx                       al bo cy
callid:al@made                   al
callid:*made                     al bo cy dee
node:edge                        bo
agent:*                          al bo cy dee
state:registered                 al cy
state:expired                    bo
state:rejected                   dee
state:registered;rejected        al cy dee
state:re*                        al cy dee
NOT state:registered             bo dee
NOT aor:al@example.com           bo cy dee
al                               al
cy@example.com                   cy
10.0.0.1                         al bo cy dee
dee@made                         dee
(aor:al OR status:403) proto:udp  al dee
"""


async def test_terms_are_asked_of_what_a_binding_said_last(tables: Database) -> None:
    await keep(tables, device("al", NOON, more="agent=Phone/1"))
    await keep(tables, device("bo", NOON - SECOND, seconds=60, more="node=edge"))
    await keep(tables, device("cy", NOON - 2 * SECOND, seconds=7200, more="port=40000 proto=tcp instance=7 flow=1"))
    await keep(tables, device("dee", NOON - 3 * SECOND, code="403"))
    for line, names in _cases(FOUND):
        assert await users(tables, line) == names, line


def _cases(table: str) -> list[tuple[str, list[str]]]:
    found = []
    for line in table.strip("\n").splitlines():
        query, _, names = line.strip().rpartition("  ") if "  " in line.strip() else ("", "", line)
        found.append((query.strip(), [] if names.strip() == "-" else names.split()))
    return found


@pytest.mark.parametrize("line", ["from:al", "method:REGISTER", "pdd:>1s", "text:x", "state:completed", "header.X:1"])
async def test_what_a_binding_does_not_have_is_said(tables: Database, line: str) -> None:
    with pytest.raises(Unsearchable):
        await ask(tables, line)
    with pytest.raises(Unsearchable):
        await search(tables, "hep1", Question("aor:al", NOON, NOON + 1, "calls"))
    with pytest.raises(Unsearchable):
        await search(tables, "hep1", Question("state:expired", NOON, NOON + 1, "calls"))


async def many(tables: Database, count: int) -> None:
    """Devices that refreshed in each of three hours, some at the same time as others."""
    for hour in (-1, 0, 1):
        packets = [packet for number in range(count)
                   for packet in device(f"u{number:04}", NOON + hour * HOUR + number // 2 * SECOND, seconds=5000,
                                        cseq=hour + 2)]  # fmt: skip
        await keep(tables, packets)


@pytest.mark.parametrize("limit", [7, 100])
async def test_pages_hold_every_binding_once(tables: Database, limit: int) -> None:
    await many(tables, 300)
    names = await users(tables, limit=limit, until=NOON + 2 * HOUR)
    assert sorted(names) == [f"u{number:04}" for number in range(300)]
    at_noon = await users(tables, limit=limit, until=NOON + 1)
    assert sorted(at_noon) == sorted(names)
    assert set(at_noon[:2]) == {"u0000", "u0001"}, "those alone registered in the last hour by then"


async def test_what_is_settled_between_pages_neither_hides_nor_repeats_any(tables: Database) -> None:
    await many(tables, 40)
    question = Question("", NOON - HOUR, NOON + 3 * HOUR, "registrations", 10)
    seen, page = [], await search(tables, "hep1", question)
    first_us = int(read(question, page.next or "").key[2])
    number = 0
    while True:
        seen += [row.aor for row in page.rows if isinstance(row, RegistrationRow)]
        if page.next is None:
            break
        fresh = [packet for device_ in (number, 39 - number)
                 for packet in device(f"u{device_:04}", NOON + 2 * HOUR, cseq=9)]  # fmt: skip
        await keep(tables, [*fresh, *device(f"new{number}", NOON + 2 * HOUR)], made_us=first_us + 1 + number)
        number += 5
        page = await search(tables, "hep1", replace(question, cursor=page.next))
    assert sorted(seen) == [f"u{number:04}@example.com" for number in range(40)]


async def test_all_are_counted(tables: Database) -> None:
    await many(tables, 30)
    await keep(tables, device("long", NOON - 20 * HOUR, seconds=86400))
    await keep(tables, device("short", NOON - 5 * HOUR, seconds=600))
    for line, count in (
        ("", 31),
        ("state:registered", 31),
        ("state:expired", 0),
        ("aor:u0003@example.com", 1),
        ("user:u*", 30),
    ):
        page = await search(tables, "hep1", Question(line, NOON - HOUR, NOON + HOUR + 1000, "registrations", 5))
        assert (page.total.count, page.total.exact) == (count, True), line


async def test_more_than_are_counted_are_at_least_so_many(tables: Database) -> None:
    await many(tables, 30)
    question = Question("", NOON - HOUR, NOON + 2 * HOUR, "registrations", 5)
    page = await search(tables, "hep1", question, Limits(count_rows=20))
    assert (page.total.count, page.total.exact) == (20, False)


async def test_everything_taken_away_by_another_dialog_is_removed(tables: Database) -> None:
    await keep(tables, device("al", NOON, seconds=7200))
    star = ["0 A>R REGISTER aor=al@example.com contact=* expires=0", "9 R>A 200 aor=al@example.com contact=none"]
    await keep(tables, told(*star, callid="star", from_us=NOON + 60 * SECOND))
    rows: Sequence[RegistrationRow] = await ask(tables)
    assert {row.contact: row.state for row in rows} == {"sip:al@10.0.0.1:5060": "removed", "*": "removed"}


async def test_a_range_of_centuries_is_no_trouble(tables: Database) -> None:
    await keep(tables, device("al", NOON))
    assert await users(tables, since=0, until=NOON * 5) == ["al"]
