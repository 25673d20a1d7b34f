import secrets
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.buffer.batch import DamagedBatch, Origin, Record, import_data
from appliance.hep.encode import encode
from appliance.hep.errors import HepError
from appliance.ingest.rules import Rules
from appliance.ingest.understand import Discarded, Understanding, Understood, node_of, transport
from appliance.model.ids import parse_message_id
from appliance.model.kinds import DAY_US, DailyTable, Kind
from appliance.model.rows import MessageRow
from appliance.settings import MysqlSettings, SipSettings
from appliance.storage import messages
from appliance.storage.bundle import Bundle, fields_of, line_of
from appliance.storage.connection import Database
from appliance.storage.daily_tables import create_sql
from appliance.storage.rows import columns_of, message_row
from appliance.storage.store import Store
from tests.calls.made import START_US, flow
from tests.daily_database import DAY
from tests.sip_packets import KEPT_DAYS, SENDER, packet, sip

(INVITE,) = flow("0 A>B INVITE")
UNDERSTANDING = Understanding(("X-CID",), KEPT_DAYS)


def datagram(payload: bytes = sip(INVITE), origin: Origin = Origin.UDP, at_us: int = START_US, **chunks: Any) -> Record:
    """A HEP 3 datagram that was read at START_US; `chunks` replace fields of the packet."""
    sent = replace(packet(INVITE), payload=payload, **{"time_us": at_us, **chunks})
    return Record(START_US, SENDER, 9060, origin, encode(sent))


def understood(record: Record) -> Understood:
    found = UNDERSTANDING.understand(record)
    assert found is not None
    return found


def columns(found: Understood) -> dict[str, bytes | None]:
    """The row as it goes to the server, by column."""
    kind = found.row.table.kind
    names = _order(kind)
    return dict(zip(names, fields_of(line_of(found.row, 1)), strict=True))


def _order(kind: Kind) -> list[str]:
    lines = create_sql(DailyTable(DAY, kind).name).splitlines()
    return [line.split()[0] for line in lines if line.startswith("  ") and not line.strip().startswith(("PRIM", "KEY"))]


async def stored(found: Understood, database: Database, mysql: MysqlSettings) -> MessageRow:
    """What comes back from the tables."""
    store = Store(mysql, 1)
    await store.store(Bundle([(secrets.token_hex(4), 1)], [found.row], []))
    await store.close()
    table = found.row.table
    (values,) = await database.fetch(f"SELECT {', '.join(columns_of(table.kind))} FROM `{table.name}`")
    row = message_row("site", table.kind, table.day, values)
    again = await messages.message(database, parse_message_id(row.id))
    assert again is not None
    return again


async def test_a_sip_message_is_stored_with_every_column(database: Database, mysql: MysqlSettings) -> None:
    payload = (
        b"INVITE sip:+4930123@example.com;user=phone SIP/2.0\r\n"
        b"Via: SIP/2.0/TLS 10.0.0.1:5061;branch=z9hG4bK77\r\nVia: SIP/2.0/UDP 10.9.9.9;branch=z9hG4bK66\r\n"
        b'From: "Alice" <sip:alice@atlanta.example.com>;tag=a1\r\nTo: <sip:bob@biloxi.example.com>;tag=b1\r\n'
        b"Call-ID: all-columns\r\nCSeq: 314159 INVITE\r\nContact: <sip:contact@10.0.0.1>\r\n"
        b"P-Asserted-Identity: <sip:+49301@example.com>\r\nX-CID: a-leg\r\nUser-Agent: phone/1\r\n"
        b'Proxy-Authorization: Digest username="auth", realm="r"\r\nReason: Q.850;cause=16\r\n'
        b"Diversion: <sip:divert@example.com>\r\nContent-Type: application/sdp\r\nContent-Length: 74\r\n\r\n"
        b"v=0\no=- 37 2 IN IP4 10.0.0.9\nc=IN IP4 10.0.0.9\nm=audio 4000 RTP/AVP 8\na=inactive\n"
    )
    record = datagram(payload, ip_protocol=6, correlation_id=b"corr", source_ip="2001:db8::1", source_port=5061)
    row = await stored(understood(record), database, mysql)
    assert row.raw == payload
    assert row == MessageRow(
        id=row.id, kind=Kind.CALL, ts=START_US, filed_ts=START_US, arrival_ts=START_US, callid="all-columns",
        source_ip="2001:db8::1", source_port=5061, destination_ip="10.0.0.2", destination_port=5060, proto="tcp",
        node="tap", correlation_id="corr", payload_hash=row.payload_hash, size=len(payload), protocol_type=1,
        problems=(), method="INVITE", reply_reason="", cseq=314159, cseq_method="INVITE", ruri_user="+4930123",
        ruri_domain="example.com", from_user="alice", from_domain="atlanta.example.com", from_tag="a1",
        to_user="bob", to_domain="biloxi.example.com", to_tag="b1", contact_user="contact", pid_user="+49301",
        auth_user="auth", callid_aleg="a-leg", via_branch="z9hG4bK77", user_agent="phone/1",
        reason="Q.850;cause=16", diversion=row.diversion, content_type="application/sdp",
        leg_keys="x:a-leg", sdp="37 2 10.0.0.9;audio 10.0.0.9:4000 PCMA inactive", raw=payload,
    )  # fmt: skip
    assert "divert@example.com" in row.diversion


