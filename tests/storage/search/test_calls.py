import pytest

from appliance.model.kinds import Kind
from appliance.model.rows import CallState
from appliance.storage.connection import Database
from tests.storage.search.asking import asked, callids, cases
from tests.storage.search.stored import A_CALL, HOUR, NOON, SECOND, Sent, a_call, store, store_calls

CALLS = [
    a_call("one", from_user="+4930123", user_agent="Friendly Scanner", to_domain="Example.COM"),
    a_call("two", started=NOON + SECOND, ended=NOON + 91 * SECOND, state=CallState.BUSY, status=486,
           reply_reason="Busy Here", causes=("SIP/486", "Q.850/17"), talk_ms=None, hung_up_by=None, retransmissions=4,
           to_user="*21#", source_ip="2001:db8::1", codecs=(), legs=2),
    a_call("three", started=NOON + 2 * SECOND, ended=NOON + 2 * SECOND, state=CallState.SETUP, status=None, pdd_ms=None,
           setup_ms=None, talk_ms=None, hung_up_by=None, causes=(), from_domain="10.0.0.9", codecs=("opus",),
           pid_user="+49405"),
]  # fmt: skip
SENT = [
    Sent(at=NOON, callid=b"one", columns={"from_tag": b"t1", "contact_user": b"alice-desk", "auth_user": b"alice"}),
    Sent(at=NOON + 1, callid=b"one", columns={"method": b"200", "source_port": 5070, "reason": b"Q.850;cause=16"}),
    Sent(at=NOON + 2, callid=b"one", columns={"method": b"BYE", "cseq": 2, "cseq_method": b"BYE"}),
    Sent(at=NOON + SECOND, callid=b"two", columns={"node": b"sbc-9", "problems": b"bad-via"}),
    Sent(at=NOON + SECOND + 1, callid=b"two", columns={"method": b"486"}),
    Sent(at=NOON + 2 * SECOND, callid=b"three", columns={"proto": b"tls"}),
    Sent(at=NOON + 3 * SECOND, callid=b"three", kind=Kind.REST, columns={"method": b"NOTIFY"}),
]

FOUND = r"""
callid:*                                    123
from:+4930123                               1
from:+4930*                                 1
from:+49*                                   13
from:+49405                                 3
NOT from:+49*                               2
to:\*21#                                    2
user:bob                                    123
user:alice                                  23
domain:example.com                          123
domain:10.0.0.9                             3
callid:two                                  2
callid:t*                                   23
status:4xx                                  2
status:*                                    12
NOT status:200                              23
ua:friendly*                                1
reason:busy*                                2
reason:*cause=16                            1
src:2001:db8::/32                           2
src:10.0.0.1                                13
dst:10.0.0.0/24                             123
state:busy                                  2
state:busy;setup                            23
state:*u*                                   23
pdd:180ms                                   12
pdd:>180ms                                  -
pdd:<1s                                     12
NOT pdd:<1s                                 3
setup:2s                                    12
setup:2.5s                                  12
setup:3s                                    -
setup:>2500.5ms                             -
setup:>=2500.5ms                            -
setup:<2500.5ms                             12
dur:10s                                     1
dur:<1s                                     3
dur:1m..2m                                  2
talk:7s                                     1
NOT talk:*                                  23
hungup:caller                               1
NOT hungup:caller                           23
cause:486                                   2
cause:sip/486                               2
cause:Q.850*                                12
cause:17                                    2
q850:17                                     2
q850:16..17                                 12
q850:>16                                    2
q850:*                                      12
retransmissions:>3                          2
legs:>1                                     2
codec:pcma                                  1
codec:OPUS                                  3
codec:*event                                1
codec:p*t                                   -
codec:*                                     13
NOT codec:*                                 2
tag:t1                                      1
contact:alice*                              1
authuser:alice                              1
NOT authuser:alice                          23
method:BYE                                  1
method:invite                               123
method:NOTIFY                               3
NOT method:BYE                              23
method:BYE method:INVITE                    1
method:BYE OR state:busy                    12
cseq:2                                      1
cseq:BYE                                    1
node:sbc-9                                  2
port:5070                                   1
src:10.0.0.1:5070                           1
ip:10.0.0.1                                 123
proto:tls                                   3
problems:*                                  2
kind:rest                                   3
size:>1                                     123
+4930123                                    1
two                                         2
2001:db8::1                                 2
b*                                          123
*21*                                        2
alice@example.com                           2
user:+49405                                 3
+49405                                      3
from:alice;+49* state:completed (dur:>1s OR method:BYE) NOT ua:x    1
"""


async def test_a_line_finds_its_calls(database: Database) -> None:
    await store_calls(database, CALLS)
    await store(database, SENT)
    numbers = {"one": "1", "two": "2", "three": "3"}
    found = {line: await callids(database, line, "calls") for line, _ in cases(FOUND)}
    assert {line: "".join(sorted(numbers[one] for one in some)) for line, some in found.items()} == dict(cases(FOUND))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("state:busy", ["two", "two"]),
        ("state:completed method:BYE", ["one"]),
        ("NOT state:completed", ["three", "three", "two", "two"]),
        ("dur:>1m", ["two", "two"]),
        ("codec:opus method:NOTIFY", ["three"]),
    ],
)
async def test_a_call_field_among_messages_asks_for_their_call(database: Database, line: str, found: list[str]) -> None:
    await store_calls(database, CALLS)
    await store(database, SENT)
    assert await callids(database, line) == found


async def test_rows_are_whole_and_newest_first(database: Database) -> None:
    await store_calls(database, [A_CALL, *CALLS])
    rows = (await asked(database, "", "calls")).rows
    assert [row.callid for row in rows[:2]] == ["three", "two"]
    assert A_CALL in rows


async def test_a_call_over_midnight_and_its_messages_find_each_other(database: Database) -> None:
    late = NOON + 12 * HOUR - SECOND
    await store_calls(database, [a_call("late", started=late, ended=late + 60 * SECOND)])
    await store(database, [Sent(at=late, callid=b"late")])
    await store(database, [Sent(at=late + 60 * SECOND, callid=b"late", columns={"method": b"BYE"})])
    assert await callids(database, "method:BYE", "calls") == ["late"]
    assert await callids(database, "NOT method:BYE", "calls") == []
    assert await callids(database, "state:completed") == ["late", "late"]
