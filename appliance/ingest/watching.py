"""The appliance watches itself (FEATURES I5): two samples of its history -> what is worth a line in the log.

A state is told when it begins and when it is over, drops when they begin and then once a minute, so that neither is
missed and a flood does not fill the log. Pure: the scheduler looks (ingest/sampling.py).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from appliance.buffer.history import Sample
from appliance.buffer.status import LATE_US

CAUGHT_UP_US = 5_000_000
"""The oldest batch waits no longer than this again."""
FULL_SHARE, ROOM_SHARE = 0.9, 0.88
"""Of the disk that the data lie on."""
DROPS_EVERY_US = 60_000_000


@dataclass(frozen=True, slots=True)
class Told:
    """An event for the log, with its fields; `is_bad` is a warning."""

    event: str
    fields: Mapping[str, int | str]
    is_bad: bool = True


class Watch:
    """What was told already."""

    def __init__(self) -> None:
        self._before: Sample | None = None
        self._drops: Counter[str] = Counter()
        """By reason, since they were told last."""
        self._drops_told_us = 0
        self._is_late = False
        self._is_full = False

    def look(self, sample: Sample, disk_share: float | None) -> list[Told]:
        """What the log should say now; `disk_share` is how much of the disk is used, None when nobody knows."""
        told = [*self._dropped(sample), *self._late(sample), *self._full(disk_share)]
        self._before = sample
        return told

    def _dropped(self, sample: Sample) -> Iterator[Told]:
        if self._before is not None:
            self._drops += sample.drops_since(self._before)
        if self._drops and sample.at_us - self._drops_told_us >= DROPS_EVERY_US:
            for reason, count in self._drops.most_common():
                yield Told("packets_dropped", {"reason": reason, "packets": count})
            self._drops.clear()
            self._drops_told_us = sample.at_us

    def _late(self, sample: Sample) -> Iterator[Told]:
        waits = {"oldest_waits_seconds": sample.oldest_us // 1_000_000, "batches": sample.entries}
        if not self._is_late and sample.oldest_us > LATE_US:
            self._is_late = True
            yield Told("storing_lags", waits)
        elif self._is_late and sample.oldest_us <= CAUGHT_UP_US:
            self._is_late = False
            yield Told("storing_caught_up", waits, is_bad=False)

    def _full(self, share: float | None) -> Iterator[Told]:
        if share is None:
            return
        used = {"used_percent": round(100 * share)}
        if not self._is_full and share > FULL_SHARE:
            self._is_full = True
            yield Told("disk_nearly_full", used)
        elif self._is_full and share < ROOM_SHARE:
            self._is_full = False
            yield Told("disk_has_room", used, is_bad=False)
