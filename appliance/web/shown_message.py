"""One message as pages show it: octets coloured, headers taken apart, envelope, Identity."""

import base64
import binascii
import json
from dataclasses import dataclass

from appliance.model.kinds import Kind
from appliance.model.octets import text
from appliance.model.rows import MessageRow
from appliance.quality.read import fields
from appliance.sip.headers import headers
from appliance.sip.highlight import tokens
from appliance.web import hexdump
from appliance.web.wording import address, size, visible_lines, zoned

MOST_TOKENS_OCTETS = 200_000
"""A longer message is shown without colour."""
_PASSPORT_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class Passport:
    """The token of an Identity header (RFC 8225): decoded, its signature not verified."""

    header: str
    payload: str
    rest: str
    """Parameters after the token: info, alg, ppt."""
    problem: str


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A row and what follows from its octets."""

    row: MessageRow
    title: str
    tokens: list[tuple[str, str]]
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
    return ShownMessage(
        row=row,
        title=title(row),
        tokens=_tokens(row, raw),
        headers=[(text(header.name), text(header.value)) for header in found],
        envelope=_envelope(row),
        passports=[_passport(text(header.value)) for header in found if header.canonical == b"identity"],
        is_utf8=_is_utf8(raw),
        report=fields(row.protocol_type, raw) if row.kind in (Kind.RTCP, Kind.REPORT) else [],
        hex="" if row.kind.is_sip or hexdump.is_text(raw) else hexdump.dump(raw),
    )


def title(row: MessageRow) -> str:
    """`INVITE`, `200 OK (INVITE)`, `log`."""
    if not row.method:
        return "Malformed SIP" if row.kind.is_sip else row.kind.value
    if row.is_request:
        return row.method
    method = f" ({row.cseq_method})" if row.cseq_method else ""
    return f"{row.method} {row.reply_reason}{method}"


def _tokens(row: MessageRow, raw: bytes) -> list[tuple[str, str]]:
    payload = text(raw.replace(b"\r\n", b"\n"))
    if row.kind.is_sip and len(raw) <= MOST_TOKENS_OCTETS:
        return [(kind, visible_lines(piece)) for kind, piece in tokens(payload)]
    return [("", visible_lines(pretty(payload)))]


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


def _passport(value: str) -> Passport:
    token, _, rest = value.strip().partition(";")
    if len(token) > _PASSPORT_LIMIT:
        return Passport("", "", rest, "The token is too long to be shown taken apart.")
    parts = token.strip().strip('"').split(".")
    if len(parts) != 3:
        return Passport("", "", rest, "This is no token of three parts: the older form of RFC 4474, or broken.")
    try:
        header, payload = (_unpacked(part) for part in parts[:2])
    except ValueError as error:
        return Passport("", "", rest, f"The token cannot be read: {error}.")
    return Passport(header, payload, rest, "")


def _unpacked(part: str) -> str:
    if not part:
        return "(compact form: left out)"
    try:
        octets = base64.b64decode(part.encode("ascii") + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)
        return json.dumps(json.loads(octets), indent=2, ensure_ascii=False)
    except (UnicodeError, binascii.Error, RecursionError) as error:
        raise ValueError("it is not base64url") from error
    except ValueError as error:
        raise ValueError("it is not JSON") from error


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
