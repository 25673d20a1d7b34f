"""Every counter that processes keep, declared once: name, labels, what it counts.

A process counts in memory and hands its sums to the buffer each second (buffer.counters), which keeps them over
restarts; `/metrics`, `hepbox status` and the health page read them there.
"""

import threading
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counter:
    """A number that only grows. `labels` are the names of its dimensions, in order."""

    name: str
    help: str
    labels: tuple[str, ...] = ()


COUNTERS = (
    Counter("hep_received_total", "HEP datagrams and frames read from sockets", ("transport",)),
    Counter("hep_received_bytes_total", "Octets of those", ("transport",)),
    Counter("hep_dropped_total", "Datagrams dropped before they were stored, by reason", ("reason",)),
    Counter("hep_kernel_drops_total", "Datagrams that the kernel dropped because a receive buffer was full"),
    Counter("batches_pushed_total", "Batches handed to the buffer"),
    Counter("batches_spilled_total", "Batches written to the spill directory because the buffer was away or full"),
    Counter("packets_stored_total", "Packets stored, by kind", ("kind",)),
    Counter("packets_keepalive_total", "Keep-alives (blank or NUL payloads), counted and not stored"),
    Counter("packets_malformed_total", "SIP messages stored with problems"),
    Counter("packets_quarantined_total", "Packets put aside because they could not be stored", ("reason",)),
    Counter("packets_clamped_total", "Packets filed under their time of receipt because their own was absurd"),
    Counter("packets_discarded_total", "Packets not stored, by the rule of [sip] discard that says so", ("rule",)),
    Counter("packets_censored_total", "Messages of which a part was written over, by rule of [sip] censor", ("rule",)),
    Counter("packets_deduplicated_total", "Packets not stored as copies within [sip] deduplicate_ms"),
    Counter("batches_repeated_total", "Batches that came again and were only acknowledged"),
    Counter("live_rows_dropped_total", "Rows of the live tail that a browser did not take in time"),
    Counter("calls_settled_total", "Call records written"),
    Counter("registrations_settled_total", "What hours say of bindings, written"),
    Counter("calls_flooded_total", "Messages of Call-IDs with too many to be a call: stored, but folded no more"),
)


class Counts:
    """Sums of one process since they were last handed over; for several threads."""

    def __init__(self) -> None:
        self._sums: dict[str, int] = {}
        self._lock = threading.Lock()

    def add(self, name: str, amount: int = 1, *labels: str) -> None:
        """Add to a counter of COUNTERS; `labels` are the values of its dimensions."""
        self.put_back({"\x1f".join((name, *labels)): amount})

    def take(self) -> dict[str, int]:
        """The sums, which start again at nothing; give back with `put_back` what could not be handed over."""
        with self._lock:
            taken, self._sums = self._sums, {}
        return taken

    def put_back(self, sums: dict[str, int]) -> None:
        with self._lock:
            for key, amount in sums.items():
                self._sums[key] = self._sums.get(key, 0) + amount
