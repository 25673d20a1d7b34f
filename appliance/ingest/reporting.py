"""What a packet says of media streams, ready for the table of quality; and which call a packet that is not SIP is of.

report, RTCP   the agent's correlation id, else the Call-ID in its body
log, event     the correlation id, else the Call-ID that its text names as such; an NG command names its own
SIP            the call that a vq-rtcpxr body names, else the message's own
"""

import re
from collections.abc import Container, Sequence

from appliance.ingest.filing import Filed
from appliance.model.kinds import Kind
from appliance.model.message import SipMessage
from appliance.model.octets import octets
from appliance.model.packet import Packet
from appliance.model.quality import Measured
from appliance.quality import read, sip_reports
from appliance.storage.bundle import Reports
from appliance.storage.reports import Origin, reports

METHODS = frozenset({b"BYE", b"PUBLISH", b"NOTIFY"})
"""CSeq methods of messages that carry figures: nothing else is looked into."""
_TOLD = frozenset({Kind.RTCP, Kind.REPORT, Kind.WEBRTC})
_NAMED = frozenset({Kind.LOG, Kind.WEBRTC, Kind.OTHER})
_AROUND = b" \t\r\n\0"
_LOOKED_AT = 16_384
_CALL_ID = re.compile(rb"\bcall[-_ ]?id[\"']?[ \t]*[:=][ \t]*[\"'<(\[]?([^\s\"'<>()\[\],;{}\\]{3,255})", re.IGNORECASE)
_BENCODED = re.compile(rb"7:call-id([0-9]{1,3}):")


def of_packet(
    packet: Packet, when: Filed, kind: Kind, node: bytes, calls: Container[bytes] = ()
) -> tuple[bytes, Reports | None]:
    """(Call-ID that it belongs to or "", what it reports) of a packet that is not SIP."""
    belongs_to = packet.correlation_id.strip(_AROUND)
    told: tuple[Measured, ...] = ()
    if kind in _TOLD:
        told = read.measured(packet.protocol_type, packet.payload, _source(packet), _destination(packet),
                             at_us=packet.time_us)  # fmt: skip
        belongs_to = belongs_to or next((octets(one.callid) for one in told if one.callid), b"")
    if not belongs_to and kind in _NAMED:
        belongs_to = named(packet.payload)
    if not told:
        return belongs_to, None
    return belongs_to, reports(Origin(kind, when.filed_us, when.own_us, belongs_to, node, calls=calls), told)


def of_sip(
    packet: Packet, message: SipMessage, when: Filed, kind: Kind, node: bytes, calls: Container[bytes] = ()
) -> Reports | None:
    """What a SIP message reports; for those of METHODS only."""
    told: Sequence[Measured] = sip_reports.measured(packet.payload, _source(packet), _destination(packet))
    if not told:
        return None
    return reports(Origin(kind, when.filed_us, when.own_us, b"", node, message.callid, calls), told)


def named(payload: bytes) -> bytes:
    """The Call-ID that a log line, an event or an NG command names as one; "" when it names none."""
    looked_at = payload[:_LOOKED_AT]
    if found := _BENCODED.search(looked_at):
        return looked_at[found.end() : found.end() + int(found[1])]
    labelled = _CALL_ID.search(looked_at)
    return labelled[1] if labelled else b""


def _source(packet: Packet) -> tuple[str, int]:
    return packet.source_ip, packet.source_port


def _destination(packet: Packet) -> tuple[str, int]:
    return packet.destination_ip, packet.destination_port
