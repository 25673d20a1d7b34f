import json
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.buffer.batch import Origin, Record
from appliance.hep.decode import decode
from appliance.hep.encode import encode
from appliance.ingest.reporting import named
from appliance.ingest.understand import Understanding
from appliance.model.kinds import Kind
from appliance.model.packet import Packet
from appliance.model.quality import QualityRow, ReportKind
from appliance.settings import MysqlSettings
from appliance.storage import daily_tables, messages, quality
from appliance.storage.bundle import Bundle, NewRow
from appliance.storage.connection import Database
from appliance.storage.store import Store
from tests.captures import CAPTURES
from tests.storage.search.stored import NOON, SECOND

UNDERSTANDING = Understanding((), 10)
RTCP = json.dumps(
    {
        "type": 200,
        "ssrc": 1,
        "sender_information": {"packets": 100, "octets": 16000},
        "report_count": 1,
        "report_blocks": [
            {"source_ssrc": 2, "fraction_lost": 8, "packets_lost": 3, "ia_jitter": 80, "dlsr": 0, "lsr": 0}
        ],
    }
).encode()
STAT = b"X-RTP-Stat: CS=0;PS=1000;ES=1005;OS=160800;PR=990;ER=1000;OR=158400;PL=10,0;EN=PCMA;DE=PCMA;JI=5,2;"
VQ = (
    b"VQSessionReport: CallTerm\r\nCallID: the-call@pbx\r\nLocalID: <sip:a@x>\r\nRemoteID: <sip:b@x>\r\n"
    b"LocalAddr: IP=10.10.1.100 PORT=5000 SSRC=1a3b5c7d\r\nRemoteAddr: IP=11.1.1.150 PORT=5002 SSRC=2468abcd\r\n"
    b"LocalMetrics:\r\nPacketLoss: NLR=5.0 JDR=2.0\r\nQualityEst: MOSLQ=4.1 MOSCQ=4.0\r\n"
)


def sip(first: bytes, method: bytes, callid: bytes, *more: bytes, body: bytes = b"") -> bytes:
    lines = (
        first,
        b"Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKx",
        b"From: <sip:a@x>;tag=1",
        b"To: <sip:b@x>;tag=2",
        b"Call-ID: " + callid,
        b"CSeq: 2 " + method,
        *more,
        b"Content-Length: %d" % len(body),
        b"",
        body,
    )
    return b"\r\n".join(lines)


def row(protocol_type: int, payload: bytes, at: int = NOON, **chunks: Any) -> NewRow:
    sent = Packet(3, protocol_type, 17, "10.0.0.2", 40001, "10.0.0.1", 30001, at, 7, b"edge", b"", payload)
    found = UNDERSTANDING.understand(Record(at, "192.0.2.9", 9, Origin.UDP, encode(replace(sent, **chunks))))
    assert found is not None
    return found.row


async def reports(
    mysql: MysqlSettings,
    database: Database,
    rows: list[NewRow],
    callid: str = "",
    ends: list[tuple[str, int]] | None = None,
) -> list[QualityRow]:
    store = Store(mysql, 1)
    await store.store(Bundle([(secrets.token_hex(4), len(rows))], rows))
    await store.close()
    names = await daily_tables.all_names(database)
    return await quality.of_call(database, names, [callid], ends or [], NOON, NOON + SECOND, "hep1")


async def test_rtcp_is_found_by_its_correlation_id_and_opens_its_packet(
    mysql: MysqlSettings, database: Database
) -> None:
    found = await reports(mysql, database, [row(5, RTCP, correlation_id=b"the-call@pbx\0")], "the-call@pbx")
    assert found
    assert {(each.callid, each.node, each.measured.kind) for each in found} == {
        ("the-call@pbx", "edge", ReportKind.RTCP)
    }
    whole = await messages.call(database, "hep1", b"the-call@pbx")
    assert whole is not None
    assert {each.id for each in found} == {message.id for message in whole.messages}
    assert whole.messages[0].raw == RTCP


async def test_rtcp_without_a_call_is_found_where_the_media_ran(mysql: MysqlSettings, database: Database) -> None:
    assert await reports(mysql, database, [row(5, RTCP)], ends=[("10.0.0.2", 40000)])


