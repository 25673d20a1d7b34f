"""Quality rows of a call as media streams: who sent to whom, told by whom, in figures and intervals (FEATURES F1).

A stream is one direction of RTP as one source of figures tells of it: a receiver's RTCP and a probe's reports of the
same packets are two, because they need not agree. Nothing unknown becomes a number.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from appliance.model.quality import Measured, QualityRow, ReportKind, Told
from appliance.quality.grade import grade

LONGEST_GAP_US = 120_000_000
"""A report is not taken to tell of a time longer before it than this, when there are others of its stream."""
GRADES = ("good", "fair", "bad", "unknown")
_WORSE = {"unknown": 0, "good": 1, "fair": 2, "bad": 3}

Figure = Callable[[Measured], float | None]

_BADNESS: tuple[tuple[Figure, int], ...] = (
    (lambda measured: measured.mos, 1),
    (lambda measured: measured.loss_percent, -1),
    (lambda measured: measured.jitter_ms, -1),
)
"""By what the worst report is found, and whether little or much of it is bad."""


@dataclass(frozen=True, slots=True)
class Block:
    """An interval of a stream and how good it was; `row` is the report that says so."""

    from_us: int
    to_us: int
    grade: str
    row: QualityRow


@dataclass(frozen=True, slots=True)
class Figures:
    """The average and the worst of one figure over a stream's reports; None when no report has it."""

    average: float | None
    worst: float | None


@dataclass(frozen=True, slots=True)
class Stream:
    """Reports of one stream from one source, in order of time; at least one."""

    rows: tuple[QualityRow, ...]

    @property
    def first(self) -> Measured:
        return self.rows[0].measured

    @property
    def kind(self) -> ReportKind:
        return self.first.kind

    @property
    def told(self) -> Told:
        return self.first.told

    @property
    def node(self) -> str:
        return self.rows[0].node

    @property
    def source(self) -> tuple[str, int]:
        return self.first.source_ip, self.first.source_port

    @property
    def destination(self) -> tuple[str, int]:
        return self.first.destination_ip, self.first.destination_port

    @property
    def ssrc(self) -> int | None:
        return self.first.ssrc

    @property
    def codecs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.measured.codec for row in self.rows if row.measured.codec))

    @property
    def codec_from(self) -> str:
        """Where the codec comes from, in words."""
        return "by the call's SDP" if any(row.measured.by_sdp for row in self.rows) else "as reported"

    @property
    def clock_from(self) -> str:
        """Whose clock jitter was divided by."""
        if any(row.measured.by_sdp for row in self.rows):
            return "the clock of the SDP's codec"
        return "the codec's clock" if self.codecs else "assumed, as no codec is told"

    @property
    def r_factor(self) -> Figures:
        return self._figures(lambda measured: measured.r_factor, worst=min)

    @property
    def clock_rates_hz(self) -> tuple[int, ...]:
        """What jitter was turned into milliseconds with."""
        known = (row.measured.clock_rate_hz for row in self.rows if row.measured.jitter_ms is not None)
        return tuple(dict.fromkeys(rate for rate in known if rate))

    @property
    def packets(self) -> int | None:
        return _total([row.measured.packets for row in self.rows])

    @property
    def lost(self) -> int | None:
        return _total([row.measured.lost for row in self.rows])

    @property
    def loss_percent(self) -> Figures:
        return self._figures(lambda measured: measured.loss_percent)

    @property
    def jitter_ms(self) -> Figures:
        return self._figures(lambda measured: measured.jitter_ms)

    @property
    def round_trip_ms(self) -> Figures:
        return self._figures(lambda measured: measured.round_trip_ms)

    @property
    def mos(self) -> Figures:
        return self._figures(lambda measured: measured.mos, worst=min)

    @property
    def mos_models(self) -> tuple[str, ...]:
        """The models and their inputs, that of the worst MOS first."""
        known = [row.measured for row in self.rows if row.measured.mos is not None]
        known.sort(key=lambda measured: measured.mos or 0.0)
        return tuple(dict.fromkeys(measured.mos_model for measured in known if measured.mos_model))

    @property
    def without_mos(self) -> str:
        """Why there is no MOS, for the place where it would stand; "" when there is one."""
        if self.mos.worst is not None:
            return ""
        if self.told is Told.SENT:
            return "not known: a sender does not hear what arrives"
        if self.loss_percent.worst is None:
            return "not known: no loss reported"
        return "not known: none reported"

    @property
    def worst(self) -> QualityRow | None:
        """The report of the worst interval: least MOS, else most loss, else most jitter; None where all are alike."""
        if len(self.rows) < 2:
            return None
        for figure, sign in _BADNESS:
            known = [row for row in self.rows if figure(row.measured) is not None]
            if len({figure(row.measured) for row in known}) > 1:
                return min(known, key=lambda row: sign * (figure(row.measured) or 0))
        return None

    def _figures(self, figure: Figure, worst: Callable[[list[float]], float] = max) -> Figures:
        known = [value for value in (figure(row.measured) for row in self.rows) if value is not None]
        return Figures(sum(known) / len(known), worst(known)) if known else Figures(None, None)


