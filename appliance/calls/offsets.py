"""How far each agent's clock is off another's, estimated from one call (FEATURES E9). Shown, never stored.

Two agents that saw the same packets tell it by the difference of their stamps. Agents that saw none in common have it
bounded: who received a message relayed it later, and a response came after its request; half way between the least
upper bound and the greatest lower one, as NTP does it. In come distinct packets and their times (calls.clock), for
calls.copies, which needs one time line for copies to meet, and for the page of the call.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from appliance.model.rows import MessageRow

AGREE_US = 50_000
"""How far differences of one pair of clocks may be apart: what capturing and sending to us costs."""
NEAR_US = 250_000
ALONE_US = 500_000
"""A single packet that two agents saw further apart may be two transmissions (T1, RFC 3261 17.1.1.1)."""

MOST_COMPARED, MOST_SENT = 24, 4
"""Packets and transmissions of each that are looked at: enough to agree, and few enough for a flood."""

Pair = tuple[str, str]
"""Two agents, in the order of their names."""
Stamps = tuple[list[int], list[int]]
"""When one agent and another saw the same octets."""


@dataclass(frozen=True, slots=True)
class Offset:
    """The clock of `node` is `offset_us` ahead of that of `against`."""

    node: str
    against: str
    offset_us: int
    samples: int
    by_copies: bool
    """From `samples` packets that both saw; else from as many messages before and after each other."""

    @property
    def amount(self) -> str:
        """`−1.2 s`."""
        size = abs(self.offset_us)
        far = f"{size / 1_000_000:.1f} s" if size >= 950_000 else f"{(size + 500) // 1000} ms"
        return f"{'−' if self.offset_us < 0 else '+'}{far}"

    @property
    def words(self) -> str:
        """`edge-1 −1.2 s against core-1, from 4 copies`."""
        kind = "copies" if self.by_copies else "messages around each other"
        of = f"{self.samples} {kind}" if self.samples > 1 else "one copy" if self.by_copies else "one answer"
        return f"{self.node} {self.amount} against {self.against}, from {of}"


def offsets(rows: Sequence[MessageRow], at_us: Mapping[str, int]) -> list[Offset]:
    """Each agent's against the one that saw most, as far as something connects them; by name."""
    found = {pair: (us, samples, False) for pair, (us, samples) in _by_bounds(rows, at_us).items()}
    for pair, both in _seen_by_both(rows, at_us).items():
        agreed = _agreed(both) or _alone(both)
        if agreed is not None:
            found[pair] = (*agreed, True)
    return _against_one(_reference(rows), found)


def shifts(rows: Sequence[MessageRow], at_us: Mapping[str, int]) -> dict[str, int]:
    """What to take off the times of agents for copies to meet, where at least two packets agree on it; nothing of
    clocks so near that they meet anyway."""
    apart = {pair: both for pair, both in _seen_by_both(rows, at_us).items() if not all(map(_meet, both))}
    agreed = {pair: _agreed(both) for pair, both in apart.items()}
    known = {pair: (*found, True) for pair, found in agreed.items() if found is not None}
    found = _against_one(_reference(rows), known)
    return {offset.node: offset.offset_us for offset in found if abs(offset.offset_us) >= NEAR_US}


def _reference(rows: Iterable[MessageRow]) -> str:
    seen: dict[str, int] = {}
    for row in rows:
        seen[row.node] = seen.get(row.node, 0) + 1
    return min(seen, key=lambda node: (-seen[node], node), default="")


def _against_one(reference: str, pairs: Mapping[Pair, tuple[int, int, bool]]) -> list[Offset]:
    """Through other agents too: then the fewest samples on the way count."""
    known = {reference: Offset(reference, reference, 0, 0, True)}
    reached = [reference]
    for node in reached:
        for (first, second), (us, samples, by_copies) in sorted(pairs.items()):
            for here, other, between_us in ((first, second, us), (second, first, -us)):
                if here == node and other not in known:
                    way = known[node]
                    fewest = min(way.samples or samples, samples)
                    total_us = way.offset_us + between_us
                    known[other] = Offset(other, reference, total_us, fewest, by_copies and way.by_copies)
                    reached.append(other)
    return sorted((known[node] for node in reached[1:]), key=lambda offset: offset.node)


