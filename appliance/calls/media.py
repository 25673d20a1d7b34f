"""Media of a call as its ladder shows them (FEATURES E1): who described what, and which ends agreed (RFC 3264).

In come what each message's session description says (export.descriptions reads them), out go the sessions: two RTP ends
after the message that completed an offer and its answer. The same agreement told hop by hop is one session, behind the
last message that told it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from appliance.calls.labels import printable
from appliance.calls.negotiation import BESIDES
from appliance.model.rows import MessageRow

SAME_US = 2_000_000
"""Within this time the same agreement of another Call-ID is the same media told again behind a B2BUA."""
MOST_CODECS = 4
HOLDS = {"sendonly": "hold (sendonly)", "inactive": "hold (inactive)", "recvonly": "held (recvonly)"}
_NOWHERE = ("0.0.0.0", "::", "")  # noqa: S104

End = tuple[str, int]
"""Address and port of RTP."""


@dataclass(frozen=True, slots=True)
class Line:
    """One m= line."""

    type: str
    """audio, video …"""
    end: End
    codecs: tuple[str, ...]
    direction: str

    @property
    def words(self) -> str:
        """`hold (sendonly) PCMA G729 10.0.0.1:4000`."""
        address, port = self.end
        if not port:
            return f"{printable(self.type)} refused"
        codecs = carrying(self.codecs)
        more = "…" if len(codecs) > MOST_CODECS else ""
        kind = "" if self.type == "audio" else printable(self.type)
        hold = "hold (0.0.0.0)" if address in _NOWHERE[:2] else HOLDS.get(self.direction, "")
        parts = [hold, kind, *map(printable, codecs[:MOST_CODECS]), more, socket(self.end)]
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Description:
    """A session description, as far as a ladder shows it."""

    lines: tuple[Line, ...]

    @property
    def words(self) -> str:
        return "; ".join(line.words for line in self.lines)


@dataclass(frozen=True, slots=True)
class Heard:
    """How good a stream arrived."""

    mos: float
    """On average."""
    grade: str
    """Of its worst interval: good, fair, bad, unknown."""


@dataclass(frozen=True, slots=True)
class Session:
    """One line of media that two ends agreed upon."""

    after: str
    """Id of the message that it stands behind."""
    ends: tuple[End, End]
    """That of the offer, that of the answer."""
    type: str
    codec: str
    early: bool
    """Agreed upon by a provisional response: before the answer."""
    hold: str
    """`hold (sendonly)` and the like; empty when both send."""
    callid: str
    cseq: int | None
    ts: int
    tellers: tuple[End, End]
    """The SIP sockets whose messages described the two ends."""
    there: Heard | None = None
    """What is known of the stream from the offer's end to the answer's."""
    back: Heard | None = None

    @property
    def relay(self) -> str:
        """The address that both ends are at; empty when they are at two."""
        return self.ends[0][0] if self.ends[0][0] == self.ends[1][0] else ""

    @property
    def key(self) -> frozenset[End]:
        return frozenset(self.ends)

    @property
    def state(self) -> tuple[object, ...]:
        return self.codec, self.early, self.hold


def socket(end: End) -> str:
    address, port = end
    return f"[{printable(address)}]:{port}" if ":" in address else f"{printable(address)}:{port}"


def sessions(rows: Sequence[MessageRow], told: Mapping[str, Description]) -> list[Session]:
    """The media sessions of messages in order, by what they told (by id)."""
    offers: dict[tuple[object, ...], MessageRow] = {}
    found: list[Session] = []
    current: dict[frozenset[End], int] = {}
    for row in rows:
        if row.id not in told:
            continue
        offer = _offer(row, offers)
        if offer is None:
            continue
        for session in _agreed(offer, row, told[offer.id], told[row.id]):
            _note(session, found, current)
    return found


def _note(session: Session, found: list[Session], current: dict[frozenset[End], int]) -> None:
    """A new session, or the same one told by a later message."""
    place = current.get(session.key)
    known = found[place] if place is not None else None
    if place is None or known is None or known.state != session.state:
        current[session.key] = len(found)
        found.append(session)
    elif (known.callid, known.cseq) == (session.callid, session.cseq) or session.ts - known.ts < SAME_US:
        # told from the answerer's hop back to the offerer's
        found[place] = replace(known, after=session.after, tellers=(session.tellers[0], known.tellers[1]))


def _offer(row: MessageRow, offers: dict[tuple[object, ...], MessageRow]) -> MessageRow | None:
    """The message whose offer this one answers; an offer is kept for its answer."""
    client, server = (row.source_ip, row.destination_ip)[:: 1 if row.is_request else -1]
    hop = row.callid, row.cseq, client, server
    if row.method == "ACK":
        return offers.pop(("late", *hop), None)
    if row.is_request:
        offers["offer", row.via_branch, row.cseq_method, *hop] = row
        return None
    offer = offers.get(("offer", row.via_branch, row.cseq_method, *hop))
    if offer is None and row.method[:1] == "2":
        offers["late", *hop] = row
    return offer


def carrying(codecs: Sequence[str]) -> list[str]:
    """Those that carry the medium itself; tones, comfort noise and repair only when they are alone."""
    return [codec for codec in codecs if codec.lower() not in BESIDES] or list(codecs)


def _agreed(offer: MessageRow, answer: MessageRow, said: Description, replied: Description) -> Iterable[Session]:
    for one, other in zip(said.lines, replied.lines, strict=False):
        nowhere = any(line.end[0] in _NOWHERE or not line.end[1] for line in (one, other))
        if nowhere or one.type != other.type or one.end == other.end:
            continue
        common = carrying([codec for codec in other.codecs if codec in one.codecs] or other.codecs)
        yield Session(
            after=answer.id,
            ends=(one.end, other.end),
            type=printable(one.type),
            codec=printable(common[0]) if common else "",
            early=answer.method[:1] == "1",
            hold=_hold(one.direction, other.direction),
            callid=answer.callid,
            cseq=answer.cseq,
            ts=answer.ts,
            tellers=((offer.source_ip, offer.source_port), (answer.source_ip, answer.source_port)),
        )


def _hold(offered: str, answered: str) -> str:
    if "inactive" in (offered, answered):
        return HOLDS["inactive"]
    if offered == "sendonly" or answered == "recvonly":
        return HOLDS["sendonly"]
    return HOLDS["recvonly"] if offered == "recvonly" or answered == "sendonly" else ""
