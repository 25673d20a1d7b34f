"""Messages as text for a ticket, a line of envelope above each, as ngrep and sngrep write them:

U 2026-11-23 10:11:12.000123 UTC 10.0.0.1:5060 -> 10.0.0.2:5060
INVITE sip:…
"""

from collections.abc import Iterable

from appliance.calls.labels import printable
from appliance.export import moments
from appliance.model import octets
from appliance.model.rows import MessageRow

LETTERS = {"udp": "U", "tcp": "T", "tls": "TLS", "ws": "WS", "wss": "WSS", "sctp": "S"}


def text(messages: Iterable[MessageRow]) -> str:
    """The envelope and the text of each message; what is not UTF-8 in it becomes U+FFFD, CRLF becomes LF."""
    return "".join(f"{envelope(row)}\n{body(row)}\n\n" for row in messages)


def envelope(row: MessageRow) -> str:
    """`U 2026-11-23 10:11:12.000123 UTC 10.0.0.1:5060 -> 10.0.0.2:5060`"""
    letter = LETTERS.get(row.proto, printable(row.proto).upper() or "?")
    return f"{letter} {moments.stamp(row.ts)} {_source(row)} -> {_destination(row)}"


def body(row: MessageRow) -> str:
    """The text of one message with plain line ends; control characters of the network become U+FFFD."""
    lines = octets.shown(octets.text(row.raw or b"")).replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    return "\n".join("\t".join(printable(cell) for cell in line.split("\t")) for line in lines)


def socket(ip: str, port: int) -> str:
    """`10.0.0.1:5060`, `[2001:db8::1]:5060`"""
    return f"[{printable(ip)}]:{port}" if ":" in ip else f"{printable(ip)}:{port}"


def _source(row: MessageRow) -> str:
    return socket(row.source_ip, row.source_port)


def _destination(row: MessageRow) -> str:
    return socket(row.destination_ip, row.destination_port)
