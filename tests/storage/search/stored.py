"""Rows for the search to find: messages and calls put into daily tables as they are stored."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from appliance.model.ids import callid_hash, callid_key, hour_of_day, payload_hash
from appliance.model.kinds import DailyTable, Kind, calls_table, day_of
from appliance.model.octets import octets
from appliance.model.rows import CallRow, CallState
from appliance.storage import daily_tables, texts
from appliance.storage.connection import Database
from appliance.storage.rows import CALL_COLUMNS

NOON = 1_795_435_200_000_000
"""2026-11-23 12:00 UTC, microseconds."""
SECOND = 1_000_000
HOUR = 3600 * SECOND


@dataclass
class Sent:
    """A stored packet; `columns` replace the defaults of its table's columns."""

    at: int = NOON
    kind: Kind = Kind.CALL
    callid: bytes = b"call-1@pc33"
    payload: bytes = b"INVITE sip:bob@example.com SIP/2.0\r\nCall-ID: call-1@pc33\r\n\r\n"
    columns: dict[str, Any] = field(default_factory=dict)


_PACKET: dict[str, Any] = {
    "own_ts": None,
    "source_ip": b"10.0.0.1",
    "source_port": 5060,
    "destination_ip": b"10.0.0.2",
    "destination_port": 5060,
    "proto": b"udp",
    "node": b"sbc-1",
    "correlation_id": b"",
    "type": 1,
    "problems": b"",
}
_SIP: dict[str, Any] = {
    **_PACKET,
    **dict.fromkeys(
        [
            "reply_reason",
            "ruri_user",
            "ruri_domain",
            "from_user",
            "from_domain",
            "from_tag",
            "to_user",
            "to_domain",
            "to_tag",
            "contact_user",
            "pid_user",
            "auth_user",
            "callid_aleg",
            "via_1_branch",
            "user_agent",
            "reason",
            "diversion",
            "content_type",
            "leg_keys",
            "sdp",
        ],
        b"",
    ),
    "method": b"INVITE",
    "cseq": 1,
    "cseq_method": b"INVITE",
}


async def store(database: Database, sent: Sequence[Sent], block: int = 1) -> None:
    """Store packets, the payloads of each table in one block."""
    tables: dict[DailyTable, list[Sent]] = defaultdict(list)
    for each in sent:
        tables[DailyTable(day_of(each.at), each.kind)].append(each)
    for table, rows in tables.items():
        await daily_tables.ensure_table_for(database, table.kind, table.day)
        for index, each in enumerate(rows):
            await _insert(database, table.name, _columns(each, texts.row_id(block, index)))
        await database.execute(
            f"INSERT INTO `{table.texts}` VALUES (%s, %s, %s, %s, %s)",
            (block, rows[0].at, rows[-1].at, len(rows), texts.pack([each.payload for each in rows])),
        )


def _columns(sent: Sent, row: int) -> dict[str, Any]:
    return {
        **(_SIP if sent.kind.is_sip else _PACKET),
        "micro_ts": sent.at,
        "id": row,
        "callid_key": callid_key(sent.callid, sent.at),
        "arrival_ts": sent.at + 1000,
        "callid": sent.callid[:255],
        "size": len(sent.payload),
        "payload_hash": payload_hash(sent.payload),
        **sent.columns,
    }


async def _insert(database: Database, table: str, columns: dict[str, Any]) -> None:
    marks = ", ".join(["%s"] * len(columns))
    await database.execute(f"INSERT INTO `{table}` ({', '.join(columns)}) VALUES ({marks})", tuple(columns.values()))


A_CALL = CallRow(
    callid="call-1@pc33",
    started=NOON,
    ended=NOON + 10 * SECOND,
    state=CallState.COMPLETED,
    status=200,
    reply_reason="OK",
    from_user="alice",
    from_domain="example.com",
    to_user="bob",
    to_domain="example.com",
    ruri_user="bob",
    source_ip="10.0.0.1",
    destination_ip="10.0.0.2",
    user_agent="Softphone 1.0",
    pdd_ms=180,
    setup_ms=2500,
    talk_ms=7000,
    hung_up_by="caller",
    causes=("Q.850/16",),
    messages=6,
    copies=0,
    retransmissions=0,
    codecs=("PCMA", "telephone-event"),
    nodes=("sbc-1",),
)


def a_call(callid: str, **changes: Any) -> CallRow:
    """A_CALL with another Call-ID and what else is said."""
    return replace(A_CALL, callid=callid, **changes)


async def store_calls(database: Database, calls: Sequence[CallRow]) -> None:
    """Store call records in the tables of their days."""
    for call in calls:
        day = day_of(call.started)
        await daily_tables.ensure_table_for(database, Kind.CALL, day)
        columns = {name: _call_column(getattr(call, name)) for name in CALL_COLUMNS}
        columns |= {"hour": hour_of_day(call.started), "hash": callid_hash(octets(call.callid)), "due": None}
        await _insert(database, calls_table(day), columns)


def _call_column(value: Any) -> Any:
    if isinstance(value, tuple):
        return ",".join(value).encode()
    return octets(value) if isinstance(value, str) else value
