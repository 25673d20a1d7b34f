from dataclasses import fields
from datetime import date

from appliance.model.kinds import Kind, day_start_us
from appliance.model.rows import CallRow, CallState, MessageRow
from appliance.storage import daily_tables
from appliance.storage.rows import CALL_COLUMNS, MESSAGE_COLUMNS, PACKET_COLUMNS, call_row, columns_of, message_row

DAY = date(2026, 11, 23)
NOON_US = day_start_us(DAY) + 43_200_000_000


def test_every_kind_has_the_columns_of_its_table() -> None:
    for kind in Kind:
        sql = daily_tables.create_sql(daily_tables.DailyTable(DAY, kind).name)
        assert all(f"  {column} " in sql for column in columns_of(kind))
    assert set(PACKET_COLUMNS) < set(MESSAGE_COLUMNS)


def test_every_field_of_a_call_is_a_column() -> None:
    assert {field.name for field in fields(CallRow)} == set(CALL_COLUMNS)


def values(kind: Kind, **given: object) -> list[object]:
    named = {"micro_ts": NOON_US, "id": 9, "own_ts": None, "arrival_ts": 3, "problems": b"", **given}
    return [named.get(column, b"") for column in columns_of(kind)]


def test_octets_become_text_and_problems_words() -> None:
    row = message_row("site", Kind.CALL, DAY, values(Kind.CALL, from_user=b"\xff", problems=b"no-callid,clock"), b"x")
    assert (row.from_user, row.problems, row.raw) == ("\udcff", ("no-callid", "clock"), b"x")
    assert (row.ts, row.filed_ts, row.arrival_ts) == (NOON_US, NOON_US, 3)
    assert row.id.startswith("site-call-20261123-")


def test_the_time_that_a_packet_claimed_is_its_own() -> None:
    row = message_row("site", Kind.CALL, DAY, values(Kind.CALL, own_ts=5))
    assert (row.ts, row.filed_ts) == (5, NOON_US)


def test_a_packet_that_is_not_sip_has_no_method() -> None:
    row = message_row("site", Kind.LOG, DAY, values(Kind.LOG, callid=b"c", type=100))
    assert (row.callid, row.protocol_type, row.method, row.cseq) == ("c", 100, "", None)
    assert isinstance(row, MessageRow)


def test_a_call_is_read_with_its_lists() -> None:
    named = dict.fromkeys(CALL_COLUMNS, b"") | {"state": b"busy", "causes": b"SIP/486,Q.850/17", "mos": None}
    row = call_row([named[column] for column in CALL_COLUMNS])
    assert (row.state, row.causes, row.nodes, row.mos) == (CallState.BUSY, ("SIP/486", "Q.850/17"), (), None)
