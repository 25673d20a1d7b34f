from dataclasses import replace
from itertools import chain, count
from typing import Any

import pytest

from appliance.model.dialogs import DialogRow
from appliance.model.kinds import Kind
from appliance.model.rows import Total
from appliance.storage.connection import Database
from appliance.storage.search import Limits, Question, Unsearchable, dialogs, search
from appliance.storage.search import dialog_messages as reading
from tests.storage.search.stored import NOON, SECOND, Sent, a_call, store, store_calls

HOUR = 3600 * SECOND
MIDNIGHT = NOON + 12 * HOUR
_BLOCKS = count(1)


def request(callid: str, at: int, method: str = "OPTIONS", **columns: Any) -> Sent:
    said = {"method": method.encode(), "cseq_method": method.encode(), "from_user": b"al", "to_user": b"bo",
            "from_tag": b"t", **columns}  # fmt: skip
    payload = f"{method} sip:bo@example.com SIP/2.0\r\nCall-ID: {callid}\r\no: presence;id=4\r\nX: {at}\r\n\r\n"
    return Sent(at, Kind.REST, callid.encode(), payload.encode(), said)


def answer(asked: Sent, code: int = 200, after_us: int = 20_000) -> Sent:
    said = {**asked.columns, "method": str(code).encode(), "reply_reason": b"So",
            "source_ip": asked.columns.get("destination_ip", b"10.0.0.2"),
            "destination_ip": asked.columns.get("source_ip", b"10.0.0.1")}  # fmt: skip
    return replace(asked, at=asked.at + after_us, columns=said, payload=asked.payload + b"%d" % code)


def both(callid: str, at: int, method: str = "OPTIONS", code: int = 200, **columns: Any) -> list[Sent]:
    asked = request(callid, at, method, **columns)
    return [asked, answer(asked, code)]


async def put(database: Database, *sent: Sent) -> None:
    await store(database, sent, next(_BLOCKS))


async def ask(
    database: Database, line: str = "", since: int = NOON - HOUR, until: int = NOON + 14 * HOUR, limit: int = 100,
    options: str = "folded", limits: Limits | None = None,
) -> list[DialogRow]:  # fmt: skip
    rows: list[DialogRow] = []
    question = Question(line, since, until, "dialogs", limit, options=options)
    while True:
        page = await search(database, "hep1", question, limits or Limits())
        rows += [row for row in page.rows if isinstance(row, DialogRow)]
        assert len(page.rows) <= limit
        if page.next is None:
            return rows
        question = replace(question, cursor=page.next)


async def test_a_callid_is_one_row_told_by_its_first_request(tables: Database) -> None:
    await put(tables, *both("sub", NOON, "SUBSCRIBE", 202), *both("sub", NOON + SECOND, "NOTIFY", cseq=7))
    (row,) = await ask(tables)
    assert (row.callid, row.method, row.event, row.status, row.response_ms) == ("sub", "SUBSCRIBE", "presence", 202, 20)
    assert (row.started, row.ended, row.messages) == (NOON, NOON + SECOND + 20_000, 4)
    assert (row.from_user, row.to_user, row.source_ip, row.destination_ip) == ("al", "bo", "10.0.0.1", "10.0.0.2")
    assert row.nodes == ("sbc-1",)


async def test_the_latest_come_first_and_calls_and_registrations_are_none(tables: Database) -> None:
    await put(tables, *both("a", NOON, "MESSAGE"), *both("b", NOON + SECOND, "PUBLISH"))
    await put(tables, *both("call-1@pc33", NOON + SECOND), replace(request("r", NOON), kind=Kind.REGISTRATION))
    await put(tables, request("", NOON))
    await store_calls(tables, [a_call("call-1@pc33")])
    assert [row.callid for row in await ask(tables)] == ["b", "a"]


async def test_options_of_the_same_two_ends_are_one_row(tables: Database) -> None:
    sent = [both(f"o{n}", NOON + n * SECOND, code=503 if n % 4 == 0 else 200) for n in range(12)]
    others = [both(f"p{n}", NOON + n * SECOND, source_ip=b"10.0.0.9") for n in range(12)]
    await put(tables, *chain(*sent, *others), *both("m", NOON + 5 * SECOND, "MESSAGE"))
    rows = await ask(tables)
    assert [(row.method, row.source_ip, row.dialogs, row.failed) for row in rows] == [
        ("OPTIONS", "10.0.0.9", 12, 0), ("OPTIONS", "10.0.0.1", 12, 3), ("MESSAGE", "10.0.0.1", 1, 0),
    ]  # fmt: skip
    assert (rows[1].callid, rows[1].started, rows[1].messages) == ("o11", NOON, 24)
    apart = await ask(tables, options="apart")
    assert len(apart) == 25
    assert all(row.dialogs == 1 for row in apart)


FOUND = """
                        m o s
method:MESSAGE          m
method:message          m
method:NOTIFY           s
status:200              m o s
status:404              o
method:SUBSCRIBE status:200 cseq:NOTIFY   s
NOT method:OPTIONS      m s
from:al                 m o s
to:zed                  m
to:al                   s
callid:m                m
callid:s*               s
src:10.0.0.1            m o s
ip:10.0.0.77            o
ua:phone*               m
node:sbc-1              m o s
zed                     m
m                       m
event:presence          m o s
header.o:presence*      m o s
text:200                m o s
text:/202$/                s
text:/202$/ method:MESSAGE   nothing
text:404 OR to:zed      m o
NOT (text:404 OR to:zed)   s
NOT text:404            m s
"""