async def test_a_response_has_its_code_as_method(database: Database, mysql: MysqlSettings) -> None:
    (answer,) = flow("0 B>A 486 INVITE reply_reason=Busy_Here")
    row = await stored(understood(datagram(sip(answer))), database, mysql)
    assert (row.method, row.reply_reason, row.cseq_method, row.is_request) == ("486", "Busy Here", "INVITE", False)


@pytest.mark.parametrize(
    ("ip_protocol", "via", "proto"),
    [
        (17, "UDP", b"udp"),
        (17, "TCP", b"udp"),
        (6, "TCP", b"tcp"),
        (22, "TLS", b"tls"),
        (132, "SCTP", b"sctp"),
        (6, "WS", b"ws"),
        (22, "WSS", b"wss"),
        (22, "WS", b"wss"),
        (6, "WSS", b"ws"),
        (17, "WS", b"udp"),
        (0, "WSS", b"wss"),
        (0, "tls", b"tls"),
        (0, "carrier-pigeon", b""),
        (99, "TCP", b"tcp"),
    ],
)
def test_the_transport_is_what_the_agent_saw_else_what_via_says(ip_protocol: int, via: str, proto: bytes) -> None:
    payload = sip(INVITE).replace(b"SIP/2.0/UDP", f"SIP/2.0/{via}".encode())
    found = understood(datagram(payload, ip_protocol=ip_protocol))
    assert columns(found)["proto"] == proto


def test_without_a_via_only_the_agent_knows() -> None:
    assert transport(replace(packet(INVITE), ip_protocol=0), b"") == b""
    assert transport(replace(packet(INVITE), ip_protocol=6), b"") == b"tcp"


def test_the_agent_is_named_by_name_else_number_else_address() -> None:
    sent = packet(INVITE)
    assert node_of(replace(sent, node_name=b"edge", capture_id=5), SENDER) == b"edge"
    assert node_of(replace(sent, node_name=b"", capture_id=0), SENDER) == b"0"
    assert node_of(replace(sent, node_name=b"", capture_id=None), SENDER) == SENDER.encode()


def hep12(version: int, payload: bytes) -> bytes:
    head = bytes((version, 16, 2, 17)) + (5060).to_bytes(2, "big") + (5061).to_bytes(2, "big")
    addresses = bytes((10, 0, 0, 1, 10, 0, 0, 2))
    seconds, microseconds = divmod(START_US - 5, 1_000_000)
    times = b"".join(
        (seconds.to_bytes(4, "little"), microseconds.to_bytes(4, "little"), (2001).to_bytes(2, "little"), b"\0\0")
    )
    return head + addresses + (times if version == 2 else b"") + payload


def test_hep_1_has_no_time_so_the_time_of_receipt_counts() -> None:
    found = understood(Record(START_US, SENDER, 9060, Origin.UDP, hep12(1, sip(INVITE))))
    assert (found.hep_version, found.row.micro_ts, found.row.own_ts) == (1, START_US, None)
    assert (found.node, found.suspect_clock, columns(found)["source_ip"]) == (SENDER.encode(), False, b"10.0.0.1")


def test_hep_2_has_a_time_and_a_number() -> None:
    found = understood(Record(START_US, SENDER, 9060, Origin.UDP, hep12(2, sip(INVITE))))
    assert (found.hep_version, found.row.micro_ts, found.node) == (2, START_US - 5, b"2001")
    assert found.row.payload == sip(INVITE)


@pytest.mark.parametrize("payload", [b"", b"\r\n\r\n", b"\0\0\0\0", b"  \r\n", b"\n"])
def test_a_keep_alive_is_nothing_to_store(payload: bytes) -> None:
    assert UNDERSTANDING.understand(datagram(payload)) is None


