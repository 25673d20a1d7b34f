"""One message as pages show it: octets coloured, headers taken apart, envelope, Identity."""

import json
from dataclasses import dataclass

from appliance.model.kinds import Kind
from appliance.model.octets import text
from appliance.model.rows import MessageRow
from appliance.quality.read import fields
from appliance.sip.headers import headers
from appliance.web import hexdump
from appliance.web.passports import Passport, passport
from appliance.web.shown_text import Piece, ShownPart, body_parts, head_pieces, plain
from appliance.web.wording import address, size, zoned


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A row and what follows from its octets."""

    row: MessageRow
    title: str
    head: list[Piece]
    """First line and headers; all of what is no SIP."""
    parts: list[ShownPart]
    """The body."""
    headers: list[tuple[str, str]]
    envelope: list[tuple[str, str]]
    passports: list[Passport]
    is_utf8: bool
    report: list[tuple[str, str]]
    """What a report says, in words and in its own order."""
    hex: str
    """Of what is not text."""


def shown_message(row: MessageRow) -> ShownMessage:
    """Everything of a message that a page shows."""
    raw = row.raw or b""
    found = headers(raw) if row.kind.is_sip else ()
    hex_ = "" if row.kind.is_sip or hexdump.is_text(raw) else hexdump.dump(raw)
    return ShownMessage(
        row=row,
        title=title(row),
        head=[] if hex_ else _head(row, raw),
        parts=body_parts(raw) if row.kind.is_sip else [],
        headers=[(text(header.name), text(header.value)) for header in found],
        envelope=_envelope(row),
        passports=[passport(text(header.value)) for header in found if header.canonical == b"identity"],
        is_utf8=_is_utf8(raw),
        report=fields(row.protocol_type, raw) if row.kind in (Kind.RTCP, Kind.REPORT) else [],
        hex=hex_,
    )


def title(row: MessageRow) -> str:
    """`INVITE`, `200 OK (INVITE)`, `log`."""
    if not row.method:
        return "Malformed SIP" if row.kind.is_sip else row.kind.value
    if row.is_request:
        return row.method
    method = f" ({row.cseq_method})" if row.cseq_method else ""
    return f"{row.method} {row.reply_reason}{method}"


def _head(row: MessageRow, raw: bytes) -> list[Piece]:
    if row.kind.is_sip:
        return head_pieces(raw)
    return plain(pretty(text(raw)).encode("utf-8", "surrogateescape"))


def pretty(payload: str) -> str:
    """JSON (reports, events) in lines."""
    if payload.lstrip()[:1] not in ("{", "["):
        return payload
    try:
        return json.dumps(json.loads(payload), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return payload


def _envelope(row: MessageRow) -> list[tuple[str, str]]:
    """What the agent said around the message."""
    rows = [
        ("Time", zoned(row.ts)),
        ("Received", zoned(row.arrival_ts)),
        ("Source", address(row.source_ip, row.source_port)),
        ("Destination", address(row.destination_ip, row.destination_port)),
        ("Transport", row.proto),
        ("Node", row.node),
        ("Protocol type", _type_words(row.protocol_type)),
        ("Correlation id", row.correlation_id),
        ("Kind", row.kind.value),
        ("Size", size(row.size)),
        ("Copies", str(row.copies) if row.copies > 1 else ""),
        ("Id", row.id),
    ]
    if row.filed_ts != row.ts:
        rows.insert(2, ("Filed under", f"{zoned(row.filed_ts)}: its own time was absurd"))
    return [(name, value) for name, value in rows if value]


def _type_words(number: int) -> str:
    names = {1: "SIP", 5: "RTCP", 34: "RTP agent report", 35: "RTCP-XR", 54: "ISUP", 86: "log", 100: "log"}
    return f"{number} ({names[number]})" if number in names else str(number)


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
