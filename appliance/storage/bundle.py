"""What a writer hands to the tables in one transaction, already in the form that LOAD DATA reads."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from appliance.model.kinds import DailyTable

NULL = b"\\N"
_ESCAPED = b"\\\t\n"


class Reports(NamedTuple):
    """What a packet tells of media streams, in the order of their parts; see `storage.reports`."""

    tails: tuple[bytes, ...]
    """Lines of the day's table of quality without their keys."""
    ends: tuple[tuple[int, int], ...]
    """(part, end_key) of those that may be a call's by their addresses."""
    opinions: tuple[tuple[bytes, int], ...]
    """Call-IDs of which it tells a MOS, each with the lowest in hundredths."""


@dataclass(slots=True)
class NewRow:
    """One packet on its way into a daily table; `tail` holds the columns after arrival_ts, see `tail_of`."""

    table: DailyTable
    micro_ts: int
    callid_key: int
    own_ts: int | None
    arrival_ts: int
    tail: bytes
    payload: bytes
    reports: Reports | None = None


@dataclass(slots=True)
class CallChange:
    """A Call-ID of which messages came: their times (microseconds), and a line of columns for each, see `note_line`."""

    callid: bytes
    first_us: int
    last_us: int
    lines: list[bytes] = field(default_factory=list)


Lowest = tuple[int, int]
"""The lowest MOS that was told of a Call-ID, in hundredths, and when (microseconds)."""


@dataclass(slots=True)
class Quarantined:
    """A packet that cannot be stored, with the reason in words."""

    reason: str
    batch: str
    sender: str
    data: bytes


@dataclass(slots=True)
class Bundle:
    """Batches that are stored together: all of them or none."""

    batches: list[tuple[str, int]] = field(default_factory=list)
    """(name, number of packets) of each."""
    rows: list[NewRow] = field(default_factory=list)
    changes: list[CallChange] = field(default_factory=list)
    quarantine: list[Quarantined] = field(default_factory=list)
    opinions: dict[bytes, Lowest] = field(default_factory=dict)
    """By Call-ID, the lowest that these packets tell."""
    blocks: list[tuple[int, list[NewRow]]] = field(default_factory=list)
    """Where the rows were stored: the number of each block of texts, and its rows in their order."""
    registered: dict[int, tuple[int, int]] = field(default_factory=dict)
    """By `callid_key` of REGISTER messages: their first and last microsecond."""

    def register(self, key: int, at_us: int) -> None:
        """Note that a REGISTER message of this `callid_key` came."""
        known = self.registered.get(key)
        first, last = known or (at_us, at_us)
        if known is None or at_us < first or at_us > last:
            self.registered[key] = min(first, at_us), max(last, at_us)

    def hear(self, at_us: int, reports: Reports) -> None:
        """Note the MOS that a packet of this time tells."""
        for callid, hundredths in reports.opinions:
            told, known = (hundredths, at_us), self.opinions.get(callid)
            if known is None or told < known:
                self.opinions[callid] = told


def tail_of(columns: Sequence[bytes | None]) -> bytes:
    """Columns as one piece of a LOAD DATA line; None is NULL. Escapes only where there is something to escape."""
    marks = len(columns) - 1
    try:
        tail = b"\t".join(columns)  # type: ignore[arg-type]
    except TypeError:
        marks += columns.count(None)
        tail = b"\t".join([NULL if column is None else column for column in columns])
    if len(tail) - len(tail.translate(None, _ESCAPED)) == marks:
        return tail
    return b"\t".join([NULL if column is None else _escaped(column) for column in columns])


def _escaped(column: bytes) -> bytes:
    return column.replace(b"\\", b"\\\\").replace(b"\t", b"\\t").replace(b"\n", b"\\n")


def line_of(row: NewRow, row_id: int) -> bytes:
    """The whole line of a row."""
    own_ts = b"\\N" if row.own_ts is None else b"%d" % row.own_ts
    return b"%d\t%d\t%d\t%b\t%d\t%b\n" % (row.micro_ts, row_id, row.callid_key, own_ts, row.arrival_ts, row.tail)


def note_line(row: NewRow) -> bytes:
    """What the settler folds of a message: micro_ts, own_ts, arrival_ts, then the columns of `tail`."""
    own_ts = row.micro_ts if row.own_ts is None else row.own_ts
    return b"%d\t%d\t%d\t%b" % (row.micro_ts, own_ts, row.arrival_ts, row.tail)


def fields_of(line: bytes) -> list[bytes | None]:
    """The fields of a line again, for servers that do not allow LOAD DATA LOCAL."""
    return [None if field == NULL else _unescaped(field) for field in line.rstrip(b"\n").split(b"\t")]


def _unescaped(field: bytes) -> bytes:
    if b"\\" not in field:
        return field
    pieces = field.split(b"\\\\")
    return b"\\".join(piece.replace(b"\\t", b"\t").replace(b"\\n", b"\n") for piece in pieces)