@pytest.mark.parametrize("protocol_type", [0, 5, 20, 34, 35, 54, 86, 99, 100, 255])
async def test_what_is_not_sip_goes_to_the_table_of_its_kind(
    database: Database, mysql: MysqlSettings, protocol_type: int
) -> None:
    payload = b'{"mos": 4.1}\0\xff'
    found = understood(datagram(payload, protocol_type=protocol_type, correlation_id=b"call-1@pc33"))
    assert found.callid is None
    row = await stored(found, database, mysql)
    assert (row.kind, row.callid, row.correlation_id) == (found.kind, "call-1@pc33", "call-1@pc33")
    assert (row.protocol_type, row.raw, row.node) == (protocol_type, payload, "tap")


def test_an_empty_packet_that_is_not_sip_is_stored() -> None:
    assert understood(datagram(b"", protocol_type=100)).row.payload == b""


@pytest.mark.parametrize(
    "claimed", [0, 1_000_000, START_US + 2 * DAY_US, START_US - 11 * DAY_US, 4_294_967_295_999_999]
)
def test_an_absurd_time_is_filed_under_the_time_of_receipt_and_marked(claimed: int) -> None:
    found = understood(datagram(at_us=claimed))
    assert found.row.micro_ts == START_US
    assert found.row.table == DailyTable(DAY, Kind.CALL)
    if claimed:
        assert (found.row.own_ts, found.suspect_clock, columns(found)["problems"]) == (claimed, True, b"clock")
    else:
        assert (found.row.own_ts, found.suspect_clock) == (None, False)


def test_a_bad_clock_is_added_to_what_else_is_wrong() -> None:
    payload = sip(INVITE).replace(b"CSeq: 1 INVITE", b"CSeq: one INVITE")
    problems = columns(understood(datagram(payload, at_us=1_000_000)))["problems"]
    assert problems is not None
    *others, clock = problems.split(b",")
    assert (clock, bool(others)) == (b"clock", True)
    assert not understood(datagram(at_us=1_000_000)).malformed, "the message itself is well-formed"


def test_an_imported_packet_keeps_the_time_of_its_capture() -> None:
    long_ago = 1_000_000_000_000_000
    frame = encode(replace(packet(INVITE), payload=b"", time_us=long_ago))
    record = Record(START_US, "import", 0, Origin.IMPORT, import_data(frame, sip(INVITE)))
    found = understood(record)
    assert (found.row.micro_ts, found.row.own_ts, found.suspect_clock) == (long_ago, None, False)
    assert found.row.table.day.year == 2001
    assert found.row.arrival_ts == START_US


def test_an_imported_packet_may_be_larger_than_hep_can_say() -> None:
    frame = encode(replace(packet(INVITE), payload=b""))
    payload = sip(INVITE) + b"x" * (1 << 20)
    record = Record(START_US, "import", 0, Origin.IMPORT, import_data(frame, payload))
    assert understood(record).row.payload == payload


async def test_columns_are_cut_to_their_widths_and_the_message_is_kept_whole(
    database: Database, mysql: MysqlSettings
) -> None:
    long = b"x" * 3000
    payload = (
        b"%b sip:%b@%b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=%b\r\nFrom: <sip:%b@%b>;tag=%b\r\n"
        b"To: <sip:%b@%b>;tag=%b\r\nCall-ID: %b\r\nCSeq: 99999999999 %b\r\nContact: <sip:%b@h>\r\n"
        b"P-Asserted-Identity: <sip:%b@h>\r\nX-CID: %b\r\nUser-Agent: %b\r\n"
        b'Authorization: Digest username="%b"\r\nReason: %b\r\nDiversion: %b\r\nContent-Type: %b\r\n\r\n'
        % ((b"METHOD" * 50,) + (long,) * 19)
    )
    record = datagram(payload, node_name=long, correlation_id=long)
    row = await stored(understood(record), database, mysql)
    assert row.raw == payload
    assert (len(row.method), len(row.callid), len(row.from_user), len(row.node)) == (64, 255, 160, 128)
    assert (len(row.correlation_id), row.cseq, row.size) == (255, None, len(payload))


async def test_a_response_with_a_long_reason_and_odd_code_is_taken(database: Database, mysql: MysqlSettings) -> None:
    payload = sip(flow("0 B>A 200 INVITE")[0]).replace(b"SIP/2.0 200 Reason", b"SIP/2.0 99999 " + b"r" * 500)
    row = await stored(understood(datagram(payload)), database, mysql)
    assert row.raw == payload


def test_a_cseq_is_as_large_as_rfc_3261_allows() -> None:
    payload = sip(INVITE)
    most = payload.replace(b"CSeq: 1 ", b"CSeq: 2147483647 ")
    assert columns(understood(datagram(most)))["cseq"] == b"2147483647"
    beyond = payload.replace(b"CSeq: 1 ", b"CSeq: 2147483648 ")
    assert columns(understood(datagram(beyond)))["cseq"] is None


