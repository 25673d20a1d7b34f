"""The colour of a block: what a person would call a stretch of a stream."""

from typing import Literal

Grade = Literal["good", "fair", "bad", "unknown"]

GOOD_MOS, FAIR_MOS = 4.0, 3.6
"""G.109: R 80 and above satisfies users (MOS 4.03), below 70 (MOS 3.6) many are dissatisfied."""
GOOD_LOSS, FAIR_LOSS = 1.0, 3.0
"""Percent that a codec with loss concealment hides; what it makes audible."""


def grade(mos: float | None, loss_percent: float | None) -> Grade:
    """By MOS, else by loss; unknown when neither is told."""
    if mos is not None:
        return _by(-mos, -GOOD_MOS, -FAIR_MOS)
    if loss_percent is not None:
        return _by(loss_percent, GOOD_LOSS, FAIR_LOSS)
    return "unknown"


def _by(value: float, good: float, fair: float) -> Grade:
    if value <= good:
        return "good"
    return "fair" if value <= fair else "bad"
