"""Stored REGISTER messages of one Call-ID -> exchanges: a REGISTER, the one that answers its challenge, their answer.

Proxies forward a REGISTER, and agents see it at several places and more than once: all packets of a sequence number are
one transaction, told as its first hop told it. So neither copies nor the order of packets count.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from appliance.registrations.said import Said

TOGETHER_US = 40_000_000
"""How long a transaction takes at most (RFC 3261 timer F: 32 s), and how soon a challenge is answered."""
CHALLENGES = frozenset({401, 407})

End = tuple[str, int]


class Seen(NamedTuple):
    """One stored packet. `id` tells it from others and settles ties. Tuples, since the settler makes very many."""

    id: int
    ts: int
    """Microseconds UTC."""
    status: int
    """0: the request."""
    reply_reason: str
    cseq: int
    from_tag: str
    aor: str
    callid: str
    source: End
    destination: End
    proto: str
    user_agent: str
    node: str
    said: Said


class Exchange(NamedTuple):
    """One attempt to register, refresh, remove or ask."""

    started: int
    """First REGISTER, that of the challenge included."""
    sent: int
    """The last REGISTER, that which got `status`."""
    sent_id: int
    """Which packet that was."""
    ended: int
    """The last packet of it."""
    answered: int | None
    """Final response at the first hop, microseconds."""
    status: int | None
    reply_reason: str
    challenged: int
    """Times that it was challenged on the way."""
    cseq: int
    from_tag: str
    callid: str
    aor: str
    source: End
    destination: End
    proto: str
    user_agent: str
    asked: Said
    granted: Said
    nodes: frozenset[str]

    @property
    def rrd_ms(self) -> int | None:
        """Registration request delay (RFC 6076 4.1): from the REGISTER that was accepted to its 200."""
        if self.answered is None or not self.is_ok:
            return None
        return max(0, self.answered - self.sent) // 1000

    @property
    def bound_at(self) -> int:
        """From when on what was granted counts."""
        return self.answered or self.ended

    @property
    def is_ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_challenge(self) -> bool:
        return self.status in CHALLENGES


def exchanges(packets: Iterable[Seen]) -> list[Exchange]:
    """In the order in which they began; responses without their request are left out."""
    transactions: dict[tuple[str, int], list[Seen]] = defaultdict(list)
    for packet in packets:
        transactions[packet.from_tag, packet.cseq].append(packet)
    found: list[Exchange] = []
    for group in transactions.values():
        for part in _apart(sorted(group, key=_by_time)):
            exchange = _exchange(part)
            if exchange is not None:
                found.append(exchange)
    return _chained(sorted(found, key=lambda one: (one.started, one.cseq, one.from_tag)))


def _by_time(packet: Seen) -> tuple[int, int]:
    return packet.ts, packet.id


def _apart(packets: Sequence[Seen]) -> Iterable[Sequence[Seen]]:
    """A device that begins anew uses a sequence number again."""
    start = 0
    for place in range(1, len(packets)):
        if packets[place].ts - packets[place - 1].ts > TOGETHER_US:
            yield packets[start:place]
            start = place
    yield packets[start:]


def _exchange(packets: Sequence[Seen]) -> Exchange | None:
    requests = [packet for packet in packets if not packet.status]
    if not requests:
        return None
    first = _first_hop(requests)
    finals = [packet for packet in packets if packet.status >= 200]
    here = [packet for packet in finals if packet.destination == first.source] or finals
    final = _final(here)
    paths = [packet.said.path for packet in (*finals, *requests) if packet.said.path]
    granted = final.said if final else Said()
    if paths and not granted.path:
        granted = replace(granted, path=max(paths, key=lambda path: (len(path), path)))
    return Exchange(
        started=first.ts,
        sent=first.ts,
        sent_id=first.id,
        ended=packets[-1].ts,
        answered=final.ts if final else None,
        status=final.status if final else None,
        reply_reason=final.reply_reason if final else "",
        challenged=0,
        cseq=first.cseq,
        from_tag=first.from_tag,
        callid=first.callid,
        aor=first.aor,
        source=first.source,
        destination=first.destination,
        proto=first.proto,
        user_agent=first.user_agent,
        asked=first.said,
        granted=granted,
        nodes=frozenset(packet.node for packet in packets if packet.node),
    )


def _first_hop(requests: Sequence[Seen]) -> Seen:
    """The request whose sender got it from nobody, the earliest by the clock: clocks of agents differ."""
    reached = {request.destination for request in requests}
    return next((request for request in requests if request.source not in reached), requests[0])


def _final(responses: Sequence[Seen]) -> Seen | None:
    """A 2xx before anything else: what a proxy answered for others is not the registrar's word."""
    good = [response for response in responses if response.status < 300]
    return next(iter(good or responses), None)


def _chained(found: Sequence[Exchange]) -> list[Exchange]:
    """A challenge and the REGISTER that answers it are one."""
    chained: list[Exchange] = []
    for one in found:
        before = chained[-1] if chained else None
        if before is None or not _answers(before, one):
            chained.append(one)
            continue
        chained[-1] = one._replace(
            started=before.started,
            ended=max(before.ended, one.ended),
            challenged=before.challenged + 1,
            nodes=before.nodes | one.nodes,
        )
    return chained


def _answers(before: Exchange, one: Exchange) -> bool:
    return (
        before.is_challenge
        and one.cseq > before.cseq
        and one.sent - before.sent <= TOGETHER_US
        and (one.aor, one.source[0]) == (before.aor, before.source[0])
    )
