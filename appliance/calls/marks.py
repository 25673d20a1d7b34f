"""Reports, log lines and events beside the arrows of a ladder, at their times (FEATURES E1, F2).

Those of one host between the same two arrows are one mark; it stands on the host's line, or at the left margin when
the host has no column.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from appliance.calls.clock import times
from appliance.calls.labels import OTHER_LABELS, printable, shortened
from appliance.model.kinds import Kind
from appliance.model.rows import MessageRow

FAMILIES = {Kind.RTCP: "report", Kind.REPORT: "report", Kind.LOG: "log"}
"""What looks alike; all else is an event."""
BESIDE, DIGIT = 13, 6
"""px from one mark to the next where several families meet, and for each digit of how many it stands for."""
BELOW_BOUND = 7
"""px under the place between two arrows, so that it touches neither."""
MOST_TOLD = 12
_TEXT = 110


@dataclass(frozen=True, slots=True)
class Mark:
    """One or several packets of one host and family between two arrows."""

    ids: tuple[str, ...]
    family: str
    """report, log, event."""
    x: int
    after: int
    """How many arrows stand above it."""
    ts: int
    """Microseconds UTC of the first, on the call's one time line (calls.clock)."""
    lines: tuple[tuple[int, str], ...]
    """(time, words) of the first MOST_TOLD."""
    y: int = 0


def split(messages: Sequence[MessageRow]) -> tuple[list[MessageRow], list[MessageRow]]:
    """What is drawn as arrows, and what as marks beside them: SIP, and the rest; without any SIP all are arrows."""
    arrows = [row for row in messages if row.kind.is_sip]
    return (arrows, [row for row in messages if not row.kind.is_sip]) if arrows else (list(messages), [])


def marks(
    rows: Sequence[MessageRow],
    arrow_times: Sequence[int],
    at_x: Mapping[str, int],
    margin: int,
    bounds: Sequence[int] = (),
) -> tuple[Mark, ...]:
    """`arrow_times` are those of the arrows from above; `at_x` where the line of an address stands, else `margin`.

    `bounds` are the places between the arrows, from that above the first on.
    """
    latest = list(accumulate(arrow_times, max))
    groups: dict[tuple[int, int, str], list[MessageRow]] = {}
    at_us = times(rows)
    for row in sorted(rows, key=lambda row: (at_us[row.id], row.arrival_ts, row.id)):
        key = bisect_right(latest, at_us[row.id]), at_x.get(row.source_ip, margin), FAMILIES.get(row.kind, "event")
        groups.setdefault(key, []).append(row)
    taken: dict[tuple[int, int], int] = {}
    made = []
    for (after, x, family), found in sorted(groups.items(), key=lambda group: group[0]):
        free = taken.get((after, x), x)
        taken[after, x] = free + BESIDE + (DIGIT * len(str(len(found))) if len(found) > 1 else 0)
        lines = tuple((at_us[row.id], _words(row)) for row in found[:MOST_TOLD])
        made.append(Mark(tuple(row.id for row in found), family, free, after, lines[0][0], lines, _y(after, bounds)))
    return tuple(made)


def _y(after: int, bounds: Sequence[int]) -> int:
    return bounds[after] + BELOW_BOUND if bounds else 0


def _words(row: MessageRow) -> str:
    """`log edge-1: INFO: …`, `RTCP rtpengine`."""
    name = " ".join(part for part in (OTHER_LABELS.get(row.kind, "packet"), printable(row.node)) if part)
    if FAMILIES.get(row.kind) == "report" or not row.raw:
        return name
    text = printable(" ".join(row.raw[: 4 * _TEXT].decode("utf-8", "replace").split()))
    return f"{name}: {shortened(text, _TEXT)}"
