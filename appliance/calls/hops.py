"""The hops of a call (FEATURES B9): each pair of hosts that its INVITE crossed, with what came back there.

A proxied call is one Call-ID whose messages are captured on several hops. They are told apart by the branch of the
top Via, which each client makes anew (RFC 3261 8.1.1.7), and not by ports: an answer over TCP may go to another one.
In come the messages of a call, of one or more legs, copies folded or not, with or without texts. Computed when it is
shown; the settler may ask too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from appliance.calls.clock import times
from appliance.calls.copies import folded, groups_of, repeated, right_first, timed, unfolded
from appliance.calls.offsets import Offset, offsets
from appliance.calls.order import in_order
from appliance.calls.spans import Spans
from appliance.model.rows import MessageRow

CHALLENGES = frozenset({401, 407, 422})
"""After these the same client asks again, better."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One pair of hosts; times are microseconds, None when there was no answer."""

    callid: str
    source_ip: str
    source_port: int
    destination_ip: str
    destination_port: int
    proto: str
    nodes: tuple[str, ...]
    """The agents that saw it."""
    branch: str
    """Of the last INVITE."""
    first_us: int
    """The first message here."""
    invites: int
    """More than one when it was challenged and sent again."""
    status: int | None
    """The final response to the last INVITE: a 2xx before others."""
    reply_reason: str
    answered_us: int | None
    pdd_ms: int | None
    """From the last INVITE to the first 18x, else to the final response."""
    answer_ms: int | None
    """From the last INVITE to the final response."""
    retransmissions: int


def hops(messages: Iterable[MessageRow]) -> list[Hop]:
    """Leg by leg, in the order of the call; none without an INVITE that begins a dialog, or an answer to it."""
    legs: dict[str, list[MessageRow]] = {}
    for row in unfolded(messages):
        legs.setdefault(row.callid, []).append(row)
    return [hop for packets in legs.values() for hop in _of_leg(packets)]


def clocks(messages: Iterable[MessageRow]) -> list[Offset]:
    """How far the clocks of the agents are off each other that saw these messages."""
    rows, _ = timed(unfolded(messages))
    return offsets(rows, times(rows))


def _of_leg(packets: Sequence[MessageRow]) -> list[Hop]:
    rows, at_us = timed(packets)
    groups = [right_first(group, at_us) for group in groups_of(rows, at_us)]
    by_clock = [folded(group) for group in groups]
    told = _Told(Spans(groups, at_us), frozenset(repeated(by_clock)), groups)
    found: list[Hop] = []
    latest: dict[tuple[str, str], int] = {}
    for crossing in _crossings(in_order(by_clock, at_us)):
        hop = told.hop(crossing)
        ends = hop.source_ip, hop.destination_ip
        before = latest.get(ends)
        if before is not None and found[before].status in CHALLENGES:
            found[before] = _together(found[before], hop)
        else:
            latest[ends] = len(found)
            found.append(hop)
    return found


@dataclass(slots=True)
class _Crossing:
    """The messages of one INVITE transaction on one hop."""

    client: MessageRow
    """The INVITE, or else the first answer."""
    rows: list[MessageRow] = field(default_factory=list)


def _crossings(rows: Sequence[MessageRow]) -> list[_Crossing]:
    found: dict[tuple[str, str, str, int | None], _Crossing] = {}
    by_branch: dict[tuple[str, int | None], _Crossing] = {}
    begin = {row.cseq for row in rows if row.method == "INVITE" and not row.to_tag}
    inside = {row.via_branch for row in rows if row.method == "INVITE" and row.to_tag}
    for row in rows:
        answer = not row.is_request
        if row.cseq_method not in ("INVITE", "ACK", "CANCEL") or (row.via_branch and row.via_branch in inside):
            continue
        ends = (row.destination_ip, row.source_ip) if answer else (row.source_ip, row.destination_ip)
        key = row.via_branch, *ends, row.cseq
        crossing = found.get(key) or (by_branch.get((row.via_branch, row.cseq)) if answer and row.via_branch else None)
        if crossing is None:
            if not _begins(row, begin):
                continue
            crossing = found[key] = by_branch[row.via_branch, row.cseq] = _Crossing(row)
        crossing.rows.append(row)
    return list(found.values())


def _begins(row: MessageRow, begin: set[int | None]) -> bool:
    """Whether a hop is known by this message first; without its INVITE, by an answer to one that begins a dialog."""
    if row.is_request:
        return row.method == "INVITE" and not row.to_tag
    return row.cseq_method == "INVITE" and (row.cseq in begin or not begin)


class _Told:
    """What is known of the packets behind the rows."""

    def __init__(self, spans: Spans, again: frozenset[str], groups: Sequence[Sequence[MessageRow]]) -> None:
        self._spans = spans
        self._again = again
        self._nodes = {group[0].id: {row.node for row in group} for group in groups}

    def hop(self, crossing: _Crossing) -> Hop:
        first, rows = crossing.client, crossing.rows
        answers = [row for row in rows if not row.is_request and row.cseq_method == "INVITE"]
        finals = [row for row in answers if row.method[:1] != "1"]
        final = next((row for row in finals if row.method[:1] == "2"), finals[0] if finals else None)
        heard = next((row for row in answers if row.method[:2] == "18"), final)
        asked = first.is_request
        return Hop(
            callid=first.callid,
            source_ip=first.source_ip if asked else first.destination_ip,
            source_port=first.source_port if asked else first.destination_port,
            destination_ip=first.destination_ip if asked else first.source_ip,
            destination_port=first.destination_port if asked else first.source_port,
            proto=first.proto,
            nodes=tuple(sorted({node for row in rows for node in self._nodes[row.id]})),
            branch=first.via_branch,
            first_us=first.ts,
            invites=int(asked),
            status=int(final.method) if final else None,
            reply_reason=final.reply_reason if final else "",
            answered_us=final.ts if final else None,
            pdd_ms=self._spans.ms(first, heard) if asked and heard else None,
            answer_ms=self._spans.ms(first, final) if asked and final else None,
            retransmissions=sum(row.id in self._again for row in rows),
        )


def _together(before: Hop, hop: Hop) -> Hop:
    """A client asked a server again after a challenge."""
    return replace(
        hop,
        first_us=before.first_us,
        nodes=tuple(sorted({*before.nodes, *hop.nodes})),
        invites=before.invites + hop.invites,
        retransmissions=before.retransmissions + hop.retransmissions,
    )
