"""Batches on their way into one transaction: their packets understood, and what came of them kept count of."""

from collections.abc import Mapping

from appliance.buffer.batch import Batch, DamagedBatch, Record, opened
from appliance.hep.errors import HepError
from appliance.hep.key import without_key
from appliance.ingest import agents
from appliance.ingest.understand import Discarded, Understanding
from appliance.log import logger
from appliance.metrics import Counts
from appliance.model.kinds import Kind
from appliance.storage.bundle import Bundle, CallChange, NewRow, Quarantined, note_line

log = logger()


class Gathered:
    """Batches on their way into one transaction."""

    def __init__(
        self,
        understanding: Understanding,
        copies: frozenset[str] = frozenset(),
        before: Mapping[bytes, int] | None = None,
    ) -> None:
        """`copies` are records that are not stored, as `BATCH:PLACE`; `before` as of `agents.Seen`."""
        self.bundle = Bundle()
        self.counts = Counts()
        self.seen = agents.Seen(self.counts, before)
        self._understanding = understanding
        self._copies = copies
        self._calls: dict[bytes, CallChange] = {}

    def add(self, batch: Batch) -> None:
        """Understand every record of a batch; what cannot be is counted or put aside."""
        self.bundle.batches.append((batch.name, batch.count))
        read = 0
        try:
            for place, record in enumerate(opened(batch.body)):
                read += 1
                if self._copies and f"{batch.name}:{place}" in self._copies:
                    self.counts.add("packets_deduplicated_total")
                    continue
                self._add_record(batch.name, record)
        except DamagedBatch as error:
            self._put_aside(f"damaged batch: {error}", batch.name, "", batch.body, max(1, batch.count - read))

    def _add_record(self, name: str, record: Record) -> None:
        try:
            found = self._understanding.understand(record)
        except HepError as error:
            self.counts.add("hep_dropped_total", 1, f"hep-{error.reason}")
            return
        except Discarded as discarded:
            self.counts.add("packets_discarded_total", 1, discarded.rule)
            return
        except DamagedBatch as error:
            self._put_aside(str(error), name, record.sender_ip, without_key(record.data))
            return
        except Exception as error:  # a fault of ours: the packet is kept for when it is mended
            log.error("packet_not_understood", error=repr(error), sender=record.sender_ip)
            self._put_aside(f"fault: {error!r}", name, record.sender_ip, without_key(record.data))
            return
        if found is None:
            self.counts.add("packets_keepalive_total")
            return
        for rule in found.censored:
            self.counts.add("packets_censored_total", 1, rule)
        self.seen.add(found, record)
        self.bundle.rows.append(found.row)
        if found.row.reports is not None:
            self.bundle.hear(found.row.micro_ts, found.row.reports)
        if found.callid:
            self._note_call(found.callid, found.row)
        elif found.kind is Kind.REGISTRATION:
            self.bundle.register(found.row.callid_key, found.row.micro_ts)

    def _note_call(self, callid: bytes, row: NewRow) -> None:
        time_us = row.micro_ts
        change = self._calls.get(callid)
        if change is None:
            change = self._calls[callid] = CallChange(callid, time_us, time_us)
            self.bundle.changes.append(change)
        elif time_us < change.first_us:
            change.first_us = time_us
        elif time_us > change.last_us:
            change.last_us = time_us
        change.lines.append(note_line(row))

    def _put_aside(self, reason: str, name: str, sender: str, data: bytes, packets: int = 1) -> None:
        self.counts.add("packets_quarantined_total", packets, reason.split(":")[0])
        self.bundle.quarantine.append(Quarantined(reason, name, sender, data))
