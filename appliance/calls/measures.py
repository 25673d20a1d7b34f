"""What is measured of many calls: each figure with its formula and source, from which pages, files and manual tell it.

Calls are counted by state and final response. A challenge that was answered is part of its call, so attempts are calls,
not INVITEs. RFC 6076 counts on one host; here each call is taken as its record has it, on the caller's first hop.
"""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum

from appliance.model.rows import CallState

ANSWERED = (CallState.ANSWERED, CallState.COMPLETED, CallState.LOST)
NO_OUTCOME = (CallState.SETUP, CallState.RINGING, CallState.CHALLENGED, CallState.PARTIAL)
REACHED = (CallState.BUSY, CallState.NOANSWER, CallState.CANCELLED)
DECLINED = 603
_EFFECTIVE = frozenset({200, 480, 486, 600, 603})
_INEFFECTIVE = frozenset({408, 500, 503, 504})
_CHALLENGES = frozenset({401, 402, 407})


@dataclass(slots=True)
class Tally:
    """Calls that were counted."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    """By state and final response, 0 without one."""
    talked_ms: int = 0
    talks: int = 0
    """Calls whose time of talk is known."""
    waited_ms: int = 0
    waits: int = 0
    """Calls whose post-dial delay is known."""

    def add(self, other: "Tally") -> None:
        self.statuses.update(other.statuses)
        self.talked_ms += other.talked_ms
        self.talks += other.talks
        self.waited_ms += other.waited_ms
        self.waits += other.waits

    @property
    def total(self) -> int:
        return sum(self.statuses.values())

    def of_states(self, states: Collection[str]) -> int:
        return sum(count for (state, _), count in self.statuses.items() if state in states)

    def of_responses(self, codes: Collection[int]) -> int:
        return sum(count for (_, status), count in self.statuses.items() if status in codes)

    @property
    def begun(self) -> int:
        """Whose INVITE was seen."""
        return self.total - self.of_states((CallState.PARTIAL,))

    @property
    def redirected(self) -> int:
        return sum(count for (_, status), count in self.statuses.items() if 300 <= status < 400)


class Unit(StrEnum):
    """Of a figure."""

    PERCENT = "%"
    MILLISECONDS = "ms"


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure: 100 × part ÷ whole, or the mean of times."""

    name: str
    title: str
    source: str
    formula: str
    unit: Unit
    parts: Callable[[Tally], tuple[int, int]]
    """Numerator and denominator."""

    def of(self, tally: Tally) -> float | None:
        """None where there is nothing to measure."""
        part, whole = self.parts(tally)
        if not whole:
            return None
        return 100 * part / whole if self.unit is Unit.PERCENT else part / whole


def _seized(tally: Tally) -> int:
    return tally.total - tally.of_states(NO_OUTCOME)


def _effective(tally: Tally) -> int:
    return tally.of_states(ANSWERED) + tally.of_states(REACHED) + tally.statuses[CallState.REJECTED.value, DECLINED]


def words(states: Collection[CallState]) -> str:
    """States as a list."""
    return ", ".join(state.value for state in states)


_LEFT_OUT = f"left out are {words(NO_OUTCOME)}"
ASR = Measure(
    "ASR", "Answer-seizure ratio", "ITU-T E.425",
    f"answered ({words(ANSWERED)}) ÷ calls that came to something; {_LEFT_OUT}", Unit.PERCENT,
    lambda tally: (tally.of_states(ANSWERED), _seized(tally)),
)  # fmt: skip
NER = Measure(
    "NER", "Network effectiveness ratio", "ITU-T E.425",
    f"(answered + busy + no answer + cancelled by the caller + declined by 603) ÷ calls that came to something; "
    f"{_LEFT_OUT}", Unit.PERCENT, lambda tally: (_effective(tally), _seized(tally)),
)  # fmt: skip
SER = Measure(
    "SER", "Session establishment ratio", "RFC 6076, 4.6", "answered by 2xx ÷ (calls begun - those answered by 3xx)",
    Unit.PERCENT, lambda tally: (tally.of_states(ANSWERED), tally.begun - tally.redirected),
)  # fmt: skip
SEER = Measure(
    "SEER", "Session establishment effectiveness ratio", "RFC 6076, 4.7",
    "answered by 2xx, 480, 486, 600 or 603 ÷ (calls begun - those answered by 3xx, 401, 402 or 407)", Unit.PERCENT,
    lambda tally: (
        tally.of_states(ANSWERED) + tally.of_responses(_EFFECTIVE - {200}),
        tally.begun - tally.redirected - tally.of_responses(_CHALLENGES),
    ),
)  # fmt: skip
ISA = Measure(
    "ISA", "Ineffective session attempts", "RFC 6076, 4.8", "answered by 408, 500, 503 or 504 ÷ calls begun",
    Unit.PERCENT, lambda tally: (tally.of_responses(_INEFFECTIVE), tally.begun),
)  # fmt: skip
ACD = Measure(
    "ACD", "Average call duration", "", "time from answer to BYE ÷ calls that have both", Unit.MILLISECONDS,
    lambda tally: (tally.talked_ms, tally.talks),
)  # fmt: skip
PDD = Measure(
    "PDD", "Post-dial delay, mean", "", "time from the INVITE to the first ringing, else to the final response",
    Unit.MILLISECONDS, lambda tally: (tally.waited_ms, tally.waits),
)  # fmt: skip
MEASURES = (ASR, NER, SER, SEER, ISA, ACD, PDD)
