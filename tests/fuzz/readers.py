"""Invariant: whatever octets come in, the readers raise nothing but HepError, and no call takes 5 ms of CPU.

    python -m tests.fuzz.readers --inputs 10000000 --seed 1

throws random and mutated datagrams at `hep.decode` and `sip.parse` (and one in sixteen at the readers of headers,
session descriptions, colours, and at the encoder), in two processes, and prints what it counted as JSON. An input
that breaks the invariant is printed in hexadecimal, with exit status 1; the same seed gives the same inputs.
"""

import random
import statistics
import struct
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from appliance.hep.decode import decode
from appliance.hep.encode import encode
from appliance.hep.errors import REASONS, HepError
from appliance.sip import sdp
from appliance.sip.headers import body, headers
from appliance.sip.highlight import tokens
from appliance.sip.parse import parse
from appliance.sip.problems import PROBLEMS
from tests.fuzz import driver
from tests.fuzz.seeds import TOKENS, hep_frames, pathological, sip_messages

LIMIT_US = 5000.0
ORDINARY_US = 8.0
"""`sip.parse` of an ordinary message where LIMIT_US holds as it stands (ADR 10's machine)."""
SAMPLE = 16
PATHOLOGICAL_EVERY = 2000


@dataclass
class Findings:
    """What one process, or all of them together, saw."""

    inputs: int = 0
    packets: int = 0
    octets: int = 0
    slowest_us: dict[str, float] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def add(self, other: "Findings") -> None:
        self.inputs += other.inputs
        self.packets += other.packets
        self.octets += other.octets
        self.errors += other.errors
        self.problems += other.problems
        self.broken += other.broken
        for reader, slowest in other.slowest_us.items():
            self.slowest_us[reader] = max(slowest, self.slowest_us.get(reader, 0.0))


class Inputs:
    """An endless, repeatable supply of hostile datagrams."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.frames = hep_frames()
        self.messages = sip_messages()
        self.heads = [message[: message.find(b":") + 2] for message in self.messages] + TOKENS

    def next(self, number: int) -> bytes:
        if number % PATHOLOGICAL_EVERY == 0:
            return self._largest()
        choice = self.random.random()
        if choice < 0.1:
            octets = self.random.randbytes(self.random.randrange(300))
            return octets if choice < 0.05 else b"HEP3" + struct.pack("!H", 6 + len(octets)) + octets
        if choice < 0.3:
            return self.mutated(self.random.choice(self.messages), self.messages)
        data = self.mutated(self.random.choice(self.frames), self.frames)
        if choice < 0.7 and data[:4] == b"HEP3" and len(data) >= 6:
            data = data[:4] + struct.pack("!H", min(len(data), 65535)) + data[6:]
        return data

    def mutated(self, data: bytes, others: list[bytes]) -> bytes:
        draw = self.random.random
        for _ in range(int(draw() * 5) + 1):
            size = len(data)
            at = int(draw() * (size + 1))
            kind = int(draw() * 7)
            if kind == 0:
                data = data[:at] + bytes((int(draw() * 256),)) + data[at + 1 :]
            elif kind == 1:
                data = data[:at] + TOKENS[int(draw() * len(TOKENS))] + data[at:]
            elif kind == 2:
                token = TOKENS[int(draw() * len(TOKENS))]
                data = data[:at] + token + data[at + len(token) :]
            elif kind == 3:
                data = data[:at] + data[at + int(draw() * 40) :]
            elif kind == 4:
                data = data[:at] + data[at : at + int(draw() * 60)] * int(draw() * 4) + data[at:]
            elif kind == 5:
                other = others[int(draw() * len(others))]
                data = data[:at] + other[int(draw() * len(other)) :]
            elif draw() < 0.3:
                data = data[:at]
        return data

    def _largest(self) -> bytes:
        start = self.random.choice(self.heads) + self.random.choice(TOKENS)
        unit = self.random.choice(TOKENS) + self.random.choice([b"", *TOKENS])
        return pathological(b"INVITE sip:a@b SIP/2.0\r\n" * self.random.randrange(2) + start, unit, b"\r\n\r\n")


def timed(findings: Findings, reader: str, call: Callable[[Any], Any], argument: Any) -> Any:
    """Call a reader and keep its CPU time; one that seems slow is asked again, since interrupts count too."""
    began = time.thread_time_ns()
    result = call(argument)
    took = (time.thread_time_ns() - began) / 1000
    if took > findings.slowest_us.get(reader, 0.0):
        for _ in range(3 * (took > LIMIT_US / 5)):
            began = time.thread_time_ns()
            call(argument)
            took = min(took, (time.thread_time_ns() - began) / 1000)
        findings.slowest_us[reader] = max(took, findings.slowest_us.get(reader, 0.0))
        assert took < LIMIT_US or took < LIMIT_US * slowness(), f"{reader} took {took:.0f} µs"
    return result


def slowness() -> float:
    """How many times slower than the machine for which the limit was set this one is at the moment, by what ordinary
    messages take: at least 1. Where cores are shared, two seconds of CPU may do the work of one."""
    usual = statistics.median(_ordinary_us() for _ in range(5))
    return max(1.0, usual / ORDINARY_US)


def _ordinary_us() -> float:
    messages = list(sip_messages())
    began = time.thread_time_ns()
    for message in messages:
        parse(message)
    return (time.thread_time_ns() - began) / 1000 / len(messages)


def decoded(data: bytes) -> Any:
    try:
        return decode(data)
    except HepError as error:
        assert error.reason in REASONS
        return error


def check(findings: Findings, data: bytes, sampled: bool) -> None:
    found = timed(findings, "hep.decode", decoded, data)
    if isinstance(found, HepError):
        findings.errors[found.reason] += 1
        payload = data
    else:
        findings.packets += 1
        payload = found.payload
    message = timed(findings, "sip.parse", parse, payload)
    for problem in message.problems:
        assert problem in PROBLEMS
        findings.problems[problem] += 1
    if not sampled:
        return
    timed(findings, "sip.headers", headers, payload)
    timed(findings, "sip.sdp", sdp.parse, payload)
    assert payload.endswith(body(payload))
    text = payload.decode("utf-8", "surrogateescape")
    assert "".join(piece for _, piece in timed(findings, "sip.highlight", tokens, text)) == text
    if not isinstance(found, HepError):
        check_again(found)


def check_again(packet: Any) -> None:
    """What was read can be written, and is read the same; only a time beyond HEP 3's seconds cannot."""
    try:
        again = decode(encode(packet))
    except HepError as error:
        assert error.reason in ("bad-value", "too-large")
        return
    packet.hep_version = 3
    assert again == packet


def fuzz(inputs: int, seed: int) -> Findings:
    """One process's share."""
    findings, supply = Findings(), Inputs(seed)
    for number in range(inputs):
        data = supply.next(number)
        findings.inputs += 1
        findings.octets += len(data)
        with driver.judged(findings, data):
            check(findings, data, number % SAMPLE == 0)
        if len(findings.broken) == driver.MOST_BROKEN:
            break
    return findings


def run(inputs: int, seed: int, processes: int = 2) -> Findings:
    """All processes together."""
    return driver.shared(fuzz, Findings(), inputs, seed, processes)


if __name__ == "__main__":
    sys.exit(driver.command(run, "Throw hostile datagrams at the HEP and SIP readers."))
