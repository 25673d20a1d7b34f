"""Which message of a call another one is best compared with (FEATURES E4): the same on its next hop."""

from collections.abc import Iterator, Sequence

from appliance.calls.copies import hop
from appliance.model.rows import MessageRow


def partner(rows: Sequence[MessageRow], row: MessageRow) -> MessageRow | None:
    """What the host that got it sent on, else where it came from, in this Call-ID and then in others."""
    places = {one.id: place for place, one in enumerate(rows)}
    at = places.get(row.id)
    if at is None or not row.method:
        return None
    later, earlier = rows[at + 1 :], rows[:at][::-1]
    for candidates in (_on(later, row), _from(earlier, row)):
        found = list(candidates)
        own = [one for one in found if one.callid == row.callid]
        if own or found:
            return (own or found)[0]
    return None


def in_and_out(rows: Sequence[MessageRow]) -> tuple[MessageRow, MessageRow] | None:
    """The first INVITE (else the first request) that somebody sent on, and what was sent."""
    requests = [row for row in rows if row.is_request and row.kind.is_sip]
    for row in sorted(requests, key=lambda row: row.method != "INVITE" or row.to_tag != "")[:MOST_TRIED]:
        out = next(_on(rows[rows.index(row) + 1 :], row), None)
        if out is not None:
            return row, out
    return None


MOST_TRIED = 20


def _on(later: Sequence[MessageRow], row: MessageRow) -> Iterator[MessageRow]:
    return (one for one in later if _alike(one, row) and one.source_ip == row.destination_ip and _else(one, row))


def _from(earlier: Sequence[MessageRow], row: MessageRow) -> Iterator[MessageRow]:
    return (one for one in earlier if _alike(one, row) and one.destination_ip == row.source_ip and _else(one, row))


def _alike(one: MessageRow, other: MessageRow) -> bool:
    """The same method or code; within one Call-ID of the same CSeq."""
    if (one.method, one.cseq_method) != (other.method, other.cseq_method) or not one.kind.is_sip:
        return False
    return one.callid != other.callid or one.cseq == other.cseq


def _else(one: MessageRow, other: MessageRow) -> bool:
    """On another hop: neither sent again nor on the way back."""
    here, there = hop(one), hop(other)
    return (here != there and here[:2] != there[2:]) or here[2:] not in (there[:2], there[2:])
