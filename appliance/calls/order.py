"""The order of a call's messages (FEATURES E9): the transaction before the clock.

Agents stamp with their own processing time, several messages may share a stamp, and two agents' clocks differ.
So messages are sorted by time (calls.clock), then arrival, then id, under the constraints of calls.precedence:
a request before its responses, received before relayed, 1xx before 2xx before ACK, CSeq by CSeq.

That a request comes before its responses holds however the stamps read. The other constraints hold only when the
stamps contradict them by at most 200 ms between packets of one agent, 5 s between agents: what is further apart is
no disorder. A message that a constraint holds back comes straight after the one it waited for, and nothing else
moves. Contradicting constraints (a spiral through one host) give way at the earliest stamp. The result does not
depend on the order of the input.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heappush

from appliance.calls.copies import timed
from appliance.calls.precedence import Constraint, constraints
from appliance.model.rows import MessageRow

ONE_AGENT_US = 200_000
AGENTS_US = 5_000_000


def ordered(messages: Iterable[MessageRow]) -> list[MessageRow]:
    """Sort messages whose copies are folded as they happened; each id once."""
    return in_order(*timed(messages))


def in_order(rows: Sequence[MessageRow], at_us: Mapping[str, int], vias: bool = True) -> list[MessageRow]:
    """The same of distinct rows that are in the order of the clock; `at_us` are their times.

    Without `vias` the result is the same whether the texts are at hand or not.
    """
    found = constraints(rows, vias)
    if not [before for before, later, _ in found if before > later]:
        return list(rows)
    binding = list(_binding(found, rows, at_us))
    if all(before < later for before, later in binding):
        return list(rows)
    after: list[list[int]] = [[] for _ in rows]
    waits = [0] * len(rows)
    for before, later in binding:
        after[before].append(later)
        waits[later] += 1
    return [rows[index] for index in _released(after, waits)]


def _binding(
    found: Iterable[Constraint], rows: Sequence[MessageRow], at_us: Mapping[str, int]
) -> Iterator[tuple[int, int]]:
    """The constraints that hold, as pairs of indices."""
    for before, later, always in found:
        if before < later or always or _is_disorder(rows[before], rows[later], at_us):
            yield before, later


def _is_disorder(before: MessageRow, later: MessageRow, at_us: Mapping[str, int]) -> bool:
    limit_us = ONE_AGENT_US if before.node == later.node else AGENTS_US
    return at_us[before.id] - at_us[later.id] <= limit_us


def _released(after: Sequence[Sequence[int]], waits: list[int]) -> Iterator[int]:
    """Always the earliest message that waits for no other; where all wait in a circle, the earliest."""
    ready = [index for index, count in enumerate(waits) if not count]
    done = [False] * len(waits)
    earliest = 0
    for _ in waits:
        while done[earliest]:
            earliest += 1
        index = heappop(ready) if ready else earliest
        done[index] = True
        yield index
        for later in after[index]:
            waits[later] -= 1
            if not waits[later] and not done[later]:
                heappush(ready, later)
