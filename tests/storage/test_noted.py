from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from appliance.model.ids import callid_key
from appliance.model.octets import text
from appliance.model.rows import MessageRow
from appliance.settings import MysqlSettings
from appliance.storage import calls
from appliance.storage.bundle import Bundle, note_line
from appliance.storage.connection import Database
from appliance.storage.noted import NotedRows, noted_row
from appliance.storage.store import Store
from tests.calls.made import START_US, flow
from tests.daily_database import DAY
from tests.sip_packets import received, understood

(INVITE,) = flow("0 A>B INVITE")


def noted(row: MessageRow) -> MessageRow:
    return noted_row(note_line(understood(received(row)).row), 7)


async def test_a_note_tells_the_same_as_the_table(tables: Database, mysql: MysqlSettings) -> None:
    sent = flow("0 A>B INVITE user_agent=a\\N\\\\t", "50 B>A 486 INVITE reason=Q.850;cause=17", "60 A>B ACK")
    sent[1] = replace(sent[1], ts=5, callid="c1@made")
    rows = [understood(received(row)).row for row in sent]
    store = Store(mysql, 1)
    await store.store(Bundle([("b", 3)], rows, []))
    await store.close()
    found = await calls.messages_of(tables, DAY, [callid_key(b"c1@made", START_US)])
    in_table = sorted((replace(row, id="", problems=()) for _, row in found), key=lambda row: row.filed_ts)
    assert in_table == sorted((replace(noted_row(note_line(row), 0), id="") for row in rows), key=lambda r: r.filed_ts)
    assert [row.ts for row in in_table] == [START_US, 5, START_US + 60_000]


@given(st.binary(max_size=20))
def test_any_octets_in_a_column_come_back(value: bytes) -> None:
    for odd in (value, b"\\N", b"\\t\t\\"):
        agent = text(odd.replace(b"\r", b"").replace(b"\n", b"").strip())
        assert noted(replace(INVITE, user_agent=agent)).user_agent == agent


def test_a_message_without_a_cseq_has_none() -> None:
    row = understood(received(INVITE)).row
    without = received(INVITE).data.replace(b"CSeq: 1 INVITE", b"X-Seq: 1 INVITE")
    assert noted_row(note_line(understood(replace(received(INVITE), data=without)).row), 0).cseq is None
    assert noted_row(note_line(row), 0).cseq == 1


def test_equal_packets_of_one_moment_are_two_packets() -> None:
    line = note_line(understood(received(INVITE)).row)
    assert noted_row(line, 0).id != noted_row(line, 1).id


def test_the_rows_of_a_call_are_in_the_order_of_its_lines_each_time_they_are_looked_at() -> None:
    lines = [note_line(understood(received(row)).row) for row in flow("0 A>B INVITE", "50 B>A 180 INVITE")]
    rows = NotedRows(lines)
    assert list(rows) == list(rows) == [noted_row(lines[0], 0), noted_row(lines[1], 1)]
    assert [row.method for row in rows] == ["INVITE", "180"]
