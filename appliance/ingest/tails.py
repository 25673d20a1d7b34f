"""What a packet and its message say, as columns of a row: those after the times, in the order of storage/daily/*.sql.

Values are cut to their columns' widths here only. Pure; `understand` calls it for every packet that the compiled
reader does not take.
"""

from functools import lru_cache

from appliance.ingest.filing import CLOCK_PROBLEM, Filed
from appliance.model.ids import payload_hash
from appliance.model.message import SipMessage
from appliance.model.packet import Packet
from appliance.storage.bundle import tail_of

_PROTO = {17: b"udp", 6: b"tcp", 132: b"sctp", 22: b"tls"}
_TRANSPORTS = frozenset({b"udp", b"tcp", b"tls", b"ws", b"wss", b"sctp"})
_WEBSOCKETS = {b"tcp": b"ws", b"tls": b"wss"}


def node_of(packet: Packet, sender_ip: str) -> bytes:
    """The agent's name: chunk 0x0013, else 0x000c, else the sender's address."""
    if packet.node_name:
        return packet.node_name
    if packet.capture_id is not None:
        return b"%d" % packet.capture_id
    return sender_ip.encode("ascii", "replace")


def transport(packet: Packet, via_transport: bytes) -> bytes:
    """udp, tcp, tls, ws, wss or sctp: chunk 0x0002, else the top Via; WebSocket is what runs inside TCP or TLS."""
    below = _PROTO.get(packet.ip_protocol)
    if below is None:
        return via_transport if via_transport in _TRANSPORTS else b""
    if via_transport in (b"ws", b"wss"):
        return _WEBSOCKETS.get(below, below)
    return below


def with_clock(problems: bytes, when: Filed) -> bytes:
    if not when.suspect:
        return problems
    return problems + b"," + CLOCK_PROBLEM if problems else CLOCK_PROBLEM


def sip_tail(packet: Packet, m: SipMessage, node: bytes, when: Filed, problems: bytes) -> bytes:
    """Columns of daily/sip.sql from `method` on, cut to their widths; in one step, as each message passes here."""
    cseq, payload = m.cseq, packet.payload
    source_ip, source_port, destination_ip, destination_port = _flow(
        packet.source_ip, packet.source_port, packet.destination_ip, packet.destination_port
    )
    return tail_of(
        (
            m.method[:64] or (b"%d" % m.status if m.status else b""),
            m.reply_reason[:128],
            b"%d" % cseq if cseq is not None and cseq < 4294967296 else None,
            m.cseq_method[:32],
            m.ruri_user[:160],
            m.ruri_domain[:160],
            m.from_user[:160],
            m.from_domain[:160],
            m.from_tag[:128],
            m.to_user[:160],
            m.to_domain[:160],
            m.to_tag[:128],
            m.contact_user[:160],
            m.pid_user[:160],
            m.auth_user[:160],
            m.callid[:255],
            m.callid_aleg[:255],
            m.via_branch[:160],
            m.user_agent[:255],
            m.reason[:255],
            m.diversion[:255],
            m.content_type[:128],
            m.leg_keys,
            m.sdp,
            source_ip,
            source_port,
            destination_ip,
            destination_port,
            transport(packet, m.via_transport),
            node[:128],
            packet.correlation_id[:255],
            b"1",
            b"%d" % len(payload),
            b"%d" % payload_hash(payload),
            (with_clock(problems, when) if when.suspect else problems)[:255],
        )
    )


def packet_tail(packet: Packet, belongs_to: bytes, node: bytes, problems: bytes) -> bytes:
    """Columns of daily/packet.sql from `callid` on; those from `source_ip` on are the last of daily/sip.sql too."""
    payload = packet.payload
    flow = _flow(packet.source_ip, packet.source_port, packet.destination_ip, packet.destination_port)
    return tail_of(
        (
            belongs_to[:255],
            *flow,
            transport(packet, b""),
            node[:128],
            packet.correlation_id[:255],
            b"%d" % packet.protocol_type,
            b"%d" % len(payload),
            b"%d" % payload_hash(payload),
            problems[:255],
        )
    )


@lru_cache(maxsize=8192)
def _flow(
    source_ip: str, source_port: int, destination_ip: str, destination_port: int
) -> tuple[bytes, bytes, bytes, bytes]:
    """Columns from `source_ip` to `destination_port`; remembered, since hosts send each other more than one packet."""
    return source_ip.encode(), b"%d" % source_port, destination_ip.encode(), b"%d" % destination_port
