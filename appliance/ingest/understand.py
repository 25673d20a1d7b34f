"""One record of a batch -> the row that is stored, or the reason why it is none.

Pure but for what it is given: settings, and the columns of storage/daily/*.sql in their order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from appliance.buffer.batch import Origin, Record, imported
from appliance.hep.decode import decode
from appliance.ingest import reporting
from appliance.ingest.callids import CallIds
from appliance.ingest.filing import CLOCK_PROBLEM, Filed, filed
from appliance.ingest.rules import Rules
from appliance.model.ids import callid_key, payload_hash
from appliance.model.kinds import DAY_US, DailyTable, Kind, day_of, protocol_kind, sip_kind
from appliance.model.message import SipMessage
from appliance.model.packet import Packet
from appliance.sip.parse import is_keepalive, parse
from appliance.storage.bundle import NewRow, tail_of

_SIP = 1
_IMPORT = int(Origin.IMPORT)
_PROTO = {17: b"udp", 6: b"tcp", 132: b"sctp", 22: b"tls"}
_TRANSPORTS = frozenset({b"udp", b"tcp", b"tls", b"ws", b"wss", b"sctp"})
CUT_PROBLEM = b"cut"
"""The word in `problems` of a message that was cut to the operator's limit (rotation.ini, MSG_TABLE_SIZE)."""
_WEBSOCKETS = {b"tcp": b"ws", b"tls": b"wss"}


@dataclass(slots=True)
class Understood:
    """A row with what the writer keeps count of; `callid` is set for messages of calls only."""

    row: NewRow
    kind: Kind
    callid: bytes | None
    node: bytes
    hep_version: int
    malformed: bool
    suspect_clock: bool
    censored: tuple[str, ...] = ()
    """Rules of [sip] censor that changed it."""


class Discarded(Exception):
    """The packet is not to be stored; `rule` is the operator's that says so."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


class Understanding:
    """Turns records into rows, by the settings of one instance."""

    def __init__(
        self,
        correlation_headers: tuple[str, ...],
        oldest_days: int,
        limits: Mapping[Kind, int] | None = None,
        rules: Rules | None = None,
    ) -> None:
        self._aleg_headers = tuple(name.encode() for name in correlation_headers)
        self._oldest_days = oldest_days
        self._limits = limits or {}
        self._rules = rules or None
        self._tables: dict[tuple[int, Kind], DailyTable] = {}
        self._calls = CallIds()

    def understand(self, record: Record) -> Understood | None:
        """None for a keep-alive. Raises HepError, DamagedBatch, Discarded, nothing else that the network can cause."""
        packet = packet_of(record)
        if packet.protocol_type == _SIP:
            if is_keepalive(packet.payload):
                return None
            return self._sip(record, packet)
        return self._other(record, packet)

    def _filed(self, record: Record, packet: Packet) -> Filed:
        if record.origin == _IMPORT and packet.time_us is not None:
            return Filed(packet.time_us, None, False)
        return filed(packet.time_us, record.received_us, self._oldest_days)

    def _cut(self, packet: Packet, kind: Kind, problems: bytes) -> bytes:
        """Cut a payload to the operator's limit; the problems, with the word for it."""
        limit = self._limits.get(kind)
        if limit is None or len(packet.payload) <= limit:
            return problems
        packet.payload = packet.payload[:limit]
        return problems + b"," + CUT_PROBLEM if problems else CUT_PROBLEM

    def _table(self, time_us: int, kind: Kind) -> DailyTable:
        key = (time_us // DAY_US, kind)
        table = self._tables.get(key)
        if table is None:
            if len(self._tables) > 1000:
                self._tables.clear()
            table = self._tables[key] = DailyTable(day_of(time_us), kind)
        return table

    def _sip(self, record: Record, packet: Packet) -> Understood:
        message = parse(packet.payload, self._aleg_headers)
        when = self._filed(record, packet)
        kind = sip_kind(message.cseq_method, message.event)
        node = node_of(packet, record.sender_ip)
        censored: tuple[str, ...] = ()
        if self._rules is not None:
            self._discard(self._rules, packet, message, kind, node)
            packet.payload, censored = self._rules.censored(packet.payload, message.content_type)
            if censored:
                message = parse(packet.payload, self._aleg_headers)
        problems = ",".join(message.problems).encode() if message.problems else b""
        if self._limits:
            problems = self._cut(packet, kind, problems)
        row = self._row(record, packet, when, kind, message.callid, _sip_tail(packet, message, node, when, problems))
        if message.cseq_method in reporting.METHODS:
            row.reports = reporting.of_sip(packet, message, when, kind, node, self._calls)
        callid = self._calls.seen(message.callid) if kind is Kind.CALL else None
        return Understood(row, kind, callid, node, packet.hep_version, bool(message.problems), when.suspect, censored)

    def _other(self, record: Record, packet: Packet) -> Understood:
        when = self._filed(record, packet)
        kind = protocol_kind(packet.protocol_type)
        node = node_of(packet, record.sender_ip)
        if self._rules is not None:
            self._discard(self._rules, packet, SipMessage(), kind, node)
        belongs_to, reports = reporting.of_packet(packet, when, kind, node, self._calls)
        problems = self._cut(packet, kind, b"")
        tail = _packet_tail(packet, belongs_to, node, _with_clock(problems, when))
        row = self._row(record, packet, when, kind, belongs_to, tail)
        row.reports = reports
        return Understood(row, kind, None, node, packet.hep_version, False, when.suspect)

    def _discard(self, rules: Rules, packet: Packet, message: SipMessage, kind: Kind, node: bytes) -> None:
        rule = rules.discards(packet, message, kind, node, transport(packet, message.via_transport))
        if rule is not None:
            raise Discarded(rule)

    def _row(self, record: Record, packet: Packet, when: Filed, kind: Kind, callid: bytes, tail: bytes) -> NewRow:
        filed_us = when.filed_us
        key = callid_key(callid, filed_us)
        table = self._table(filed_us, kind)
        return NewRow(table, filed_us, key, when.own_us, record.received_us, tail, packet.payload)


def packet_of(record: Record) -> Packet:
    """The packet in a record. Raises HepError or DamagedBatch."""
    if record.origin != _IMPORT:
        return decode(record.data)
    frame, payload = imported(record.data)
    return replace(decode(frame), payload=payload)


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


def _with_clock(problems: bytes, when: Filed) -> bytes:
    if not when.suspect:
        return problems
    return problems + b"," + CLOCK_PROBLEM if problems else CLOCK_PROBLEM


def _sip_tail(packet: Packet, m: SipMessage, node: bytes, when: Filed, problems: bytes) -> bytes:
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
            (_with_clock(problems, when) if when.suspect else problems)[:255],
        )
    )


def _packet_tail(packet: Packet, belongs_to: bytes, node: bytes, problems: bytes) -> bytes:
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
