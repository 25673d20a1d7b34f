"""Copies told apart (FEATURES A7): which stored packets are one message on the wire.

The same octets between the same two sockets, source and destination alike:

from another agent within 500 ms                  a copy
from the same agent within 50 ms                  captured twice, so a copy too
from the same agent later, or further apart       a retransmission: a message of its own
between other addresses                           another hop: a message of its own

500 ms is T1, the shortest time after which RFC 3261 (17.1.1.2) sends anything again. Clocks that are off are put right
before (calls.offsets), as far as packets that two agents saw tell it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from operator import lt

from appliance.calls.clock import times
from appliance.calls.offsets import shifts
from appliance.model.rows import MessageRow

OTHER_AGENT_US = 500_000
SAME_AGENT_US = 50_000

Hop = tuple[str, int, str, int]


def hop(row: MessageRow) -> Hop:
    """Between which sockets a message went: source and destination, address and port."""
    return row.source_ip, row.source_port, row.destination_ip, row.destination_port


def distinct(messages: Iterable[MessageRow]) -> list[MessageRow]:
    """Each stored packet once (by id), in the order of the clock: time, then arrival, then id."""
    rows, _ = timed(messages)
    return rows


def timed(messages: Iterable[MessageRow]) -> tuple[list[MessageRow], dict[str, int]]:
    """The same rows, and their times by id."""
    found = list(messages)
    at_us = times(found)
    if len(at_us) < len(found):
        found = list({row.id: row for row in found}.values())
    if len({row.node for row in found}) > 1:
        at_us = _on_one_line(found, at_us)
    stamps = list(at_us.values())
    if all(map(lt, stamps, islice(stamps, 1, None))):
        return found, at_us
    return sorted(found, key=lambda row: (at_us[row.id], row.arrival_ts, row.id)), at_us


def _on_one_line(rows: Sequence[MessageRow], at_us: dict[str, int]) -> dict[str, int]:
    """The times of agents whose clocks are off, told by what others saw too, as if they were right."""
    off_us = {} if all_differ(rows) else shifts(rows, at_us)
    return {row.id: at_us[row.id] - off_us.get(row.node, 0) for row in rows} if any(off_us.values()) else at_us


def grouped(messages: Iterable[MessageRow]) -> list[tuple[MessageRow, ...]]:
    """The packets of each message together, the earliest first; messages in the order of their earliest."""
    return groups_of(*timed(messages))


def groups_of(rows: Sequence[MessageRow], at_us: Mapping[str, int]) -> list[tuple[MessageRow, ...]]:
    """The same of distinct rows that are in the order of the clock; `at_us` are their times."""
    if all_differ(rows):
        return [(row,) for row in rows]
    same_octets: dict[tuple[int, Hop], list[_Group]] = {}
    groups: list[_Group] = []
    for row in rows:
        time_us = at_us[row.id]
        known = same_octets.setdefault((row.payload_hash, hop(row)), [])
        group = next((group for group in reversed(known[-4:]) if group.takes(row, time_us)), None) if known else None
        if group is None:
            group = _Group(time_us)
            known.append(group)
            groups.append(group)
        group.add(row, time_us)
    return [tuple(group.rows) for group in groups]


def fold_copies(messages: Iterable[MessageRow]) -> list[MessageRow]:
    """One row per message, the earliest of its packets whose clock is right, with `copies` counted; in the order of
    the clock."""
    rows, at_us = timed(messages)
    return [folded(right_first(group, at_us)) for group in groups_of(rows, at_us)]


def right_first(group: Sequence[MessageRow], at_us: Mapping[str, int]) -> Sequence[MessageRow]:
    """The packets of one message, before all others those of agents whose clocks were not put right."""
    return group if len(group) == 1 else sorted(group, key=lambda row: at_us[row.id] not in (row.ts, row.filed_ts))


def folded(group: Sequence[MessageRow]) -> MessageRow:
    """One row for the packets of one message."""
    if len(group) == 1:
        return group[0]
    seen = tuple([told for row in group for told in row.seen or ((row.node, row.ts),)])
    return replace(group[0], copies=sum(row.copies for row in group), seen=seen)


def unfolded(rows: Iterable[MessageRow]) -> Iterator[MessageRow]:
    """The packets behind rows again, as far as folding kept them: their agents and times, under ids of no packet."""
    for row in rows:
        if not row.seen:
            yield row
        for number, (node, us) in enumerate(row.seen):
            filed_us = us + row.filed_ts - row.ts
            yield replace(row, id=f"{row.id}+{number}", node=node, ts=us, filed_ts=filed_us, copies=1, seen=())


def retransmitted(messages: Iterable[MessageRow]) -> frozenset[str]:
    """Ids of the messages (copies folded) that were sent before with the same octets on the same hop."""
    return frozenset(repeated(distinct(messages)))


def repeated(rows: Sequence[MessageRow]) -> list[str]:
    """The same of rows that are in the order of the clock."""
    if all_differ(rows):
        return []
    reliable = any(row.method == "PRACK" for row in rows)
    last: dict[tuple[int, Hop], int] = {}
    asked: dict[str, int] = {}
    """By branch: where its INVITE was last sent again."""
    again = []
    for place, row in enumerate(rows):
        key = row.payload_hash, hop(row)
        before = last.get(key)
        last[key] = place
        if before is None:
            continue
        if row.method == "INVITE":
            asked[row.via_branch] = place
        if reliable or not _is_provisional(row) or asked.get(row.via_branch, -1) > before:
            again.append(row.id)
    return again


def _is_provisional(row: MessageRow) -> bool:
    """Sent again when the INVITE is, or until a PRACK comes; else it says that it rings on (RFC 3261 13.3.1.1)."""
    return row.method[:1] == "1" and row.method.isdecimal() and row.cseq_method == "INVITE"


def all_differ(rows: Sequence[MessageRow]) -> bool:
    """Whether no two have the same octets, which is so of most calls: then nothing is a copy or sent again."""
    return len({row.payload_hash for row in rows}) == len(rows)


class _Group:
    """The packets of one message while they are collected."""

    __slots__ = ("first_us", "rows", "seen_us")

    def __init__(self, first_us: int) -> None:
        self.first_us = first_us
        self.seen_us: dict[str, int] = {}
        self.rows: list[MessageRow] = []

    def takes(self, row: MessageRow, at_us: int) -> bool:
        seen_us = self.seen_us.get(row.node)
        if seen_us is not None:
            return at_us - seen_us <= SAME_AGENT_US
        return at_us - self.first_us < OTHER_AGENT_US

    def add(self, row: MessageRow, at_us: int) -> None:
        self.seen_us.setdefault(row.node, at_us)
        self.rows.append(row)
