import pytest

from appliance.model.kinds import Kind
from appliance.model.rows import CallState, Page, Total
from appliance.query.errors import QueryError
from appliance.storage.connection import Database
from appliance.storage.search import BadCursor, Limits, Question, Unsearchable, search
from tests.storage.search.stored import HOUR, NOON, SECOND, Sent, a_call, store, store_calls


async def asked(database: Database, line: str, view: str = "messages", **more: object) -> Page:
    question = Question(line, NOON - 48 * HOUR, NOON + 48 * HOUR, view, **more)  # type: ignore[arg-type]
    return await search(database, "hep1", question)


async def callids(database: Database, line: str, view: str = "messages") -> list[str]:
    return [row.callid for row in (await asked(database, line, view)).rows]


async def test_an_empty_database_has_no_rows(database: Database) -> None:
    page = await asked(database, "")
    assert (page.rows, page.next, page.total) == ((), None, Total(0, exact=True))
    assert [(site.name, site.ok) for site in page.sites] == [("hep1", True)]


async def test_it_finds_messages_newest_first_over_kinds_and_days(database: Database) -> None:
    await store(
        database,
        [
            Sent(at=NOON - 24 * HOUR, callid=b"yesterday"),
            Sent(at=NOON, callid=b"noon"),
            Sent(at=NOON + 1, kind=Kind.REGISTRATION, callid=b"registered"),
            Sent(at=NOON + 2, kind=Kind.REST, callid=b"options"),
            Sent(at=NOON + 3, callid=b"last"),
            Sent(at=NOON + 4, kind=Kind.LOG, callid=b"log"),
        ],
    )
    page = await asked(database, "")
    assert [row.callid for row in page.rows] == ["last", "options", "registered", "noon", "yesterday"]
    assert page.total == Total(5, exact=True)
    assert await callids(database, "kind:log") == ["log"]
    assert await callids(database, "kind:log;registration") == ["log", "registered"]
    assert await callids(database, "NOT kind:call") == ["options", "registered"]


MESSAGES = [
    Sent(at=NOON + 1, callid=b"one@pc33", columns={"from_user": b"+4930123", "to_user": b"bob", "pid_user": b"",
         "user_agent": b"Friendly-Scanner", "from_domain": b"Example.COM", "from_tag": b"Tag1"}),
    Sent(at=NOON + 2, callid=b"two@pc33", columns={"method": b"486", "reply_reason": b"Busy Here", "cseq_method": b"INVITE",
         "cseq": 7, "from_user": b"anonymous", "pid_user": b"+4930999", "source_ip": b"10.1.2.3", "source_port": 5080,
         "reason": b"Q.850;cause=17", "proto": b"tcp"}),
    Sent(at=NOON + 3, callid=b"100%_|\\'\"x", columns={"method": b"ACK", "source_ip": b"2001:db8::1", "node": b"SBC-2",
         "to_user": b"*21#", "problems": b"no-cseq,bad-via", "cseq": None, "diversion": b"<sip:+4940@example.com>;reason=x"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("from:+4930123", "1"), ("from:+49*", "12"), ("from:%999", "2"), ("from:+4930123;+4930999", "12"),
        ("FROM:+49*", "12"), ("from:/^[+]49.*3$/", "1"), ("NOT from:+49*", "3"), ("from:Anonymous", ""),
        ("to:\\*21#", "3"), ("to:*21#", "3"), ("to:\\*2*", "3"), ('to:"\\*21#"', "3"), ("to:bo_", ""), ("to:bo?", ""),
        ("domain:example.com", "1"), ("domain:EXAMPLE.*", "1"), ("ua:friendly*", "1"), ("ua:/friendly/", "1"),
        ("ua:friendly", ""), ("tag:tag1", ""), ("tag:Tag1", "1"), ("pai:+4930999", "2"),
        ("method:invite", "1"), ("method:486", ""), ("method:*", "13"), ("NOT method:*", "2"), ("method:/./", "13"),
        ("status:486", "2"), ("status:4xx", "2"), ("status:48x", "2"), ("status:>485", "2"), ("status:<486", ""),
        ("status:*", "2"), ("NOT status:4xx", "13"), ("status:200;486", "2"), ("status:400..499", "2"),
        ("reason:busy*", "2"), ("reason:*cause=17*", "2"), ("cseq:7", "2"), ("cseq:invite", "123"), ("NOT cseq:7", "13"),
        ("cseq:*", "123"), ("cseq:>1", "2"),
        ("src:10.0.0.0/8", "12"), ("src:10.0.0.0/31", "1"), ("src:10.1.*", "2"), ("src:2001:db8::/32", "3"),
        ("src:2001:DB8:0::1", "3"), ("src:0.0.0.0/0", "12"), ("src:10.0.0.1..10.1.2.2", "1"), ("src:10.1.2.3:5080", "2"),
        ("src:10.1.2.3:5060", ""), ("dst:10.0.0.2", "123"), ("ip:10.1.2.3", "2"), ("NOT src:10.0.0.0/9", "3"),
        ("port:5080", "2"), ("port:>5060", "2"), ("proto:TCP", "2"), ("node:sbc-*", "123"), ("node:sbc-2", "3"),
        ("agent:sbc-2", "3"), ("size:>10", "123"), ("problems:*", "3"), ("problems:bad-via", "3"), ("problems:bad", ""),
        ("problems:b*", "3"), ("NOT problems:*", "12"), ("diversion:+4940", "3"), ("diversion:+49*", "3"),
        ("callid:one@pc33", "1"), ("callid:*@pc33", "12"), ("callid:ONE@pc33", ""), ("callid:100%*", "3"),
        ('callid:"100%_|\\\\\'\\"x"', "3"), ("callid:/^one/", "1"),
        ("bob", "1"), ("one@pc33", "1"), ("10.1.2.3", "2"), ("10.1.0.0/16", "2"), ("+4930*", "12"), ("2001:db8::1", "3"),
        ("+4930123@example.com", "1"), ("nobody", ""), ("10.1.*", "2"),
        ("from:+49* status:4xx", "2"), ("bob OR status:4xx", "12"), ("(bob OR status:4xx) NOT proto:tcp", "1"),
        ("kind:call", "123"), ("kind:rest", ""), ("kind:c*", "123"), ("NOT (bob OR status:4xx)", "3"),
    ],
)  # fmt: skip
async def test_a_line_finds_its_messages(database: Database, line: str, found: str) -> None:
    await store(database, MESSAGES)
    numbers = {sent.callid.decode(): str(place) for place, sent in enumerate(MESSAGES, 1)}
    assert "".join(sorted(numbers[callid] for callid in await callids(database, line))) == found
