import pytest

from appliance.model.kinds import Kind
from appliance.model.rows import MessageRow, Total
from appliance.query.errors import QueryError
from appliance.storage.connection import Database
from appliance.storage.search import Question, search
from tests.storage.search.asking import asked, callids, cases
from tests.storage.search.stored import HOUR, NOON, SECOND, Sent, store

MESSAGES = [
    Sent(at=NOON + 1, callid=b"one@pc33", columns={
        "from_user": b"+4930123", "to_user": b"bob", "user_agent": b"Friendly-Scanner", "from_domain": b"Example.COM",
        "from_tag": b"Tag1"}),
    Sent(at=NOON + 2, callid=b"two@pc33", columns={
        "method": b"486", "reply_reason": b"Busy Here", "cseq": 7, "from_user": b"anonymous", "pid_user": b"+4930999",
        "source_ip": b"10.1.2.3", "source_port": 5080, "reason": b"Q.850;cause=17", "proto": b"tcp"}),
    Sent(at=NOON + 3, callid=b"100%_|\\'\"x", columns={
        "method": b"ACK", "source_ip": b"2001:db8::1", "node": b"SBC-2", "to_user": b"*21#", "cseq": None,
        "problems": b"no-cseq,bad-via", "diversion": b"<sip:+4940@example.com>;reason=x"}),
]  # fmt: skip

FOUND = r"""
from:+4930123                               1
from:+49*                                   12
from:%999                                   2
from:+4930123;+4930999                      12
FROM:+49*                                   12
from:/^[+]49.*3$/                           1
from:/ANON/                                 -
NOT from:+49*                               3
from:Anonymous                              -
to:\*21#                                    3
to:*21#                                     3
to:\*2*                                     3
to:"\*21#"                                  3
to:bo_                                      -
to:bo?                                      -
to:""                                       2
domain:example.com                          1
domain:EXAMPLE.*                            1
ua:friendly*                                1
ua:/friendly/                               1
ua:friendly                                 -
tag:tag1                                    -
tag:Tag1                                    1
pai:+4930999                                2
method:invite                               1
method:486                                  -
method:*                                    13
NOT method:*                                2
method:/./                                  13
status:486                                  2
status:4xx                                  2
status:48x                                  2
status:>485                                 2
status:<486                                 -
status:>9xx                                 -
status:*                                    2
NOT status:4xx                              13
status:200;486                              2
status:400..499                             2
reason:busy*                                2
reason:*cause=17*                           2
cseq:7                                      2
cseq:invite                                 123
NOT cseq:7                                  13
cseq:>1                                     2
cseq:7;BYE                                  2
src:10.0.0.0/8                              12
src:10.0.0.0/31                             1
src:10.1.*                                  2
src:2001:db8::/32                           3
src:2001:DB8:0::1                           3
src:::ffff:10.1.2.3                         2
src:0.0.0.0/0                               12
src:10.0.0.1..10.1.2.2                      1
src:10.1.2.3:5080                           2
src:10.1.2.3:5060                           -
dst:10.0.0.2                                123
ip:10.1.2.3                                 2
NOT src:10.0.0.0/9                          3
port:5080                                   2
port:>5060                                  2
proto:TCP                                   2
node:sbc-*                                  123
node:sbc-2                                  3
agent:sbc-2                                 3
size:>10                                    123
problems:*                                  3
problems:bad-via                            3
problems:bad                                -
problems:b*                                 3
problems:no*via                             -
NOT problems:*                              12
diversion:+4940                             3
diversion:+49*                              3
callid:one@pc33                             1
callid:*@pc33                               12
callid:ONE@pc33                             -
callid:100%*                                3
callid:"100%_|\\'\"x"                       3
callid:/^one/                               1
bob                                         1
one@pc33                                    1
10.1.2.3                                    2
10.1.0.0/16                                 2
+4930*                                      12
2001:db8::1                                 3
+4930123@example.com                        1
nobody                                      -
10.1.*                                      2
from:+49* status:4xx                        2
bob OR status:4xx                           12
(bob OR status:4xx) NOT proto:tcp           1
NOT (bob OR status:4xx)                     3
kind:call                                   123
kind:rest                                   -
kind:c*                                     123
"""


async def test_a_line_finds_its_messages(database: Database) -> None:
    await store(database, MESSAGES)
    numbers = {sent.callid.decode(): str(place) for place, sent in enumerate(MESSAGES, 1)}
    found = {line: await callids(database, line) for line, _ in cases(FOUND)}
    assert {line: "".join(sorted(numbers[one] for one in some)) for line, some in found.items()} == dict(cases(FOUND))


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


async def test_a_field_that_only_sip_has_is_false_of_a_log(database: Database) -> None:
    await store(database, [Sent(kind=Kind.LOG, callid=b"log")])
    assert await callids(database, "kind:log from:*") == []
    assert await callids(database, "kind:log NOT from:*") == ["log"]
    assert await callids(database, "kind:log callid:log src:10.0.0.1 node:sbc-1") == ["log"]


async def test_copies_on_a_page_are_counted_and_every_row_stays(database: Database) -> None:
    octets = b"INVITE sip:bob@example.com SIP/2.0\r\n\r\n"
    await store(
        database,
        [
            Sent(at=NOON, payload=octets, columns={"node": b"sbc-1"}),
            Sent(at=NOON + 900, payload=octets, columns={"node": b"sbc-2"}),
            Sent(at=NOON + 5 * SECOND, payload=octets, columns={"node": b"sbc-1"}),
        ],
    )
    rows = (await asked(database, "")).rows
    assert [row.copies for row in rows] == [1, 2, 2]


async def test_a_row_has_its_own_time_beside_the_one_it_is_filed_under(database: Database) -> None:
    await store(database, [Sent(at=NOON, columns={"own_ts": 5})])
    (row,) = (await asked(database, "")).rows
    assert isinstance(row, MessageRow)
    assert (row.ts, row.filed_ts) == (5, NOON)


async def test_a_callid_longer_than_its_column_is_found_by_its_whole_text(database: Database) -> None:
    callid = "x" * 300 + "@pc33"
    await store(database, [Sent(callid=callid.encode())])
    assert len(await callids(database, f"callid:{callid}")) == 1
    assert len(await callids(database, callid)) == 1
    assert len(await callids(database, f"callid:{callid}y")) == 0


async def test_a_callid_that_is_no_utf8_is_found_by_its_octets(database: Database) -> None:
    await store(database, [Sent(callid=b"\xff\x00\xc3@pc33")])
    assert await callids(database, "callid:*@pc33") == ["\udcff\x00\udcc3@pc33"]
    assert len(await callids(database, 'callid:"\udcff\x00\udcc3@pc33"')) == 1


async def test_the_range_includes_its_start_and_not_its_end(database: Database) -> None:
    await store(database, [Sent(at=NOON, callid=b"start"), Sent(at=NOON + 10, callid=b"end")])
    page = await search(database, "hep1", Question("", NOON, NOON + 10, "messages"))
    assert [row.callid for row in page.rows] == ["start"]


async def test_a_regular_expression_that_the_database_refuses_is_an_error_of_the_query(database: Database) -> None:
    await store(database, MESSAGES)
    with pytest.raises(QueryError, match="regular expression"):
        await asked(database, "from:/(?P<1st>a)/")
