"""What tshark made of the recorded captures (derived/tshark_dialogs.json), message by message, and where we differ.

`dialogs_expected` and `dialogs_read` tell the same in the same words; the lists below name every difference with its
reason, for the reader of captures (tests/capture) and for what the appliance stores and shows (tests/recorded).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from appliance.capture.classify import SIP
from appliance.capture.read import Captured, captured
from appliance.capture.tally import Tally
from appliance.model.message import SipMessage
from appliance.sip.parse import parse
from tests.captures import CAPTURES, load_json

DIALOGS: dict[str, Any] = load_json("tshark_dialogs")["files"]
WITHOUT_CALLID = "(none)"
"""What tshark's list calls messages that have none."""

FUZZED = "ntop-nDPI/tests/cfgs/default/pcap/fuzz-2006-06-26-2594.pcap"
"""aaa.pcap with random octets changed."""

FUZZ_EXTRA = {
    108: "status line with a NUL and no CR in the reason phrase",
    154: "NUL within the request URI",
    223: "version SIP/a.0",
    274: "status of two digits",
    346: "NUL within the request URI",
    348: "NUL within the reason phrase",
    441: "request URI without a scheme",
    558: "version SI\\x10/2.0",
    560: "status of letters, sIP in lower case",
}
"""Frames whose first line tshark refuses to call SIP; we keep them, marked, since nothing may be lost."""

FUZZ_OTHERWISE = {
    144: "tshark cuts the Call-ID at 256 octets",
    155: "tshark prints the %s before a NUL as the CSeq number; ours is unreadable, with its method",
    182: "tshark ends the Call-ID at a NUL",
    247: "tshark ends the Call-ID at a NUL; a method with an octet that no token has is no method",
    266: "a method with an octet that no token has is cut there",
    527: "tshark ends the CSeq method at 256 octets and drops what stands before it",
    550: "tshark prints a control octet as the CSeq number; ours is unreadable",
}
"""Frames of which a field is told differently."""


@dataclass(frozen=True)
class Seen:
    """A message as both tell it."""

    frame: int
    time_us: int
    source: str
    destination: str
    what: str
    cseq: str


def read(name: str, tally: Tally | None = None) -> list[Captured]:
    return list(captured(CAPTURES / name, tally))


def text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def messages_read(name: str) -> Iterator[tuple[SipMessage, Seen]]:
    """Messages as the capture reader and the SIP parser find them."""
    for one in read(name):
        if one.protocol_type != SIP:
            continue
        message = parse(one.payload)
        yield (
            message,
            Seen(
                one.frame,
                one.time_us,
                f"{one.source_ip}:{one.source_port}",
                f"{one.destination_ip}:{one.destination_port}",
                text(message.method) or str(message.status or ""),
                "" if message.cseq is None else f"{message.cseq} {text(message.cseq_method)}",
            ),
        )


def dialogs_read(name: str) -> dict[str, list[Seen]]:
    """The same by Call-ID."""
    found: dict[str, list[Seen]] = {}
    for message, seen in messages_read(name):
        found.setdefault(text(message.callid) or WITHOUT_CALLID, []).append(seen)
    return found


def dialogs_expected(name: str) -> dict[str, list[Seen]]:
    """What tshark says, by Call-ID."""
    return {
        callid: [
            Seen(m["frame"], int(m["t"].replace(".", "")) // 1000, m["src"], m["dst"], m["what"], m["cseq"])
            for m in dialog["messages"]
        ]
        for callid, dialog in DIALOGS[name].items()
    }
