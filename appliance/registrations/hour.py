"""An hour of a Call-ID that grows: what is far from new packets is not folded again.

Packets with more than TOGETHER_US of silence between them belong to different exchanges, whatever comes on the other
side of the silence: a device that refreshes every minute is folded minute by minute, and an hour of it costs what its
last minute does. The rows are those of `fold` over all packets.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from appliance.model.registrations import BindingHour
from appliance.registrations.exchanges import TOGETHER_US, Seen
from appliance.registrations.fold import Told, rows, told


@dataclass(slots=True)
class _Part:
    """Packets between two silences, and what they tell once that was asked."""

    first_us: int
    last_us: int
    packets: dict[tuple[int, int], Seen] = field(default_factory=dict)
    steps: list[Told] | None = None

    def is_near(self, time_us: int) -> bool:
        return self.first_us - TOGETHER_US <= time_us <= self.last_us + TOGETHER_US

    def add(self, packet: Seen) -> None:
        self.packets[packet.ts, packet.id] = packet
        self.first_us = min(self.first_us, packet.ts)
        self.last_us = max(self.last_us, packet.ts)
        self.steps = None


class Hour:
    """The packets around an hour (counted since 1970) of one Call-ID."""

    def __init__(self, hour: int) -> None:
        self._hour = hour
        self._parts: list[_Part] = []
        self._ids: set[tuple[int, int]] = set()

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, packets: Iterable[Seen]) -> int:
        """Returns how many of them are new."""
        before = len(self._ids)
        for packet in packets:
            name = packet.ts, packet.id
            if name not in self._ids:
                self._ids.add(name)
                self._put(packet)
        return len(self._ids) - before

    def rows(self) -> list[BindingHour]:
        """What the hour says of bindings, the latest first."""
        for part in self._parts:
            if part.steps is None:
                part.steps = told(part.packets.values(), self._hour)
        return rows([step for part in self._parts for step in part.steps or ()])

    def _put(self, packet: Seen) -> None:
        """New packets are mostly the last; one in a silence may join what lies on both sides of it."""
        last = self._parts[-1] if self._parts else None
        if last is not None and last.first_us <= packet.ts <= last.last_us + TOGETHER_US:
            last.add(packet)
            return
        near = [part for part in self._parts if part.is_near(packet.ts)]
        joined = _Part(packet.ts, packet.ts)
        joined.add(packet)
        for part in near:
            for each in part.packets.values():
                joined.add(each)
        self._parts = sorted(
            [*(part for part in self._parts if part not in near), joined], key=lambda one: one.first_us
        )