async def test_each_term_is_true_when_any_message_of_the_dialog_fulfils_it(tables: Database) -> None:
    await put(tables, *both("m", NOON + 2 * SECOND, "MESSAGE", to_user=b"zed", user_agent=b"Phone/2"))
    await put(
        tables, *both("o", NOON + SECOND, code=404), *both("o", NOON + 2 * SECOND, source_ip=b"10.0.0.77", cseq=2)
    )
    await put(tables, *both("s", NOON, "SUBSCRIBE", 202),
              *both("s", NOON + SECOND, "NOTIFY", to_user=b"al", cseq=9))  # fmt: skip
    for line in FOUND.strip("\n").splitlines():
        query, _, names = line.strip().rpartition("  ") if "  " in line.strip() else ("", "", line)
        assert [row.callid for row in await ask(tables, query.strip())] == [
            name for name in names.split() if name != "nothing"
        ], line


@pytest.mark.parametrize("line", ["state:completed", "aor:al", "pdd:>1s", "mos:<3"])
async def test_what_a_dialog_does_not_have_is_said(tables: Database, line: str) -> None:
    with pytest.raises(Unsearchable):
        await ask(tables, line)


@pytest.mark.parametrize("limit", [3, 7, 100])
@pytest.mark.parametrize("options", ["folded", "apart"])
async def test_pages_hold_every_dialog_once(
    tables: Database, monkeypatch: pytest.MonkeyPatch, limit: int, options: str
) -> None:
    monkeypatch.setattr(dialogs, "CHUNK", 11)
    monkeypatch.setattr(reading, "MOST_AT_ONCE", 13)
    sent: list[Sent] = []
    for n in range(60):
        at = MIDNIGHT - 20 * SECOND + n // 2 * SECOND
        sent += both(f"o{n}", at, source_ip=b"10.0.0.%d" % (n % 3))
        sent += both(f"m{n}", at, "MESSAGE", cseq=1) + both(f"m{n}", at + 9 * SECOND, "MESSAGE", cseq=2)
    await put(tables, *sent)
    rows = await ask(tables, limit=limit, options=options)
    assert sum(row.dialogs for row in rows) == 120
    assert sum(row.messages for row in rows) == len(sent)
    assert sorted(row.callid for row in rows if row.method == "MESSAGE") == sorted(f"m{n}" for n in range(60))
    if options == "apart":
        assert [row.started for row in rows] == sorted((row.started for row in rows), reverse=True)


async def test_what_comes_meanwhile_neither_hides_nor_repeats_any(tables: Database) -> None:
    for n in range(30):
        await put(tables, *both(f"m{n}", NOON + n * SECOND, "MESSAGE"))
    question = Question("", NOON - HOUR, NOON + HOUR, "dialogs", 4)
    seen: list[str] = []
    for turn in range(100):
        page = await search(tables, "hep1", question)
        seen += [row.callid for row in page.rows if isinstance(row, DialogRow)]
        if page.next is None:
            break
        question = replace(question, cursor=page.next)
        await put(tables, *both(f"new{turn}", NOON + 100 * SECOND, "MESSAGE"),
                  *both(f"m{turn}", NOON + 99 * SECOND, "MESSAGE", cseq=5))  # fmt: skip
    assert sorted(seen) == sorted(f"m{n}" for n in range(30))


async def test_a_dialog_over_midnight_is_one_and_one_after_a_day_of_silence_another(tables: Database) -> None:
    await put(tables, *both("s", MIDNIGHT - SECOND, "SUBSCRIBE"), *both("s", MIDNIGHT + SECOND, "NOTIFY", cseq=3))
    (row,) = await ask(tables)
    assert (row.started, row.messages) == (MIDNIGHT - SECOND, 4)
    (part,) = await ask(tables, since=MIDNIGHT)
    assert (part.started, part.messages, part.method) == (MIDNIGHT + SECOND, 2, "NOTIFY")
    await put(tables, *both("s", MIDNIGHT + 26 * HOUR, "SUBSCRIBE", cseq=9))
    rows = await ask(tables, until=MIDNIGHT + 30 * HOUR)
    assert [(row.started, row.messages) for row in rows] == [(MIDNIGHT + 26 * HOUR, 2), (MIDNIGHT - SECOND, 4)]


async def test_when_enough_was_read_the_rest_is_on_the_next_page(
    tables: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogs, "CHUNK", 10)
    await put(tables, *chain(*(both(f"o{n}", NOON + n * SECOND) for n in range(40))))
    question = Question("", NOON - HOUR, NOON + HOUR, "dialogs")
    page = await search(tables, "hep1", question, Limits(text_messages=20))
    assert page.notes[0].startswith("messages were read back to 2026-11-23 12:00:3")
    rows = await ask(tables, limits=Limits(text_messages=20))
    assert (sum(row.dialogs for row in rows), len(rows) > 1) == (40, True)


@pytest.mark.parametrize(("options", "exact"), [("folded", 2), ("apart", 13)])
async def test_the_total_is_of_all_pages_when_it_can_be_had(
    tables: Database, monkeypatch: pytest.MonkeyPatch, options: str, exact: int
) -> None:
    sent = [both(f"o{n}", NOON + n * SECOND) for n in range(12)]
    await put(tables, *chain(*sent), *both("m", NOON + 5 * SECOND, "MESSAGE"))
    question = Question("", NOON, NOON + HOUR, "dialogs", 1, options=options)
    page = await search(tables, "hep1", question)
    assert (len(page.rows), page.total) == (1, Total(exact, exact=True))
    bounded = await search(tables, "hep1", question, Limits(count_rows=1))
    assert bounded.total == Total(1, exact=False)
    monkeypatch.setattr(dialogs, "CHUNK", 3)
    late = await search(tables, "hep1", question, Limits(count_seconds=0.0))
    assert 1 <= late.total.count <= 3 and not late.total.exact
