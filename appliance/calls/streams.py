"""The media that a call agreed on (RFC 3264), as long as each lasted, told by session descriptions alone.

In come a call's messages in order, copies folded, with or without texts (`row.sdp`); out go streams between an end of
the caller's side and one of the callee's. A media relay on the way makes other ends on each hop, and so other streams.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from appliance.calls.negotiation import NOWHERE, Exchange, common, exchanges
from appliance.model.rows import MessageRow
from appliance.sip.session import SessionMedia, read

End = tuple[str, int]
"""Address and port."""

_SEEN_FROM = {"sendonly": "recvonly", "recvonly": "sendonly"}


@dataclass(frozen=True, slots=True)
class Stream:
    """One medium between two ends."""

    type: str
    caller: End
    callee: End
    codec: str
    """The one that the answer prefers; "" when it names none."""
    from_us: int
    to_us: int
    """When another agreement, a BYE or the last message ended it."""
    direction: str
    """As the caller sees it: sendrecv, sendonly, recvonly, inactive."""


def media_of(rows: Sequence[MessageRow]) -> list[Stream]:
    """In the order in which they were agreed on; what is told again on another hop, or in a 2xx after its 1xx, once."""
    described = [row for row in rows if row.sdp]
    callers = {row.from_tag for row in rows if row.method == "INVITE" and not row.to_tag}
    end_us = _end_us(rows)
    found: list[Stream] = []
    latest: dict[tuple[frozenset[str], str, int], int] = {}
    """By hosts of a hop, dialog and place of the medium: the stream that goes on there."""
    for exchange in exchanges(described, rows):
        offer, answer = exchange
        for place, stream in enumerate(_agreed(exchange, callers, end_us)):
            here = frozenset((offer.source_ip, offer.destination_ip)), _dialog(answer, callers), place
            before = found[latest[here]] if here in latest else None
            if before is not None and (stream is None or not _same(before, stream)):
                found[latest.pop(here)] = replace(before, to_us=max(before.from_us, min(before.to_us, answer.ts)))
            if stream is None or (before is not None and _same(before, stream)):
                continue
            known = next((n for n in latest.values() if _same(found[n], stream)), None)
            if known is None:
                known = len(found)
                found.append(stream)
            latest[here] = known
    return found


def _agreed(exchange: Exchange, callers: set[str], end_us: int) -> list[Stream | None]:
    """One for each medium, None for a refused one."""
    offer, answer = exchange
    offered, answered = _media(offer.sdp), _media(answer.sdp)
    offer_is_callers = (offer.from_tag in callers) == offer.is_request
    found: list[Stream | None] = []
    for one, other in zip(offered, answered, strict=False):
        if not one.port or not other.port or one.type != other.type:
            found.append(None)
            continue
        caller, callee = (one, other) if offer_is_callers else (other, one)
        codecs = common(one.codecs, other.codecs)
        ends = (caller.address, caller.port), (callee.address, callee.port)
        seen = other.direction if not offer_is_callers else _SEEN_FROM.get(other.direction, other.direction)
        direction = _heard(seen, caller, callee)
        found.append(Stream(one.type, *ends, codecs[0] if codecs else "", answer.ts, max(answer.ts, end_us), direction))
    return found


def _heard(direction: str, caller: SessionMedia, callee: SessionMedia) -> str:
    """Who is at 0.0.0.0 hears nothing (RFC 3264 8.4)."""
    sends = direction in ("sendrecv", "sendonly") and callee.address not in NOWHERE
    receives = direction in ("sendrecv", "recvonly") and caller.address not in NOWHERE
    return {(True, True): "sendrecv", (True, False): "sendonly", (False, True): "recvonly"}.get(
        (sends, receives), "inactive"
    )


def _same(one: Stream, other: Stream) -> bool:
    return replace(one, from_us=0, to_us=0) == replace(other, from_us=0, to_us=0)


def _dialog(row: MessageRow, callers: set[str]) -> str:
    return row.to_tag if row.from_tag in callers else row.from_tag


def _end_us(rows: Sequence[MessageRow]) -> int:
    bye = next((row.ts for row in rows if row.method == "BYE"), None)
    return bye if bye is not None else max((row.ts for row in rows), default=0)


@lru_cache(maxsize=512)
def _media(line: str) -> tuple[SessionMedia, ...]:
    return read(line).media