async def test_statistics_of_a_bye_belong_to_its_call(mysql: MysqlSettings, database: Database) -> None:
    bye = sip(b"BYE sip:b@x SIP/2.0", b"BYE", b"bye-call", STAT)
    found = await reports(mysql, database, [row(1, bye, correlation_id=b"elsewhere")], "bye-call")
    assert {each.measured.kind for each in found} == {ReportKind.RTP_STAT}
    assert all("-call-" in each.id for each in found)


async def test_a_published_report_belongs_to_the_call_that_it_names(mysql: MysqlSettings, database: Database) -> None:
    publish = sip(b"PUBLISH sip:c@x SIP/2.0", b"PUBLISH", b"publish-1", b"Content-Type: application/vq-rtcpxr", body=VQ)
    found = await reports(mysql, database, [row(1, publish)], "the-call@pbx")
    assert {each.measured.kind for each in found} == {ReportKind.VQ_RTCPXR}
    assert all("-rest-" in each.id for each in found)


async def test_a_report_in_hep_is_filed_under_the_call_in_its_body(mysql: MysqlSettings, database: Database) -> None:
    assert await reports(mysql, database, [row(35, VQ)], "the-call@pbx")
    assert await messages.call(database, "hep1", b"the-call@pbx") is not None


def test_other_messages_are_not_looked_into() -> None:
    assert row(1, sip(b"INVITE sip:b@x SIP/2.0", b"INVITE", b"call", STAT)).reports is None
    assert row(1, sip(b"BYE sip:b@x SIP/2.0", b"BYE", b"call")).reports is None
    assert row(100, b"X-RTP-Stat is no report here").reports is None


STREAMS = sorted((CAPTURES / "derived" / "hep_streams").glob("*.hep"))


def frames(stream: bytes) -> Iterator[Packet]:
    while stream:
        size = int.from_bytes(stream[4:6], "big")
        yield decode(stream[:size])
        stream = stream[size:]


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
async def test_recorded_streams_show_reports_and_logs_in_their_call(
    path: Path, mysql: MysqlSettings, database: Database
) -> None:
    packets = list(frames(path.read_bytes()))[:300]
    rows = [
        row(sent.protocol_type, sent.payload, NOON + n, correlation_id=sent.correlation_id)
        for n, sent in enumerate(packets)
    ]
    of_call = [sent for sent in packets if sent.correlation_id.startswith(b"4yej6e@127.0.0.1")]
    found = await reports(mysql, database, rows, "4yej6e@127.0.0.1") if rows else []
    found += await reports(mysql, database, [], "4yej6e@127.0.0.1_b2b-1")
    assert bool(found) == any(sent.protocol_type in (5, 34, 35) or b"RTP-Stat" in sent.payload for sent in of_call)
    if any(sent.protocol_type == 100 for sent in of_call):
        whole = await messages.call(database, "hep1", b"4yej6e@127.0.0.1")
        assert whole is not None
        assert any(message.kind is Kind.LOG and b"4yej6e" in (message.raw or b"") for message in whole.messages)


@pytest.mark.parametrize(
    ("line", "callid"),
    [
        (b"Processing OPTIONS request from nodejs using Call-Id: 4yej6e@127.0.0.1", b"4yej6e@127.0.0.1"),
        (b'{"event":{"call-id":"a84b@pc33","username":"bob"}}', b"a84b@pc33"),
        (b"callid=<x@y>; done", b"x@y"),
        (b"cookie d7:call-id9:abc de@fg7:command5:offere", b"abc de@fg"),
        (b"INFO: my call identity is lost", b""),
        (b"", b""),
    ],
)
def test_a_line_belongs_to_the_call_that_it_names_as_one(line: bytes, callid: bytes) -> None:
    assert named(line) == callid
    assert row(100, line).callid_key == row(100, b"nothing", correlation_id=callid).callid_key


def test_the_agents_correlation_id_comes_first() -> None:
    said = row(100, b"call-id: in-text@x", correlation_id=b"said@x")
    assert said.callid_key == row(100, b"", correlation_id=b"said@x").callid_key
    assert said.table.kind is Kind.LOG


@given(st.binary(max_size=300), st.sampled_from([5, 20, 34, 35, 38, 54, 61, 99, 100]))
def test_whatever_a_packet_holds_it_becomes_a_row(payload: bytes, protocol_type: int) -> None:
    assert row(protocol_type, payload).payload == payload