def streams(rows: Iterable[QualityRow]) -> list[Stream]:
    """The streams of a call, those between the same two addresses beside each other.

    What senders tell, which is packets only, comes last.
    """
    found: dict[tuple[object, ...], list[QualityRow]] = {}
    for row in sorted(rows, key=lambda row: (row.ts, row.id)):
        m = row.measured
        ends = (m.source_ip, m.source_port, m.destination_ip, m.destination_port)
        found.setdefault((*ends, m.kind, m.told, m.ssrc, row.node), []).append(row)
    order: dict[frozenset[str], int] = {}
    for known in found.values():
        order.setdefault(_pair(known[0].measured), len(order))
    made = [Stream(tuple(known)) for known in found.values()]
    return sorted(
        made,
        key=lambda stream: (
            stream.told is Told.SENT,
            order[_pair(stream.first)],
            stream.source[0] != made[0].source[0],
        ),
    )


def sent_of(stream: Stream, others: Iterable[Stream]) -> int | None:
    """How many packets the sender of this stream says that it sent."""
    same = (stream.ssrc, stream.source, stream.destination)
    told = [one for one in others if one.told is Told.SENT and (one.ssrc, one.source, one.destination) == same]
    return next((one.packets for one in told), None)


def _pair(measured: Measured) -> frozenset[str]:
    return frozenset((measured.source_ip, measured.destination_ip))


def blocks(stream: Stream, since_us: int | None = None) -> list[Block]:
    """The intervals that the reports tell of: each ends at its report and begins at the one before.

    The first begins at `since_us`, when media began as far as known, but a series of reports says how long one is.
    """
    usual_us = _usual_gap(stream.rows)
    made = []
    before_us: int | None = None
    for row in stream.rows:
        if before_us is None:
            begun = min(since_us, row.ts) if since_us is not None else row.ts - (usual_us or 0)
            before_us = max(begun, row.ts - 2 * usual_us) if usual_us else begun
        from_us = max(before_us, row.ts - LONGEST_GAP_US) if usual_us else before_us
        made.append(Block(from_us, row.ts, grade(row.measured.mos, row.measured.loss_percent), row))
        before_us = row.ts
    return made


def merged(intervals: Sequence[Block], most: int) -> list[Block]:
    """At most `most` intervals: neighbours joined, each as bad as its worst."""
    size = -(-len(intervals) // most) if intervals else 1
    groups = [intervals[start : start + size] for start in range(0, len(intervals), size)]
    return [_joined(group) for group in groups]


def counted(intervals: Iterable[Block]) -> dict[str, int]:
    """How many of each grade, best first, those that are none left out."""
    grades = [block.grade for block in intervals]
    return {name: grades.count(name) for name in GRADES if name in grades}


def _joined(group: Sequence[Block]) -> Block:
    worst = max(group, key=lambda block: (_WORSE[block.grade], -(block.row.measured.mos or 9.0)))
    return Block(group[0].from_us, group[-1].to_us, worst.grade, worst.row)


def _usual_gap(rows: Sequence[QualityRow]) -> int:
    """The middle one of the times between reports; 0 of fewer than two."""
    gaps = sorted(after.ts - before.ts for before, after in pairwise(rows))
    return gaps[len(gaps) // 2] if gaps else 0


def _total(counts: Sequence[int | None]) -> int | None:
    """Of counts that only grow the last (they go on from the stream's beginning), else their sum."""
    known = [count for count in counts if count is not None]
    if not known:
        return None
    grows = all(before <= after for before, after in pairwise(known))
    return known[-1] if grows else sum(known)
