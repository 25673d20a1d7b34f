"""MessageRows of a recorded capture, as the writer would store them if one agent had sent it."""

from functools import cache

from appliance.capture.classify import SIP
from appliance.capture.read import Captured, captured
from appliance.model.ids import payload_hash
from appliance.model.kinds import sip_kind
from appliance.model.message import SipMessage
from appliance.model.octets import text
from appliance.model.rows import MessageRow
from appliance.sip.parse import parse
from tests.captures import CAPTURES

TRANSPORTS = {17: "udp", 6: "tcp", 22: "tls", 132: "sctp"}


@cache
def recorded(name: str, node: str = "tap") -> tuple[MessageRow, ...]:
    """Every SIP message of a capture, in the order of its frames."""
    packets = (packet for packet in captured(CAPTURES / name) if packet.protocol_type == SIP)
    return tuple(row(packet, index, node) for index, packet in enumerate(packets))


def by_callid(rows: tuple[MessageRow, ...]) -> dict[str, list[MessageRow]]:
    """The rows of each Call-ID."""
    calls: dict[str, list[MessageRow]] = {}
    for one in rows:
        calls.setdefault(one.callid, []).append(one)
    return calls


def row(packet: Captured, index: int, node: str) -> MessageRow:
    """One captured packet as a stored one."""
    message = parse(packet.payload)
    return MessageRow(
        id=f"test-call-20261123-{node}{index:06d}",
        kind=sip_kind(message.cseq_method, message.event),
        ts=packet.time_us,
        filed_ts=packet.time_us,
        arrival_ts=packet.time_us,
        source_ip=packet.source_ip,
        source_port=packet.source_port,
        destination_ip=packet.destination_ip,
        destination_port=packet.destination_port,
        proto=TRANSPORTS.get(packet.ip_protocol, "udp"),
        node=node,
        correlation_id="",
        payload_hash=payload_hash(packet.payload),
        size=len(packet.payload),
        protocol_type=1,
        problems=message.problems,
        method=text(message.method) or (str(message.status) if message.status else ""),
        cseq=message.cseq,
        raw=packet.payload,
        **_texts(message),
    )


def _texts(message: SipMessage) -> dict[str, str]:
    names = (
        "reply_reason callid cseq_method ruri_user ruri_domain from_user from_domain from_tag to_user to_domain to_tag "
        "contact_user pid_user auth_user callid_aleg via_branch user_agent reason diversion content_type leg_keys sdp"
    )
    return {name: text(getattr(message, name)) for name in names.split()}
