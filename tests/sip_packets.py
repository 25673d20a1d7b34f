"""SIP messages on the wire for tests: from the lines of tests.calls.made to octets, HEP and the writer's rows."""

from collections.abc import Sequence
from dataclasses import replace

from appliance.buffer.batch import Batch, Origin, Record, record, seal
from appliance.hep.encode import encode
from appliance.ingest.understand import Understanding, Understood
from appliance.model.octets import octets
from appliance.model.packet import Packet
from appliance.model.rows import MessageRow
from appliance.sip.session import read

KEPT_DAYS = 10
SENDER = "192.0.2.99"


def sip(row: MessageRow) -> bytes:
    """The octets of a message that is parsed into these columns."""
    first = f"{row.method} sip:{row.ruri_user}@example.com SIP/2.0"
    if not row.is_request:
        first = f"SIP/2.0 {row.method} {row.reply_reason}"
    body = description(row.sdp)
    lines = [
        first,
        f"Via: SIP/2.0/UDP {row.source_ip};branch={row.via_branch}",
        f"From: <sip:{row.from_user}@{row.from_domain or 'example.com'}>;tag={row.from_tag}",
        f"To: <sip:{row.to_user}@{row.to_domain or 'example.com'}>" + (f";tag={row.to_tag}" if row.to_tag else ""),
        f"Call-ID: {row.callid}",
        f"CSeq: {row.cseq} {row.cseq_method}",
        *([f"Reason: {row.reason}"] if row.reason else []),
        *([f"User-Agent: {row.user_agent}"] if row.user_agent else []),
        *[f"X-CID: {word[2:]}" for word in row.leg_keys.split(" ") if word.startswith("x:")],
        *(["Content-Type: application/sdp"] if body else []),
        f"Content-Length: {len(body)}",
    ]
    return b"".join(octets(line) + b"\r\n" for line in lines) + b"\r\n" + body


def description(line: str) -> bytes:
    """A session description of which this is the short line; none of none."""
    session = read(line)
    lines = ["v=0", f"o=- {session.id} {session.version} IN IP4 {session.address}", "s=-", "t=0 0"]
    for one in session.media:
        formats = range(96, 96 + len(one.codecs))
        lines += [f"m={one.type} {one.port} RTP/AVP {' '.join(map(str, formats))}", f"c=IN IP4 {one.address}"]
        lines += [f"a=rtpmap:{format_} {codec}/8000" for format_, codec in zip(formats, one.codecs, strict=True)]
        lines.append(f"a={one.direction}")
    return octets("\r\n".join(lines) + "\r\n") if line else b""


def packet(row: MessageRow) -> Packet:
    """As an agent would tell of it."""
    return Packet(
        3, 1, 17, row.source_ip, row.source_port, row.destination_ip, row.destination_port, row.ts, 7,
        octets(row.node), b"", sip(row),
    )  # fmt: skip


def received(row: MessageRow) -> Record:
    """As a receiver would read it."""
    return Record(row.arrival_ts, SENDER, 9060, Origin.UDP, encode(packet(row)))


def understood(found: Record) -> Understood:
    """As a writer understands it."""
    result = Understanding(("X-CID",), KEPT_DAYS).understand(found)
    assert result is not None
    return result


def batch(name: str, records: Sequence[Record | MessageRow]) -> Batch:
    """A sealed batch of records, or of messages received just when they happened."""
    read = [received(each) if isinstance(each, MessageRow) else each for each in records]
    pieces = [record(r.received_us, r.sender_ip, r.sender_port, r.origin, r.data) for r in read]
    return Batch(name, len(pieces), seal(pieces))


def with_callid(rows: Sequence[MessageRow], callid: str) -> list[MessageRow]:
    """The same messages under another Call-ID."""
    return [replace(row, callid=callid) for row in rows]
