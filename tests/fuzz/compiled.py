"""Invariant: what the compiled reader takes, it reads as the plain readers do; whatever octets come in, nothing else.

    python -m tests.fuzz.compiled --inputs 10000000 --seed 1

throws the mix's datagrams, recorded frames and recorded messages in frames of usual agents, mutated by none to a few
changes, at `ingest.usual` and compares each row that it gives with the one of the plain readers. Prints what it
counted as JSON; an input that breaks the invariant is printed in hexadecimal, with exit status 1.
"""

import random
import struct
import sys
from collections import Counter
from dataclasses import dataclass, field

from appliance.buffer.batch import Record
from appliance.capture.mixture import Mix
from appliance.hep.decode import decode
from appliance.hep.encode import encode
from appliance.hep.errors import HepError
from appliance.ingest import compiled
from appliance.ingest.understand import Understanding
from appliance.model.packet import Packet
from appliance.settings import SipSettings
from tests.fuzz import driver
from tests.fuzz.composed import composed
from tests.fuzz.readers import Inputs
from tests.fuzz.seeds import TOKENS, sip_messages

OLDEST_DAYS = 30
NOW_US = 1_796_000_000_000_000
TRANSPORTS = (17, 6, 22, 132, 0)
CHOSEN = SipSettings().correlation_headers


@dataclass
class Findings:
    """What one process, or all of them together, saw."""

    inputs: int = 0
    taken: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def count(self, kind: str | None) -> None:
        """Of one datagram, what the compiled reader took it for; None: it left it."""
        self.taken += kind is not None
        self.kinds[kind or "left"] += 1

    def add(self, other: "Findings") -> None:
        self.inputs += other.inputs
        self.taken += other.taken
        self.kinds += other.kinds
        self.broken += other.broken


class Datagrams:
    """An endless, repeatable supply: usual ones, and usual ones with something wrong in them."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._hostile = Inputs(seed)
        self._mix = Mix(encode, "fuzz")
        self._messages = [message for message in sip_messages() if len(message) < 8000]

    def next(self, number: int) -> bytes:
        draw = self._random.random()
        if draw < 0.1:
            return self._hostile.next(number + 1)
        if draw < 0.3:
            data = self._mix.datagram(number, NOW_US)
            return self._touched(data) if draw < 0.2 else self._whole(self._hostile.mutated(data, self._hostile.frames))
        if draw < 0.8:
            payload = composed(self._random)
            return self._frame(payload if draw < 0.7 else self._touched(payload))
        payload = self._random.choice(self._messages)
        if draw < 0.95:
            payload = self._hostile.mutated(payload, self._messages)
        return self._frame(payload)

    def _frame(self, payload: bytes) -> bytes:
        transport = self._random.choice(TRANSPORTS)
        address = self._random.choice(("192.0.2.1", "2001:db8::1", "::ffff:192.0.2.9"))
        node = self._random.choice((b"", *(b"edge-1",) * 20, b"a\tb", b"n" * 200))
        packet = Packet(3, 1, transport, address, 5060, "192.0.2.2", 5061, NOW_US, 7, node, b"id", payload[:60000])
        return encode(packet)

    def _touched(self, data: bytes) -> bytes:
        """The same length, with one to three octets or tokens written over."""
        for _ in range(self._random.randrange(1, 4)):
            at = self._random.randrange(len(data))
            new = self._random.choice(TOKENS) if self._random.random() < 0.5 else self._random.randbytes(1)
            data = data[:at] + new[: len(data) - at] + data[at + len(new) :]
        return data

    def _whole(self, data: bytes) -> bytes:
        """The total length of a changed frame put right, as often as not."""
        if self._random.random() < 0.5 or len(data) < 6:
            return data
        return data[:4] + struct.pack("!H", min(len(data), 65535)) + data[6:]


class Comparison:
    """Both readers, side by side."""

    def __init__(self, chosen: tuple[str, ...] = CHOSEN) -> None:
        reader = compiled.reader(tuple(name.encode() for name in chosen), OLDEST_DAYS)
        assert reader is not None, compiled.absence()
        self._usual = reader
        self._plain = Understanding(chosen, OLDEST_DAYS)

    def check(self, data: bytes, received_us: int = NOW_US) -> str | None:
        """The kind of a datagram that the compiled reader took; None of one that it left."""
        read = self._usual.read(data, received_us, "198.51.100.7")
        if read is None:
            return None
        kind, micro_ts, key, callid, node, tail, payload = read
        found = self._plain.plainly(Record(received_us, "198.51.100.7", 5060, 0, data))
        assert found is not None
        row = found.row
        assert (row.table.kind, row.micro_ts, row.callid_key, row.own_ts) == (kind, micro_ts, key, None)
        assert (row.tail, row.payload, row.reports, found.node) == (tail, payload, None, node)
        assert (found.kind, found.callid) == (kind, callid if kind == "call" else None)
        assert (found.hep_version, found.malformed, found.suspect_clock, found.censored) == (3, False, False, ())
        return kind


def time_of(data: bytes) -> int:
    """When a recorded datagram can have been received, so that its time is credible."""
    try:
        return decode(data).time_us or NOW_US
    except HepError:
        return NOW_US


def fuzz(inputs: int, seed: int) -> Findings:
    """One process's share."""
    findings, supply, comparison = Findings(), Datagrams(seed), Comparison()
    for number in range(inputs):
        data = supply.next(number)
        findings.inputs += 1
        with driver.judged(findings, data):
            findings.count(comparison.check(data, NOW_US if number % 8 else time_of(data)))
        if len(findings.broken) == driver.MOST_BROKEN:
            break
    return findings


def run(inputs: int, seed: int, processes: int = 2) -> Findings:
    """All processes together."""
    return driver.shared(fuzz, Findings(), inputs, seed, processes)


if __name__ == "__main__":
    sys.exit(driver.command(run, "Compare the compiled reader with the plain ones."))
