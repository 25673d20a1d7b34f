"""What joining needs to know of one call, from its record and its messages; and in one line, as the table keeps it.

    5060 5062;0 20000 740310 7067450 -;555055307/555055307;192.0.2.1:8000,192.0.2.9:18010;7cede652,as14161654;PCMU

Ports of the first INVITE; microseconds since the start of the first and the last initial INVITE, of the first 18x, of
the answer and of the end (`-` for none); SDP sessions as id/version; media addresses; tags; codecs of the offer.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from appliance.calls.joins.edge import Place
from appliance.calls.joins.parties import party
from appliance.model.ids import callid_hash
from appliance.model.octets import octets
from appliance.model.rows import CallRow, MessageRow

WIDTH = 512
"""Octets of the line at most."""
MOST_OF_A_SORT = 4
_LONGEST = 48
_ODD = re.compile(r"[^A-Za-z0-9._+:/\[\]-]")
_LEAST_SESSION = 8
"""Digits of id and version together; `0 0`, `1 1`, `8000 8000` stand in calls of all the world."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Microseconds UTC; None for what did not happen, or was not seen."""

    invited: int
    invited_last: int
    """Of the last INVITE without a To tag: after a challenge it is another."""
    ringing: int | None = None
    answered: int | None = None
    over: int | None = None
    """First BYE or CANCEL, else the final failure."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One call as a possible leg of another."""

    place: Place
    callid: str
    ended: int
    caller: str
    """Parties as `parties.party` has them."""
    callees: tuple[str, ...]
    source: tuple[str, int]
    destination: tuple[str, int]
    moments: Moments
    sessions: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    codecs: str = ""

    @property
    def line(self) -> bytes:
        """What is not in the call's other columns."""
        moments, started = self.moments, self.place[0]
        times = (moments.invited, moments.invited_last, moments.ringing, moments.answered, moments.over)
        parts = (
            f"{self.source[1]} {self.destination[1]}",
            " ".join(["-" if time_us is None else str(time_us - started) for time_us in times]),
            ",".join(self.sessions),
            ",".join(self.media),
            ",".join(self.tags),
            self.codecs,
        )
        return ";".join(parts).encode()[:WIDTH]


def place_of(record: CallRow) -> Place:
    return record.started, callid_hash(octets(record.callid))


def read(record: CallRow, line: str, hash_: int) -> Leg | None:
    """The leg of a stored record; None when its line says nothing."""
    parts = line.split(";")
    if len(parts) != 6:
        return None
    ports, times, sessions, media, tags, codecs = parts
    source, destination = map(int, ports.split(" "))
    first, last, *rest = (None if time == "-" else record.started + int(time) for time in times.split(" "))
    moments = Moments(first or record.started, last or record.started, *rest)
    place = record.started, hash_
    listed = [tuple(filter(None, part.split(","))) for part in (sessions, media, tags)]
    return _leg(record, place, (source, destination), moments, listed[0], listed[1], listed[2], codecs)


def leg_of(record: CallRow, rows: Iterable[MessageRow]) -> Leg:
    """The leg of a call; `rows` are messages of its Call-ID, more than its own do not matter."""
    course = _course(rows, record.started, record.ended)
    first = course.first
    invited = first.filed_ts if first is not None else record.started
    over = course.over or (not course.answered and course.failed) or None
    last = max(invited, course.invited_last)
    moments = Moments(invited, last, course.ringing or None, course.answered or None, over)
    ports = (first.source_port, first.destination_port) if first is not None else (0, 0)
    tags = dict.fromkeys([*course.tags, *([first.from_tag] if first is not None else [])])
    words = tuple(map(_word, filter(None, tags)))[:3]
    sessions, media, codecs = _described(course.sdps)
    return _leg(record, place_of(record), ports, moments, sessions, media, words, codecs)


@dataclass(slots=True)
class _Course:
    """What happened, in microseconds; 0 for what did not."""

    first: MessageRow | None = None
    invited_last: int = 0
    ringing: int = 0
    answered: int = 0
    failed: int = 0
    over: int = 0
    sdps: dict[str, None] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)


def _course(rows: Iterable[MessageRow], started: int, ended: int) -> _Course:
    found = _Course()
    sdps = found.sdps
    for row in rows:
        time_us = row.filed_ts
        if not started <= time_us <= ended:
            continue
        if row.sdp:
            sdps[row.sdp] = None
        method = row.method
        if method == "ACK" or method == "100":
            continue
        if method == "INVITE":
            if not row.to_tag:
                found.invited_last = max(found.invited_last, time_us)
                if found.first is None or time_us < found.first.filed_ts:
                    found.first = row
        elif method == "BYE" or method == "CANCEL":
            found.over = _earlier(found.over, time_us)
        elif row.cseq_method == "INVITE":
            if method[:2] == "18":
                found.ringing = _earlier(found.ringing, time_us)
            elif method[:1] == "2":
                found.answered = _earlier(found.answered, time_us)
                found.tags.append(row.to_tag)
            elif method[:1] in "3456" and method not in ("401", "407"):
                found.failed = _earlier(found.failed, time_us)
    return found


def _leg(
    record: CallRow,
    place: Place,
    ports: tuple[int, int],
    moments: Moments,
    sessions: tuple[str, ...],
    media: tuple[str, ...],
    tags: tuple[str, ...],
    codecs: str,
) -> Leg:
    called = party(record.to_user), party(record.ruri_user)
    callees = tuple(dict.fromkeys(filter(None, called)))
    caller = party(record.from_user) or party(record.pid_user)
    source, destination = (record.source_ip, ports[0]), (record.destination_ip, ports[1])
    return Leg(
        place, record.callid, record.ended, caller, callees, source, destination, moments, sessions, media, tags, codecs
    )


def _earlier(one: int, other: int) -> int:
    return min(one, other) if one else other


@lru_cache(maxsize=8192)
def _word(text: str) -> str:
    return _ODD.sub("?", text[:_LONGEST])


_Said = tuple[str, tuple[str, ...], str]


@lru_cache(maxsize=8192)
def _said(line: str) -> _Said:
    """Session, media and codecs of one description (sip.session), as far as they tell calls apart."""
    origin, *parts = line.split(";")
    id_, version, *_ = (*origin.split(" "), "", "")
    session = f"{id_}/{version}" if len(id_) + len(version) >= _LEAST_SESSION else ""
    words = [part.split(" ") for part in parts]
    media = tuple(word[1] for word in words if len(word) > 2 and not word[1].endswith(":0"))
    codecs = words[0][2] if words and len(words[0]) > 2 else ""
    return session, media, codecs


def _described(sdps: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    said = [_said(line) for line in sdps]
    if not said:
        return (), (), ""
    sessions = dict.fromkeys([session for session, _, _ in said if session])
    media = dict.fromkeys([end for _, ends, _ in said for end in ends])
    codecs = next((offered for _, _, offered in said if offered), "")
    return tuple(sessions)[:MOST_OF_A_SORT], tuple(media)[:MOST_OF_A_SORT], codecs[:_LONGEST]
