"""How much each sign says for or against two calls being legs of one, in points: the logarithm of odds.

Points add up; `confidence` makes them a probability. What is common to thousands of calls (a codec list) says little,
what is of one call alone (the id of an SDP session, a tag) much, what cannot be in one call takes more than any other
sign gives. The reason that users read is made of `words`.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign: its points when it is there, and how a reason names it ("" never does)."""

    points: float
    words: str = ""


BASE = -7.0
"""Two calls at random."""
JOIN = 3.0
"""Points from which on two calls are joined: 95 %."""
MARGIN = 3.0
"""How far ahead of the next best a pair must be."""
POSSIBLE = 0.0
"""From here on a pair is shown as possible: 50 %."""
CONTRADICTION = -3.0
"""Below this two calls cannot be legs of one, so they may not become so by a third."""

CALLER = Sign(3.0, "same caller")
OTHER_CALLER = Sign(-4.0)
CALLEE = Sign(3.0, "same callee")
OTHER_CALLEE = Sign(-1.0)
"""Dialled numbers change on the way."""
HOST = Sign(2.5, "through {host}")
"""What the one was sent to sent the other."""
TOGETHER = Sign(2.0, "through {host}")
"""The same by two addresses that were one host in calls joined by a header lately."""
SESSION = Sign(5.0, "same SDP session {session}")
MEDIA = Sign(4.0, "same media address {media}")
BOTH = Sign(2.0)
"""Media address beside the session."""
TAG = Sign(5.0, "one tag is in the other")
CALLID = Sign(5.0, "one Call-ID is in the other")
CALLID_HOST = Sign(1.0)
"""The later Call-ID was made by the host that the earlier call was sent to."""
CODECS = Sign(0.5)
AFTER_ANSWER = Sign(-6.0)
"""The later began after the earlier was answered or over."""
OTHER_OUTCOME = Sign(-4.0)
"""One was answered, the other over without an answer."""
SAME_HOP = Sign(-20.0)
"""Both go from the same host, or both to the same host: neither is the way on of the other."""

_NEVER = 1 << 62
COINCIDENCE = (
    (20_000, 3.0),
    (60_000, 2.5),
    (150_000, 1.5),
    (500_000, 0.0),
    (2_000_000, -2.0),
    (_NEVER, -6.0),
)
"""Points for how near two like moments are (µs): both invited, ringing, answered, over."""
APART_US = 1_500_000
"""Invitations further apart are not of one call, unless something names it."""


def coincidence(apart_us: int) -> float:
    """Points for two like moments."""
    return next(points for limit, points in COINCIDENCE if abs(apart_us) <= limit)


def confidence(points: float) -> float:
    """The probability that points stand for."""
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, points))))
