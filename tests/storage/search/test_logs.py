import zstandard

from appliance.model.kinds import Kind
from appliance.model.quality import LogRow
from appliance.model.rows import CallState, Total
from appliance.storage.connection import Database
from appliance.storage.search import Limits, Question, search
from tests.storage.search.asking import asked, callids, cases
from tests.storage.search.stored import HOUR, NOON, SECOND, Sent, a_call, store, store_calls

QUERIES = cases(
    """
    text:"Authentication failed"   log
    text:*janus*hangup*            webrtc
    text:/rel.*cause/              isup
    NOT text:janus                 isup,log
    text:janus;failed              webrtc,log
    callid:log                     log
    callid:w*                      webrtc
    log                            log
    kind:isup                      isup
    kind:log;webrtc                webrtc,log
    kind:rtcp                      -
    node:gw                        isup
    src:10.0.0.9                   webrtc
    state:busy                     log
    kind:log text:failed           log
    text:INVITE                    -
    """
)


async def some(database: Database) -> None:
    await store(
        database,
        [
            Sent(NOON, Kind.LOG, b"log", b"WARNING: Authentication FAILED for bob"),
            Sent(NOON + SECOND, Kind.WEBRTC, b"webrtc", b'{"event":"janus hangup"}', {"source_ip": b"10.0.0.9"}),
            Sent(NOON + 2 * SECOND, Kind.ISUP, b"isup", b'{"msg_name":"REL cause 16"}', {"node": b"gw"}),
            Sent(NOON, Kind.RTCP, b"rtcp", b"janus"),
            Sent(NOON, Kind.CALL, b"call"),
        ],
    )
    await store_calls(database, [a_call("log", state=CallState.BUSY)])


async def test_each_field_finds_lines_and_events(database: Database) -> None:
    await some(database)
    for line, wanted in QUERIES:
        assert ",".join(await callids(database, line, "logs")) == wanted, line


async def test_a_row_has_the_line_itself(database: Database) -> None:
    await some(database)
    for line in ("callid:log", "text:authentication"):
        (row,) = (await asked(database, line, "logs")).rows
        assert isinstance(row, LogRow)
        assert (row.text, row.kind, row.node) == ("WARNING: Authentication FAILED for bob", Kind.LOG, "sbc-1")
        assert row.id.startswith("hep1-log-20261123-")


async def test_pages_of_lines_neither_miss_nor_repeat(database: Database) -> None:
    kinds = (Kind.LOG, Kind.WEBRTC, Kind.ISUP, Kind.OTHER)
    sent = [Sent(NOON + n // 8, kinds[n % 4], payload=b"line %d" % n) for n in range(40)]
    await store(database, sent)
    for line in ("", "text:line"):
        cursor, found = None, []
        while True:
            question = Question(line, NOON, NOON + HOUR, "logs", limit=7, cursor=cursor)
            page = await search(database, "hep1", question)
            found += [row.text for row in page.rows if isinstance(row, LogRow)]
            cursor = page.next
            if cursor is None:
                break
        assert len(found) == len(set(found)) == 40
    assert (await asked(database, "", "logs")).total == Total(40, exact=True)


async def test_reading_lines_stops_where_it_may_read_no_more(database: Database) -> None:
    await store(database, [Sent(NOON + n * 1_000_000, Kind.LOG, payload=b"line") for n in range(2400)])
    question = Question("text:nothing", NOON, NOON + HOUR, "logs")
    page = await search(database, "hep1", question, Limits(text_messages=500))
    assert page.next is not None
    assert page.notes


async def test_a_line_of_a_damaged_block_is_shown_without_its_text(database: Database) -> None:
    await store(database, [Sent(NOON, Kind.LOG, b"log", b"a line")])
    await database.execute("UPDATE logs_capture_all_texts_20261123 SET body = %s", (zstandard.compress(b"x"),))
    (row,) = (await asked(database, "", "logs")).rows
    assert isinstance(row, LogRow)
    assert row.text == ""
