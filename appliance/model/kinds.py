"""Kinds of packets, and the daily tables that hold them (FEATURES C1; HOMER 5's names)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

DAY_US = 86_400_000_000
"""Microseconds of a day."""


class Kind(StrEnum):
    """What a stored packet is; the value is what users and the API see."""

    CALL = "call"
    REGISTRATION = "registration"
    REST = "rest"
    RTCP = "rtcp"
    REPORT = "report"
    LOG = "log"
    WEBRTC = "webrtc"
    ISUP = "isup"
    OTHER = "other"

    __hash__ = str.__hash__
    """As equal strings have it, and a fifth of what an Enum's own costs: each packet looks its kind up."""

    @property
    def is_sip(self) -> bool:
        return self in SIP_KINDS


SIP_KINDS = (Kind.CALL, Kind.REGISTRATION, Kind.REST)

FAMILY: dict[Kind, str] = {
    Kind.CALL: "sip_capture_call",
    Kind.REGISTRATION: "sip_capture_registration",
    Kind.REST: "sip_capture_rest",
    Kind.RTCP: "rtcp_capture_all",
    Kind.REPORT: "report_capture_all",
    Kind.LOG: "logs_capture_all",
    Kind.WEBRTC: "webrtc_capture_all",
    Kind.ISUP: "isup_capture_all",
    Kind.OTHER: "other_capture_all",
}

CALL_METHODS = frozenset({b"INVITE", b"UPDATE", b"BYE", b"ACK", b"PRACK", b"REFER", b"CANCEL", b"INFO"})


def sip_kind(cseq_method: bytes, event: bytes = b"") -> Kind:
    """The kind of a SIP message by its CSeq method, as HOMER 5 sorted them; what has none goes to rest."""
    if cseq_method in CALL_METHODS:
        return Kind.CALL
    if cseq_method == b"REGISTER":
        return Kind.REGISTRATION
    if cseq_method == b"NOTIFY" and event.lower().startswith(b"refer"):
        return Kind.CALL
    return Kind.REST


_TYPE_KINDS = {
    1: Kind.REST,
    5: Kind.RTCP,
    58: Kind.RTCP,
    100: Kind.LOG,
    86: Kind.LOG,
    20: Kind.WEBRTC,
    54: Kind.ISUP,
}
_REPORT_TYPES = frozenset({32, 33, 34, 35, 36, 37, 38, 99})


def protocol_kind(protocol_type: int) -> Kind:
    """The kind of a packet that is not SIP, by chunk 0x000b."""
    if protocol_type in _REPORT_TYPES:
        return Kind.REPORT
    return _TYPE_KINDS.get(protocol_type, Kind.OTHER)


@lru_cache(maxsize=4096)
def _of_day(name: str, day: date) -> str:
    """Remembered: each call that is folded asks for a few, and dates are slow to write."""
    return f"{name}_{day:%Y%m%d}"


@dataclass(frozen=True, slots=True, order=True)
class DailyTable:
    """The slim rows of one kind and UTC day; `texts` holds their payloads in compressed blocks."""

    day: date
    kind: Kind

    @property
    def name(self) -> str:
        return _of_day(FAMILY[self.kind], self.day)

    @property
    def texts(self) -> str:
        return _of_day(f"{FAMILY[self.kind]}_texts", self.day)


def calls_table(day: date) -> str:
    """The table of call records whose first message lies in this UTC day."""
    return _of_day("calls", day)


def registrations_table(day: date) -> str:
    """The table of what the hours of this UTC day say of bindings."""
    return _of_day("registrations", day)


def leg_keys_table(day: date) -> str:
    """The table of values by which this day's calls are joined with others."""
    return _of_day("leg_keys", day)


def leg_edges_table(day: date) -> str:
    """The table of what this day's calls are joined with."""
    return _of_day("leg_edges", day)


def quality_table(day: date) -> str:
    """The table of what the reports of this UTC day say."""
    return _of_day("quality", day)


def quality_ends_table(day: date) -> str:
    """Where its rows are found by the ends of their streams."""
    return _of_day("quality_ends", day)


def day_of(time_us: int) -> date:
    """The UTC day of a time in microseconds."""
    return _numbered_day(time_us // DAY_US)


@lru_cache(maxsize=1024)
def _numbered_day(number: int) -> date:
    """Days since 1970; the same few are asked for again and again."""
    return date(1970, 1, 1) + timedelta(days=number)


def day_start_us(day: date) -> int:
    """The first microsecond of a UTC day."""
    return (day - date(1970, 1, 1)).days * DAY_US


def days_between(from_us: int, to_us: int) -> list[date]:
    """The UTC days that [from, to) touches, newest first."""
    if to_us <= from_us:
        return []
    first, last = day_of(from_us), day_of(to_us - 1)
    return [last - timedelta(days=n) for n in range((last - first).days + 1)]
