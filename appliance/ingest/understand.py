"""One record of a batch -> the row that is stored, or the reason why it is none.

Pure but for what it is given: settings, and the columns of storage/daily/*.sql in their order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from appliance.buffer.batch import Origin, Record, imported
from appliance.hep.decode import decode
from appliance.ingest import compiled, reporting
from appliance.ingest.callids import CallIds
from appliance.ingest.filing import Filed, filed
from appliance.ingest.rules import Rules
from appliance.ingest.tails import node_of, packet_tail, sip_tail, transport, with_clock
from appliance.log import logger
from appliance.model.ids import callid_key
from appliance.model.kinds import DAY_US, DailyTable, Kind, day_of, protocol_kind, sip_kind
from appliance.model.message import SipMessage
from appliance.model.packet import Packet
from appliance.sip.parse import is_keepalive, parse
from appliance.storage.bundle import NewRow

if TYPE_CHECKING:
    from appliance.ingest.usual import Read, Usual

log = logger()

_SIP = 1
LARGEST = 1 << 30
"""More octets than any message has."""
_IMPORT = int(Origin.IMPORT)
CUT_PROBLEM = b"cut"
"""The word in `problems` of a message that was cut to the operator's limit (rotation.ini, MSG_TABLE_SIZE)."""


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
        self._usual = None if self._rules is not None else self._compiled()

    def understand(self, record: Record) -> Understood | None:
        """None for a keep-alive. Raises HepError, DamagedBatch, Discarded, nothing else that the network can cause."""
        if self._usual is not None and record.origin < _IMPORT:
            read = self._usual.read(record.data, record.received_us, record.sender_ip)
            if read is not None and (not self._limits or len(read[6]) <= self._limits.get(read[0], LARGEST)):
                return self._of_usual(record, read)
        return self.plainly(record)

    def plainly(self, record: Record) -> Understood | None:
        """The same without the compiled reader."""
        packet = packet_of(record)
        if packet.protocol_type == _SIP:
            if is_keepalive(packet.payload):
                return None
            return self._sip(record, packet)
        return self._other(record, packet)

    def _compiled(self) -> "Usual | None":
        """The compiled reader, unless it was built for other columns than these."""
        usual = compiled.reader(self._aleg_headers, self._oldest_days)
        if usual is None:
            return None
        sample = compiled.sample()
        read, found = usual.read(sample.data, sample.received_us, sample.sender_ip), self.plainly(sample)
        if read is not None and found is not None and (read[5], read[6]) == (found.row.tail, found.row.payload):
            return usual
        log.warning("compiled_reader_left_aside", reason="it was built for another version: install again")
        return None

    def _of_usual(self, record: Record, read: "Read") -> Understood:
        kind, micro_ts, key, callid, node, tail, payload = read
        row = NewRow(self._table(micro_ts, kind), micro_ts, key, None, record.received_us, tail, payload)
        return Understood(row, kind, self._calls.seen(callid) if kind is Kind.CALL else None, node, 3, False, False)

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
        row = self._row(record, packet, when, kind, message.callid, sip_tail(packet, message, node, when, problems))
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
        tail = packet_tail(packet, belongs_to, node, with_clock(problems, when))
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
