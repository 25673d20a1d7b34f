"""Which offer each answer answered, and what codecs a call agreed on (RFC 3264; RFC 3261 13.2.1, 3262 5, 3311 5).

In come a call's messages in order with their session descriptions in short (`row.sdp`), copies folded. An offer is in
INVITE, UPDATE or PRACK and its answer in the 1xx or 2xx of that branch; or the offer is in the answer to an INVITE
that had none, and its answer in the ACK or PRACK. Told of every hop; calls.fold and calls.streams ask.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from appliance.model.rows import MessageRow

BESIDES = frozenset({"telephone-event", "cn", "red", "rtx", "ulpfec", "flexfec-03", "-"})
"""What goes along with a codec and is none, unless it stands alone."""
NOWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104
"""Where media is sent to by a side on hold as of RFC 2543."""
MOST = 16
"""More codecs than a call has."""

_NOWHERE_ENDS = ("0.0.0.0:", "[::]:")
_ODD = ("", "", "")

Exchange = tuple[MessageRow, MessageRow]
"""The message with the offer, and the one with the answer."""


def codecs_of(rows: Sequence[MessageRow]) -> tuple[str, ...]:
    """The codecs agreed on, in the order of time; of one answer in that of its preference; `t38` for a fax."""
    described = [row for row in rows if row.sdp]
    if not described:
        return ()
    pairs = {(offer.sdp, answer.sdp): None for offer, answer in exchanges(described, rows)}
    found: dict[str, str] = {}
    types: set[str] = set()
    for offer, answer in pairs:
        for (kind, offered, held), (kind_too, answered, held_too) in zip(_told(offer), _told(answer), strict=False):
            if not kind or kind != kind_too or ((held or held_too) and kind in types):
                continue
            types.add(kind)
            for name in _common(offered, answered):
                found.setdefault(name.lower(), name)
    return tuple(found.values())[:MOST]


def exchanges(described: Iterable[MessageRow], rows: Sequence[MessageRow]) -> Iterator[Exchange]:
    """Each offer with each of its answers, in the order of the answers; `described` are those of `rows` with a
    description. A 2xx whose INVITE nobody saw is taken for the answer to what it says itself."""
    offers: dict[str, MessageRow] = {}
    late: dict[str, dict[tuple[str, str], MessageRow]] = {}
    """Offers in answers to INVITEs without one: by To tag, then by client and server."""
    for row in described:
        method, branch = row.method, row.via_branch
        if method.isdecimal():
            if method[0] not in "12":
                continue
            offer = offers.get(branch)
            if offer is not None and offer.cseq == row.cseq and offer.method == row.cseq_method:
                yield offer, row
            elif row.cseq_method == "INVITE":
                late.setdefault(row.to_tag, {})[row.destination_ip, row.source_ip] = row
        elif method in ("ACK", "PRACK") and row.to_tag in late:
            yield _taken(late, row), row
        elif method != "ACK":
            offers[branch] = row
    if late:
        yield from _without_invite(late, rows)


def common(offered: Sequence[str], answered: Sequence[str]) -> tuple[str, ...]:
    """The codecs of both, as answered; all answered ones where nothing is in common: then both know more names."""
    codecs = [name for name in answered if name.lower() not in BESIDES]
    if not codecs:
        return tuple(name for name in answered if name != "-")
    known = {name.lower() for name in offered}
    return tuple([name for name in codecs if name.lower() in known] or codecs)


def _taken(late: dict[str, dict[tuple[str, str], MessageRow]], row: MessageRow) -> MessageRow:
    """The offer that an ACK or PRACK answers: of its own hop, else, when it went past the proxies, of any."""
    hops = late[row.to_tag]
    hop = row.source_ip, row.destination_ip
    offer = hops.pop(hop if hop in hops else next(iter(hops)))
    if not hops:
        del late[row.to_tag]
    return offer


def _without_invite(
    late: dict[str, dict[tuple[str, str], MessageRow]], rows: Sequence[MessageRow]
) -> Iterator[Exchange]:
    seen = {row.via_branch for row in rows if row.method == "INVITE"}
    for hops in late.values():
        for row in hops.values():
            if row.via_branch not in seen and row.method[0] == "2":
                yield row, row


def _told(line: str) -> list[tuple[str, str, bool]]:
    """Type, codecs and whether it is held of each medium, in a quarter of the time that `session.read` takes; a refused
    one (port 0) has no type. The media of an offer and of its answer stand in the same order (RFC 3264 6)."""
    found = []
    for medium in line.split(";")[1:]:
        kind, end, codecs, *direction = medium.split(" ") if medium.count(" ") > 1 else _ODD
        found.append(("" if end[-2:] == ":0" else kind, codecs, bool(direction) or end.startswith(_NOWHERE_ENDS)))
    return found


@lru_cache(maxsize=1024)
def _common(offered: str, answered: str) -> tuple[str, ...]:
    return common(offered.split("/"), answered.split("/"))
