"""Two calls without a value that names the other: the points for being legs of one call, and the reason (FEATURES B5).

No single sign holds on recorded traffic: SBCs have two addresses, dialled numbers change, some legs share nothing but
the id of their SDP session. Weights are in weights.py.
"""

from collections.abc import Callable
from dataclasses import dataclass

from appliance.calls.joins import weights
from appliance.calls.joins.leg import Leg
from appliance.calls.joins.parties import same
from appliance.calls.joins.weights import Sign

SameHost = Callable[[str, str], bool]
"""Whether two addresses are one host by what was seen, or by aliases."""
Common = Callable[[str, int], bool]
"""Whether a session id or media address stands in so many calls at that time that it tells nothing."""

_LEAST_FRAGMENT = 8
_TOLERATED_US = 50_000


@dataclass(frozen=True, slots=True)
class Score:
    """`points` for the pair; `first` is the leg that the other follows."""

    points: float
    first: Leg
    then: Leg
    why: str


def score(one: Leg, other: Leg, same_host: SameHost, is_common: Common) -> Score | None:
    """None when they began too far apart to be asked."""
    first, then = _in_order(one, other)
    apart_us = _apart_us(first, then)
    if apart_us > weights.APART_US:
        return None
    signs = _Signs()
    if _same_hop(first, then):
        signs.add(weights.SAME_HOP)
    _parties(signs, first, then)
    _way(signs, first, then, same_host)
    _media(signs, first, then, is_common)
    _names(signs, first, then)
    _course(signs, first, then, apart_us)
    apart = f"{apart_us / 1_000_000:.1f} s apart" if apart_us >= 100_000 else f"{apart_us / 1000:.0f} ms apart"
    return Score(signs.points, first, then, signs.reason(apart))


class _Signs:
    """Points so far, and the words for what spoke for the pair."""

    def __init__(self) -> None:
        self.points = weights.BASE
        self.words: list[str] = []

    def add(self, sign: Sign, **names: str) -> None:
        self.points += sign.points
        if sign.words:
            self.words.append(sign.words.format(**names))

    def reason(self, apart: str) -> str:
        words = list(self.words)
        if weights.CALLER.words in words and weights.CALLEE.words in words:
            words = [
                "same numbers",
                *(word for word in words if word not in (weights.CALLER.words, weights.CALLEE.words)),
            ]
        return f"{', '.join([*words, apart])} (score {weights.confidence(self.points):.2f})"


def _in_order(one: Leg, other: Leg) -> tuple[Leg, Leg]:
    """By the clock, but for clocks that differ a little: what was sent to a host comes before what it sends."""
    first, then = sorted((one, other), key=lambda leg: (leg.moments.invited, leg.place))
    if then.moments.invited - first.moments.invited <= _TOLERATED_US:
        backwards = then.destination[0] == first.source[0] != then.source[0]
        if backwards and first.destination[0] != then.source[0]:
            return then, first
    return first, then


def _apart_us(first: Leg, then: Leg) -> int:
    """Since the INVITE of the first that the other follows: after a challenge the second one."""
    begun = then.moments.invited
    last = first.moments.invited_last
    return abs(begun - (last if last <= begun else first.moments.invited))


def _same_hop(first: Leg, then: Leg) -> bool:
    """By address; by socket where one address talks to itself."""
    if first.source[0] == first.destination[0] or then.source[0] == then.destination[0]:
        return first.source == then.source or first.destination == then.destination
    return first.source[0] == then.source[0] or first.destination[0] == then.destination[0]


def _parties(signs: _Signs, first: Leg, then: Leg) -> None:
    if first.caller and then.caller:
        signs.add(weights.CALLER if same(first.caller, then.caller) else weights.OTHER_CALLER)
    if first.callees and then.callees:
        alike = any(same(one, other) for one in first.callees for other in then.callees)
        signs.add(weights.CALLEE if alike else weights.OTHER_CALLEE)


def _way(signs: _Signs, first: Leg, then: Leg, same_host: SameHost) -> None:
    through, by = first.destination[0], then.source[0]
    if through == by:
        signs.add(weights.HOST, host=through)
    elif same_host(through, by):
        signs.add(weights.TOGETHER, host=f"{through} and {by}")


def _media(signs: _Signs, first: Leg, then: Leg, is_common: Common) -> None:
    begun_us = first.moments.invited
    session = next((one for one in first.sessions if one in then.sessions and not is_common(one, begun_us)), "")
    media = next((one for one in first.media if one in then.media and not is_common(one, begun_us)), "")
    if session:
        signs.add(weights.SESSION, session=session.partition("/")[0])
        if media:
            signs.add(weights.BOTH)
    elif media:
        signs.add(weights.MEDIA, media=media)
    if first.codecs and first.codecs == then.codecs:
        signs.add(weights.CODECS)


def _names(signs: _Signs, first: Leg, then: Leg) -> None:
    if any(_contained(one, other) for one in first.tags for other in then.tags):
        signs.add(weights.TAG)
    local, _, _ = first.callid.partition("@")
    other, _, maker = then.callid.partition("@")
    if _contained(local, other):
        signs.add(weights.CALLID)
    elif maker and maker == first.destination[0]:
        signs.add(weights.CALLID_HOST)


def _contained(one: str, other: str) -> bool:
    """Whether the shorter stands in the longer, and is long enough to be nobody else's."""
    short, long = sorted((one, other), key=len)
    return len(short) >= _LEAST_FRAGMENT and short in long


def _course(signs: _Signs, first: Leg, then: Leg, apart_us: int) -> None:
    """What happened in both, and when."""
    one, other = first.moments, then.moments
    signs.points += weights.coincidence(apart_us)
    pairs = (
        ("rang", one.ringing, other.ringing),
        ("answered", one.answered, other.answered),
        ("ended", one.over, other.over),
    )
    together = []
    for word, mine, others in pairs:
        if mine is not None and others is not None:
            points = weights.coincidence(mine - others)
            signs.points += points
            together += [word] if points > 0 else []
    if together:
        signs.words.append(f"{', '.join(together)} together")
    ends = [moment for moment in (one.answered, one.over) if moment is not None]
    if ends and other.invited > min(ends) + _TOLERATED_US:
        signs.add(weights.AFTER_ANSWER)
    if one.over and other.over and (one.answered is None) != (other.answered is None):
        signs.add(weights.OTHER_OUTCOME)
