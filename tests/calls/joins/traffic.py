"""Made traffic of a B2BUA between few numbers: pairs of calls that are legs of one, many of them at once.

Everything follows from the random numbers of a seed. The truth is in the Call-IDs: `17-a@…` and `17-b@…` are one call.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from appliance.calls.fold import fold
from appliance.calls.joins.edge import Edge
from appliance.calls.joins.leg import Leg, leg_of
from appliance.calls.joins.pairs import Pairs
from appliance.calls.joins.score import SameHost
from appliance.calls.joins.window import MINUTE_US, Window
from appliance.model.ids import payload_hash
from appliance.model.kinds import Kind
from appliance.model.rows import MessageRow

BEGUN_US = 1_795_428_672_000_000
PEER, SBC, INSIDE, CARRIER = "192.0.2.10", "192.0.2.20", "198.51.100.20", "203.0.113.30"


@dataclass(frozen=True)
class Habits:
    """How the B2BUA and its traffic are."""

    calls: int = 1000
    at_once: int = 50
    numbers: int = 5
    two_addresses: bool = False
    rewritten: bool = False
    """Callees: dialled `0030…`, sent on as another number."""
    sdp_passed: bool = False
    header: bool = False
    seconds: float = 30.0
    """How long a call takes on average."""
    by_machine: bool = False
    """Each rings after 200 ms, is answered after 400 and ends after `seconds`, as load generators do it."""


def pairs_of(habits: Habits, seed: int = 1) -> list[tuple[list[MessageRow], list[MessageRow]]]:
    """The messages of both legs of each call."""
    rng = random.Random(seed)
    gap_s = habits.seconds / habits.at_once
    at_us, made = BEGUN_US, []
    for number in range(habits.calls):
        at_us += int(rng.expovariate(1 / gap_s) * 1_000_000)
        made.append(_call(rng, habits, number, at_us))
    return made


def _call(rng: random.Random, habits: Habits, number: int, at_us: int) -> tuple[list[MessageRow], list[MessageRow]]:
    caller, callee = (f"+4930{5550000 + 1111 * rng.randrange(habits.numbers) + side}" for side in (0, 7))
    onward = f"+4989{7770000 + rng.randrange(100_000)}" if habits.rewritten else callee
    inside = INSIDE if habits.two_addresses else SBC
    first = _Hop(rng, f"{number}-a@{PEER}", PEER, SBC, caller, callee)
    second = _Hop(rng, f"{number}-b@{inside}", inside, CARRIER, caller, onward)
    if habits.header:
        second.leg_keys = f"x:{first.callid}"
    offer, answer = first.description(PEER), second.description(CARRIER)
    passed = habits.sdp_passed
    rows: list[tuple[int, _Hop, bool, str, str, str]] = []
    delay = lambda: int(rng.expovariate(1 / 12_000)) + 1_500  # noqa: E731  one B2BUA's time to pass something on
    sent_us = at_us + delay()
    rows.append((at_us, first, True, "INVITE", "INVITE", offer))
    rows.append((sent_us, second, True, "INVITE", "INVITE", offer if passed else second.description(inside)))
    at_us = sent_us + (200_000 if habits.by_machine else int(rng.uniform(0.15, 3) * 1_000_000))
    end = 1.0 if habits.by_machine else rng.random()
    if end > 0.1:
        rows.append((at_us, second, False, "180", "INVITE", ""))
        rows.append((at_us + delay(), first, False, "180", "INVITE", ""))
        at_us += 200_000 if habits.by_machine else int(rng.uniform(0.5, 12) * 1_000_000)
    if end < 0.2:
        code = rng.choice(["486", "404", "503"])
        rows.append((at_us, second, False, code, "INVITE", ""))
        rows.append((at_us + delay(), first, False, code, "INVITE", ""))
    elif end < 0.3:
        rows.append((at_us, first, True, "CANCEL", "CANCEL", ""))
        rows.append((at_us + delay(), second, True, "CANCEL", "CANCEL", ""))
    else:
        rows.append((at_us, second, False, "200", "INVITE", answer))
        rows.append((at_us + delay(), first, False, "200", "INVITE", answer if passed else first.description(SBC)))
        talk_s = habits.seconds if habits.by_machine else rng.expovariate(1 / habits.seconds) + 1
        at_us += int(talk_s * 1_000_000)
        backwards = not habits.by_machine and rng.random() < 0.5
        one, other = (second, first) if backwards else (first, second)
        rows.append((at_us, one, not backwards, "BYE", "BYE", ""))
        rows.append((at_us + delay(), other, not backwards, "BYE", "BYE", ""))
    made: dict[str, list[MessageRow]] = {first.callid: [], second.callid: []}
    for time_us, hop, forth, method, cseq_method, sdp in rows:
        made[hop.callid].append(hop.row(time_us, forth, method, cseq_method, sdp))
    return made[first.callid], made[second.callid]


class _Hop:
    """One leg between two hosts."""

    def __init__(
        self, rng: random.Random, callid: str, source: str, destination: str, caller: str, callee: str
    ) -> None:
        self.callid, self.leg_keys = callid, ""
        self._rng = rng
        self._ends, self._parties = (source, destination), (caller, callee)
        self._tags = f"{rng.getrandbits(40):010x}", f"{rng.getrandbits(40):010x}"
        self._count = 0

    def description(self, host: str) -> str:
        id_ = self._rng.getrandbits(31)
        return f"{id_} {id_} {host};audio {host}:{self._rng.randrange(10000, 30000, 2)} PCMA/PCMU/telephone-event"

    def row(self, time_us: int, forth: bool, method: str, cseq_method: str, sdp: str) -> MessageRow:
        self._count += 1
        request = not method.isdigit()
        source, destination = self._ends if forth else self._ends[::-1]
        tagged = not (method in ("INVITE", "CANCEL") and request)
        from_tag, to_tag = self._tags if forth or not request else self._tags[::-1]
        cseq = 2 if method == "BYE" else 1
        return MessageRow(
            id=f"{self.callid}-{self._count}", kind=Kind.CALL, ts=time_us, filed_ts=time_us, arrival_ts=time_us,
            callid=self.callid, source_ip=source, source_port=5060, destination_ip=destination, destination_port=5060,
            proto="udp", node="tap", correlation_id="", size=500, protocol_type=1,
            payload_hash=payload_hash(f"{self.callid}{self._count}".encode()),
            method=method, cseq=cseq, cseq_method=cseq_method, ruri_user=self._parties[1] if request else "",
            from_user=self._parties[0], to_user=self._parties[1], from_tag=from_tag, to_tag=to_tag if tagged else "",
            via_branch=f"z9hG4bK{self.callid}{cseq}", sdp=sdp, leg_keys=self.leg_keys if method == "INVITE" else "",
        )  # fmt: skip


def legs_of(rows: Sequence[MessageRow]) -> list[Leg]:
    """As the settler has them."""
    return [leg_of(record, rows) for record in fold(rows, rows[-1].ts + 10**13)]


def windowed(legs: Sequence[Leg]) -> Window:
    window = Window()
    for leg in legs:
        window.begin(leg.place[0] // MINUTE_US, [leg])
    return window


@dataclass(frozen=True)
class Measured:
    """Joined pairs against the truth."""

    pairs: int
    joined: int
    wrong: int
    possible: int
    """Pairs that are legs of one call, not joined but shown as possible."""

    @property
    def precision(self) -> float:
        return (self.joined - self.wrong) / self.joined if self.joined else 1.0

    @property
    def recall(self) -> float:
        return (self.joined - self.wrong) / self.pairs


def measured(edges: Sequence[Edge], window: Window, pairs: int) -> Measured:
    """What edges say of traffic that `pairs_of` made."""
    joined = [edge for edge in edges if edge.joined]
    open_ = [edge for edge in edges if not edge.joined]
    right = lambda edge: len({_number(window, place) for place in (edge.one, edge.other)}) == 1  # noqa: E731
    return Measured(pairs, len(joined), sum(not right(edge) for edge in joined), sum(right(edge) for edge in open_))


def _number(window: Window, place: tuple[int, int]) -> str:
    leg = window.get(place)
    assert leg is not None
    return leg.callid.partition("-")[0]


def scored(habits: Habits, seed: int = 1, same_host: SameHost = lambda one, other: False) -> Measured:
    """Everything at once."""
    legs = [leg for pair in pairs_of(habits, seed) for rows in pair for leg in legs_of(rows)]
    window = windowed(legs)
    _, edges = Pairs(window, same_host).around([leg.place for leg in legs])
    return measured(edges, window, habits.calls)


def grid() -> Iterator[Habits]:
    """Every mixture of what a B2BUA does to a call."""
    plain = Habits()
    for two in (False, True):
        for rewritten in (False, True):
            for passed in (False, True):
                yield replace(plain, two_addresses=two, rewritten=rewritten, sdp_passed=passed)