def _seen_by_both(rows: Sequence[MessageRow], at_us: Mapping[str, int]) -> dict[Pair, list[Stamps]]:
    """The stamps that two agents gave the same octets on the same hop, of each as often as it was sent."""
    seen: dict[tuple[int, str, int, str, int], dict[str, list[int]]] = {}
    for row in rows:
        packet = row.payload_hash, row.source_ip, row.source_port, row.destination_ip, row.destination_port
        seen.setdefault(packet, {}).setdefault(row.node, []).append(at_us[row.id])
    found: dict[Pair, list[Stamps]] = {}
    for by_node in seen.values():
        for first, second in combinations(sorted(by_node), 2):
            found.setdefault((first, second), []).append((_apart(by_node[first]), _apart(by_node[second])))
    return {pair: sorted(both)[:MOST_COMPARED] for pair, both in found.items()}


def _apart(times_us: list[int]) -> list[int]:
    """Without what one agent captured twice."""
    kept: list[int] = []
    for time_us in sorted(times_us):
        if not kept or time_us - kept[-1] > AGREE_US:
            kept.append(time_us)
    return kept[:MOST_SENT]


def _agreed(both: list[Stamps]) -> tuple[int, int] | None:
    """The difference that most transmissions have, and how many; None unless they are at least two, and most."""
    candidates = {other - one for ones, others in both for one in ones for other in others}
    found = [(_near(both, us), us) for us in candidates]
    most = max((len(near) for near, _ in found), default=0)
    possible = sum(min(len(ones), len(others)) for ones, others in both)
    if most < 2 or 2 * most <= possible:
        return None
    _, _, near = min((abs(us), us, near) for near, us in found if len(near) == most)
    return near[len(near) // 2], most


def _near(both: list[Stamps], us: int) -> list[int]:
    """The differences that are about this one, of each transmission one."""
    found = []
    for ones, others in both:
        for one in ones:
            nearest = min((other - one for other in others), key=lambda difference: abs(difference - us))
            if abs(nearest - us) <= AGREE_US:
                found.append(nearest)
    return sorted(found)


def _meet(stamps: Stamps) -> bool:
    """Whether as many transmissions as both can have seen are copies already. One is not enough: what was sent again
    after T1 meets the first transmission of a clock that is off by about as much."""
    ones, others = stamps
    met = min(_count_near(ones, others), _count_near(others, ones))
    return met >= min(len(ones), len(others))


def _count_near(ones: list[int], others: list[int]) -> int:
    return sum(any(abs(other - one) < NEAR_US for other in others) for one in ones)


def _alone(both: list[Stamps]) -> tuple[int, int] | None:
    """Of one packet that both saw once, and so near that it was not sent again meanwhile."""
    if len(both) != 1 or max(map(len, both[0])) > 1:
        return None
    ((one,), (other,)) = both[0]
    return (other - one, 1) if abs(other - one) < ALONE_US else None


def _by_bounds(rows: Sequence[MessageRow], at_us: Mapping[str, int]) -> dict[Pair, tuple[int, int]]:
    above: dict[Pair, list[int]] = {}
    below: dict[Pair, list[int]] = {}
    for before, later in _before_and_later(rows):
        if before.node < later.node:
            above.setdefault((before.node, later.node), []).append(at_us[later.id] - at_us[before.id])
        elif later.node < before.node:
            below.setdefault((later.node, before.node), []).append(at_us[before.id] - at_us[later.id])
    return {
        pair: ((min(above[pair]) + max(below[pair])) // 2, min(len(above[pair]), len(below[pair])))
        for pair in above.keys() & below.keys()
    }


def _before_and_later(rows: Sequence[MessageRow]) -> Iterable[tuple[MessageRow, MessageRow]]:
    """What a host received with what it relayed, and requests with their responses; the first packet of each."""
    rows = [row for row in rows if row.method and row.cseq_method]
    received: dict[tuple[object, ...], MessageRow] = {}
    requests: dict[tuple[object, ...], MessageRow] = {}
    for row in rows:
        same = row.method, row.cseq, row.cseq_method, row.from_tag, row.to_tag
        received.setdefault((*same, row.destination_ip), row)
        if row.is_request:
            requests.setdefault((row.via_branch, row.cseq, row.method, row.source_ip), row)
    told: set[tuple[object, ...]] = set()
    for row in rows:
        same = row.method, row.cseq, row.cseq_method, row.from_tag, row.to_tag
        before = received.get((*same, row.source_ip)) if row.method != "100" else None
        if not row.is_request:
            request = requests.get((row.via_branch, row.cseq, row.cseq_method, row.destination_ip))
            if request is not None:
                yield request, row
        if before is not None and (*same, row.source_ip) not in told:
            told.add((*same, row.source_ip))
            yield before, row
