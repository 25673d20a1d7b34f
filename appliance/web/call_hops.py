"""The hops of a call and the clocks of the agents that saw it, as they stand in the head of its page."""

from collections.abc import Sequence
from dataclasses import dataclass

from appliance.calls.hops import Hop, clocks, hops
from appliance.calls.offsets import Offset
from appliance.model.rows import MessageRow

FAR_US = 100_000
"""Clocks that differ by more are said to at once."""


@dataclass(frozen=True, slots=True)
class Crossed:
    """The context of parts/_hops.html."""

    hops: tuple[Hop, ...] = ()
    clocks: tuple[Offset, ...] = ()

    @property
    def legs(self) -> int:
        return len({hop.callid for hop in self.hops})

    @property
    def far(self) -> Offset | None:
        """The clock that is furthest off, when that matters."""
        worst = max(self.clocks, key=lambda clock: abs(clock.offset_us), default=None)
        return worst if worst is not None and abs(worst.offset_us) >= FAR_US else None


def crossed(messages: Sequence[MessageRow]) -> Crossed:
    return Crossed(tuple(hops(messages)), tuple(clocks(messages)))
