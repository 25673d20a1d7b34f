"""Traffic for the pages to show, stored as a writer and the settler store it."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

from appliance.buffer.batch import Origin, Record
from appliance.calls import fold
from appliance.hep.encode import encode
from appliance.ingest.registering import Registering
from appliance.ingest.understand import Understanding
from appliance.metrics import Counts
from appliance.model.kinds import Kind, day_of
from appliance.model.packet import Packet
from appliance.settings import MysqlSettings
from appliance.storage import calls, changes, daily_tables, messages
from appliance.storage.bundle import Bundle
from appliance.storage.connection import Database
from appliance.storage.known_tables import KnownTables
from appliance.storage.store import Store

SITE = "t1"
ALICE, PROXY, BOB = "192.0.2.1", "192.0.2.2", "192.0.2.3"
NOW_US = time.time_ns() // 1000
BEGUN_US = NOW_US - 600_000_000
"""When the traffic of these tests began: ten minutes ago."""
SCRIPT = "<script>alert(1)</script>"
REPORTED = "reported-1@192.0.2.1"
"""A call with reports and log lines."""
HOSTILE_CALLID = f"{SCRIPT}\"'/?%#@evil"


@dataclass(frozen=True)
class Sent:
    """One packet: its octets and where it went."""

    payload: bytes
    after_ms: int = 0
    source: str = ALICE
    destination: str = PROXY
    node: bytes = b"edge-1"
    protocol_type: int = 1
    correlation: bytes = b""
    ports: tuple[int, int] = (5060, 5060)


def sip(
    first: str, callid: str, cseq: str = "1 INVITE", *more: str, user: str = "+4930111", to: str = "+4930222"
) -> bytes:
    lines = [
        first,
        "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK" + cseq.replace(" ", ""),
        f'From: "Alice" <sip:{user}@example.com>;tag=1',
        f"To: <sip:{to}@example.com>" + (";tag=2" if first.startswith("SIP/2.0 ") and " 100 " not in first else ""),
        f"Call-ID: {callid}",
        f"CSeq: {cseq}",
        *more,
        "Content-Length: 0",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")


def answered(callid: str = "answered-1@192.0.2.1", user: str = "+4930111") -> list[Sent]:
    """A call through one hop: INVITE, 100, 180, 200, ACK, BYE, 200."""

    def there(method: str, cseq: str, after_ms: int) -> Sent:
        first = f"{method} sip:+4930222@example.com SIP/2.0"
        return Sent(sip(first, callid, cseq, "User-Agent: Snom/1", user=user), after_ms)

    def back(first: str, cseq: str, after_ms: int) -> Sent:
        return Sent(sip(f"SIP/2.0 {first}", callid, cseq, user=user), after_ms, PROXY, ALICE)

    return [
        there("INVITE", "1 INVITE", 0),
        back("100 Trying", "1 INVITE", 10),
        back("180 Ringing", "1 INVITE", 500),
        back("200 OK", "1 INVITE", 2000),
        there("ACK", "1 ACK", 2100),
        there("BYE", "2 BYE", 9000),
        back("200 OK", "2 BYE", 9100),
    ]


def reported(callid: str = REPORTED) -> list[Sent]:
    """The same with two RTCP reports of Bob's stream to Alice, the second of 10 % loss, and a log line and an event."""
    tag, media = callid.encode(), (20001, 30001)
    rtcp = {"source": ALICE, "destination": BOB, "protocol_type": 5, "correlation": tag, "ports": media}
    return [
        *answered(callid, "+4930333"),
        Sent(report(0), 5000, **rtcp),  # type: ignore[arg-type]
        Sent(report(26), 8000, **rtcp),  # type: ignore[arg-type]
        Sent(f"INFO: {SCRIPT} routed".encode(), 1500, PROXY, ALICE, protocol_type=100, correlation=tag),
        Sent(f'{{"event": {{"name": "{SCRIPT}"}}}}'.encode(), 1600, BOB, ALICE, protocol_type=20, correlation=tag),
    ]


def report(fraction_lost: int) -> bytes:
    block = {"source_ssrc": 7, "fraction_lost": fraction_lost, "packets_lost": fraction_lost, "highest_seq_no": 400,
             "ia_jitter": 80, "lsr": 0, "dlsr": 0}  # fmt: skip
    return json.dumps({"ssrc": 9, "type": 201, "report_count": 1, "report_blocks": [block]}).encode()