def test_a_message_is_cut_to_the_operators_limit_and_marked() -> None:
    cutting = Understanding(("X-CID",), KEPT_DAYS, {Kind.CALL: 100, Kind.LOG: 3})
    found = cutting.understand(datagram())
    assert found is not None
    assert found.row.payload == sip(INVITE)[:100]
    assert columns(found)["problems"] == b"cut"
    assert (columns(found)["size"], columns(found)["callid"]) == (b"100", b"c1@made")
    assert not found.malformed, "we cut it, its sender did not"
    log = cutting.understand(datagram(b"abcdef", protocol_type=100))
    assert log is not None and log.row.payload == b"abc"
    short = cutting.understand(datagram(b"abc", protocol_type=100))
    assert short is not None and columns(short)["problems"] == b""


def test_only_messages_of_calls_are_noted_for_the_settler() -> None:
    assert understood(datagram()).callid == b"c1@made"
    for line in ("0 A>B REGISTER", "0 A>B OPTIONS"):
        assert understood(datagram(sip(flow(line)[0]))).callid is None


def test_what_is_no_hep_is_an_error_of_hep() -> None:
    with pytest.raises(HepError):
        UNDERSTANDING.understand(Record(START_US, SENDER, 9060, Origin.UDP, b"GET / HTTP/1.1\r\n\r\n"))
    with pytest.raises(DamagedBatch):
        UNDERSTANDING.understand(Record(START_US, SENDER, 9060, Origin.IMPORT, b"x"))


LINES = st.sampled_from(
    [b"INVITE sip:a@b SIP/2.0", b"SIP/2.0 200 OK", b"Call-ID: ", b"CSeq: 1 INVITE", b"CSeq: -1 \xff",
     b"From: <sip:\t@\\", b"To: ;tag=\\N",
     b"Via: SIP/2.0/UDP ;branch=\t\n", b"v: ;;", b"Reason: \\", b"\xff\xfe", b"\0", b"X-CID: \t\\t"]
)  # fmt: skip
HOSTILE = st.binary(max_size=300) | st.lists(LINES | st.binary(max_size=20), max_size=12).map(b"\r\n".join)


@given(st.lists(HOSTILE, min_size=20, max_size=20), st.sampled_from([1, 5, 100, 255]), st.binary(max_size=20))
def test_any_payload_in_hep_is_a_row_with_every_column_or_a_keep_alive(
    payloads: list[bytes], protocol_type: int, node: bytes
) -> None:
    for payload in payloads:
        found = UNDERSTANDING.understand(datagram(payload, protocol_type=protocol_type, node_name=node))
        assert found is None or (len(columns(found)) > 15 and found.row.payload == payload)


async def test_the_server_takes_every_such_row(database: Database, mysql: MysqlSettings) -> None:
    rows = []

    @given(HOSTILE, st.sampled_from([1, 1, 1, 35]), st.binary(max_size=200), st.integers(0, 2**32 * 1_000_000 - 1))
    def gather(payload: bytes, protocol_type: int, node: bytes, at_us: int) -> None:
        record = datagram(payload, at_us=at_us, protocol_type=protocol_type, node_name=node, correlation_id=node)
        found = UNDERSTANDING.understand(record)
        if found is not None:
            rows.append(found.row)

    gather()
    store = Store(mysql, 1)
    await store.store(Bundle([("hostile", len(rows))], rows, []))
    await store.close()
    for table in {row.table for row in rows}:
        ours = [row for row in rows if row.table == table]
        (found,) = await database.fetch(f"SELECT COUNT(*) FROM `{table.name}`")
        assert found[0] == len(ours)


def ruled(**settings: object) -> Understanding:
    return Understanding(("X-CID",), KEPT_DAYS, rules=Rules(SipSettings.model_validate(settings)))


def test_a_rule_of_the_operator_keeps_a_packet_from_being_stored() -> None:
    held = ruled(discard=f"src:{INVITE.source_ip} method:INVITE\nkind:log text:noise")
    with pytest.raises(Discarded) as caught:
        held.understand(datagram())
    assert caught.value.rule == f"src:{INVITE.source_ip} method:INVITE"
    with pytest.raises(Discarded):
        held.understand(datagram(b"much Noise", protocol_type=100))
    assert held.understand(datagram(b"a log line", protocol_type=100)) is not None


def test_what_is_censored_is_in_no_column_either() -> None:
    secret = sip(INVITE).replace(b"CSeq:", b'Authorization: Digest username="alice"\r\nCSeq:')
    plain, found = understood(datagram(secret)), ruled(censor="header:Authorization").understand(datagram(secret))
    assert found is not None and found.censored == ("header:Authorization",)
    assert b"alice" in plain.row.tail and b"alice" not in found.row.tail
    assert len(found.row.payload) == len(secret) and b"alice" not in found.row.payload
