from dataclasses import replace

import pytest

from appliance.model.kinds import Kind
from appliance.storage.connection import Database
from appliance.storage.search import Limits, Order, Question, search
from appliance.storage.search.call_statements import CallStatements
from appliance.storage.search.messages import Messages
from appliance.storage.search.scan import Scan
from appliance.storage.search.statements import TimeOver
from tests.storage.search.asking import callids, cases
from tests.storage.search.stored import HOUR, NOON, Sent, a_call, store, store_calls

PAYLOAD = b"""INVITE sip:b SIP/2.0\r
Subject: Urgent Call\r
v: SIP/2.0/UDP pc33;branch=z9\r
o: presence;id=7\r
\r
a=sendonly\xff\r
"""

FOUND = r"""
text:sendonly                               1
text:SENDONLY                               1
text:send*ly                                1
text:ly*send                                -
text:/send(only|recv)/                      1
text:/[^ -~\r\n]/                           1
NOT text:sendonly                           23
text:a OR method:ACK                        13
text:sendonly method:ACK                    -
NOT (text:sendonly OR method:ACK)           2
text:sendonly text:subject                  1
text:nothing;sendonly                       1
header.Subject:urgent*                      1
header.subject:urgent                       -
header.s:"urgent call"                      1
header.Subject:*                            1
NOT header.Subject:*                        23
header.Subject:/^urgent/                    1
via:pc33                                    1
event:presence                              1
"""


async def test_text_and_headers_are_looked_for_in_the_messages(database: Database) -> None:
    sent = [
        Sent(at=NOON, callid=b"1", payload=PAYLOAD),
        Sent(at=NOON + 1, callid=b"2", payload=b"\r\n\r\n"),
        Sent(at=NOON + 2, callid=b"3", payload=b"ACK\r\n\r\n", kind=Kind.REST, columns={"method": b"ACK"}),
    ]
    await store(database, sent)
    expected = {**dict(cases(FOUND)), "text:only\udcff": "1"}
    assert {line: "".join(sorted(await callids(database, line))) for line in expected} == expected


async def test_headers_of_choice_are_read_from_the_messages(database: Database) -> None:
    await store(database, [Sent(at=NOON, callid=b"1", payload=PAYLOAD), Sent(at=NOON, callid=b"2", payload=b"x")])
    question = Question("custom2:urgent* NOT custom1:*", NOON, NOON + HOUR, "messages")
    page = await search(database, "hep1", replace(question, custom_headers=("X-Tenant", "Subject")))
    assert [row.callid for row in page.rows] == ["1"]


async def test_a_scan_that_reaches_its_limit_says_how_far_it_came_and_goes_on_from_there(database: Database) -> None:
    await store(database, [Sent(at=NOON + n * 1_000_000, payload=b"needle" if n == 0 else b"x") for n in range(2500)])
    question, limits, looks = Question("text:needle", NOON, NOON + HOUR, "messages"), Limits(text_messages=500), 1
    page = await search(database, "hep1", question, limits)
    assert (page.rows, page.total.exact) == ((), False)
    assert "read back to 2026-11-23 12:" in page.notes[0]
    while page.next and not page.rows:
        page = await search(database, "hep1", replace(question, cursor=page.next), limits)
        looks += 1
    assert (len(page.rows), page.next) == (1, None)
    assert looks >= 3


@pytest.mark.parametrize("order", Order)
async def test_pages_of_a_scan_neither_miss_nor_repeat(database: Database, order: Order) -> None:
    kinds = (Kind.CALL, Kind.REST)
    await store(database, [Sent(at=NOON + n // 3, kind=kinds[n % 2], payload=b"needle") for n in range(30)])
    question, found = Question("text:needle", NOON, NOON + HOUR, "messages", limit=7, order=order), []
    while True:
        page = await search(database, "hep1", question)
        found += [row.id for row in page.rows]
        if page.next is None:
            break
        question = replace(question, cursor=page.next)
    assert len(found) == len(set(found)) == 30


async def test_a_damaged_block_hides_only_its_own_texts(database: Database) -> None:
    await store(database, [Sent(at=NOON, callid=b"whole", payload=b"needle")], block=1)
    await store(database, [Sent(at=NOON + 1, callid=b"damaged", payload=b"needle")], block=2)
    await database.execute("UPDATE sip_capture_call_texts_20261123 SET body = 'x' WHERE block = 2")
    assert await callids(database, "text:needle") == ["whole"]


@pytest.mark.parametrize(
    ("line", "view"), [("text:needle", "messages"), ("ua:needle", "messages"), ("ua:needle", "calls")]
)
async def test_what_was_read_before_the_time_was_over_is_not_read_again(
    database: Database, monkeypatch: pytest.MonkeyPatch, line: str, view: str
) -> None:
    await store(database, [Sent(at=NOON + n * HOUR, callid=b"%d" % n) for n in range(-30, 3)])
    await store_calls(database, [a_call(str(n), started=NOON + n * HOUR) for n in range(-30, 3)])
    kind = {"calls": CallStatements, "messages": Scan if line.startswith("text") else Messages}[view]
    name = "page" if view == "calls" else "_part"
    whole, parts = getattr(kind, name), iter(range(3))

    def some(*arguments: object) -> object:
        if next(parts, None) is None:
            raise TimeOver
        return whole(*arguments)

    monkeypatch.setattr(kind, name, some)
    question = Question(line, NOON - 48 * HOUR, NOON + 12 * HOUR, view)
    page = await search(database, "hep1", question)
    assert page.rows == () and page.next is not None
    assert "read back to 2026-11-2" in page.notes[0]
    monkeypatch.undo()
    rest = await search(database, "hep1", replace(question, cursor=page.next))
    assert rest.next is None
    assert max(looked.to_us for looked in rest.plan) < NOON + 12 * HOUR