def hostile() -> list[Sent]:
    """A call whose every part is markup."""
    invite = sip(
        f"INVITE sip:{SCRIPT}@b SIP/2.0", HOSTILE_CALLID, "1 INVITE", f"User-Agent: {SCRIPT}", user=SCRIPT, to="=1+1"
    )
    busy = sip(f"SIP/2.0 486 {SCRIPT}", HOSTILE_CALLID, "1 INVITE", f"Server: {SCRIPT}", user=SCRIPT, to="=1+1")
    return [
        Sent(invite, 20_000, node=SCRIPT.encode()),
        Sent(busy, 20_050, source=PROXY, destination=ALICE, node=SCRIPT.encode()),
    ]


def registration() -> list[Sent]:
    return [Sent(sip("REGISTER sip:example.com SIP/2.0", "register-1", "1 REGISTER"), 30_000)]


REGISTERED = "register-2@192.0.2.1"
"""A binding that was challenged, registered, moved and lasts."""


def registered() -> list[Sent]:
    """What REGISTERED says, and a refused binding whose every part is markup."""

    def both(callid: str, cseq: int, after_ms: int, answer: str, *more: str, user: str = "reg-1", port: int = 5060
             ) -> list[Sent]:  # fmt: skip
        contact = f'Contact: <sip:{user}@192.0.2.1>;+sip.instance="<urn:uuid:{user}>";reg-id=1'
        asked = sip("REGISTER sip:example.com SIP/2.0", callid, f"{cseq} REGISTER", contact, *more, user=user, to=user)
        granted = [f"{contact};expires=7200"] if answer.startswith("200") else []
        told = sip(f"SIP/2.0 {answer}", callid, f"{cseq} REGISTER", *granted, user=user, to=user)
        return [Sent(asked, after_ms, ports=(port, 5060)), Sent(told, after_ms + 20, PROXY, ALICE, ports=(5060, port))]

    return [
        *both(REGISTERED, 1, 50_000, "401 Unauthorized", "User-Agent: Snom/1"),
        *both(REGISTERED, 2, 50_040, "200 OK", "User-Agent: Snom/1"),
        *both(REGISTERED, 3, 150_000, "200 OK", "User-Agent: Snom/1", port=40_001),
        *both("register-3", 1, 30_500, f"403 {SCRIPT}", f"User-Agent: {SCRIPT}", f"Path: {SCRIPT}", user=SCRIPT),
    ]


def broken() -> list[Sent]:
    return [Sent(b"\x00\xff\xfe not SIP at all\x1b[31m", 31_000)]


def everything() -> list[Sent]:
    many = [Sent(sip("OPTIONS sip:a SIP/2.0", f"many-{n}", "1 OPTIONS"), 40_000 + n) for n in range(150)]
    return [*answered(), *reported(), *hostile(), *registration(), *registered(), *broken(), *many]


async def store(mysql: MysqlSettings, sent: Sequence[Sent]) -> None:
    """Store packets and fold their calls."""
    database = await Database.open(mysql, size=2, local_infile=True)
    understanding = Understanding((), 10_000)
    records = [Record(NOW_US, "198.51.100.9", 9060, Origin.UDP, _hep(each)) for each in sent]
    understood = [found for found in map(understanding.understand, records) if found]
    await daily_tables.ensure_days(database, {day_of(BEGUN_US), day_of(NOW_US)})
    writer = Store(mysql, 1)
    await writer.store(Bundle(batches=[(f"test-{time.time_ns()}", len(sent))], rows=[each.row for each in understood]))
    await writer.close()
    for callid in sorted({each.callid for each in understood if each.callid}):
        await _fold(database, callid)
    registers = [each.row for each in understood if each.kind is Kind.REGISTRATION]
    await _register(database, [(row.callid_key, row.micro_ts, row.micro_ts) for row in registers])
    await database.close()


async def _register(database: Database, came: Sequence[changes.Registered]) -> None:
    part = Registering(database, KnownTables(database), Counts())
    part.hear(changes.Note("registers", 0, (), (), tuple(came)))
    await part.turn(NOW_US - 10_000_000)


async def _fold(database: Database, callid: bytes) -> None:
    found = await messages.call(database, SITE, callid)
    assert found is not None
    records = fold.fold(found.messages, NOW_US)
    await calls.write(database, calls.Settled([(record, None) for record in records], [], []))


def _hep(sent: Sent) -> bytes:
    packet = Packet(
        hep_version=3,
        protocol_type=sent.protocol_type,
        ip_protocol=17,
        source_ip=sent.source,
        source_port=sent.ports[0],
        destination_ip=sent.destination,
        destination_port=sent.ports[1],
        time_us=BEGUN_US + sent.after_ms * 1000,
        capture_id=7,
        node_name=sent.node,
        correlation_id=sent.correlation,
        payload=sent.payload,
    )
    return encode(packet)
