"""Calls that began lately, minute by minute, found by what two legs of one call have in common.

The settler keeps one; a minute that it does not hold is read from the tables first. Bounded: the minutes that were
not looked at for the longest time go.
"""

from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from appliance.calls.joins.edge import Place
from appliance.calls.joins.leg import Leg
from appliance.calls.joins.parties import tail
from appliance.calls.joins.weights import APART_US

MINUTE_US = 60_000_000
MOST_LEGS = 20_000
MOST_NEAR = 60
"""Calls that one is compared with, the nearest in time."""
COMMON = 3
"""A session id or a media address in more calls of a minute than this is no sign."""


_NONE: Sequence[tuple[int, Place]] = ()


@dataclass(slots=True)
class _Minute:
    legs: dict[Place, Leg] = field(default_factory=dict)
    own: dict[Place, tuple[str, ...]] = field(default_factory=dict)
    """The words of each."""
    met: set[Place] = field(default_factory=set)
    """Calls that share a word with another of this minute."""
    words: dict[str, list[tuple[int, Place]]] = field(default_factory=dict)
    """What calls have in common -> (when invited, call), in order of time."""


class Window:
    """Legs by place and by word."""

    def __init__(self, most_legs: int = MOST_LEGS) -> None:
        self._minutes: OrderedDict[int, _Minute] = OrderedDict()
        self._most = most_legs
        self._count = 0
        self._turned: set[Place] = set()

    def missing(self, starts_us: Iterable[int]) -> list[int]:
        """Minutes since 1970 that calls with these starts need and that are not held."""
        wanted = {minute for start_us in starts_us for minute in _minutes(start_us)}
        return sorted(wanted - self._minutes.keys())

    def begin(self, minute: int, legs: Iterable[Leg]) -> None:
        """Hold a minute, with these calls."""
        self._minutes.setdefault(minute, _Minute())
        for leg in legs:
            if self.get(leg.place) is None:
                self.put(leg)

    def get(self, place: Place) -> Leg | None:
        minute = self._minutes.get(place[0] // MINUTE_US)
        return minute.legs.get(place) if minute is not None else None

    def put(self, leg: Leg) -> None:
        """Hold a call, in place of what was known of it."""
        number = leg.place[0] // MINUTE_US
        minute = self._minutes.get(number) or self._minutes.setdefault(number, _Minute())
        before = minute.legs.get(leg.place)
        minute.legs[leg.place] = leg
        if before is None:
            self._count += 1
        elif before.moments.invited == leg.moments.invited and _alike(before, leg):
            return
        else:
            _unlist(minute, before)
        moment = leg.moments.invited, leg.place
        words = minute.own[leg.place] = _words(leg)
        for word in words:
            listed = minute.words.get(word)
            if listed is None:
                minute.words[word] = [moment]
                continue
            insort(listed, moment)
            if len(listed) <= COMMON + 1 or word[0] != "m":
                minute.met.update([place for _, place in listed] if len(listed) <= COMMON + 1 else [leg.place])
            if len(listed) == COMMON + 1 and word[0] == "m":
                self._turned.update([place for _, place in listed])

    def turned(self) -> set[Place]:
        """Calls that have what became common since this was asked last: it spoke for their pairs until then."""
        turned, self._turned = self._turned, set()
        return turned

    def remove(self, place: Place) -> None:
        minute = self._minutes.get(place[0] // MINUTE_US)
        leg = minute.legs.pop(place, None) if minute is not None else None
        if minute is not None and leg is not None:
            _unlist(minute, leg)
            self._count -= 1

    def near(self, leg: Leg) -> Sequence[Leg]:
        """Calls that have something in common with this one, and in few others, and began about when it did."""
        if self._is_alone(leg):
            return ()
        found: dict[Place, Leg] = {}
        words = self._words_of(leg)
        for begun_us in {leg.moments.invited, leg.moments.invited_last}:
            minutes = self._around(begun_us)
            for word in words:
                held, last = 0, _NONE
                for minute in minutes:
                    if (listed := minute.words.get(word)) is not None:
                        held, last = held + len(listed), listed
                if held == 0 or (held == 1 and last[0][1] == leg.place) or (held > COMMON and word[0] == "m"):
                    continue
                for minute in minutes:
                    for place in _between(minute.words.get(word, _NONE), begun_us):
                        found[place] = minute.legs[place]
        found.pop(leg.place, None)
        if len(found) <= MOST_NEAR:
            return list(found.values())
        return sorted(found.values(), key=lambda near: abs(near.moments.invited - leg.moments.invited))[:MOST_NEAR]

    def _is_alone(self, leg: Leg) -> bool:
        """Whether nothing can be near, told without looking around: no minute but its own counts, where it met none."""
        number = leg.place[0] // MINUTE_US
        minute = self._minutes.get(number)
        if minute is None or minute.legs.get(leg.place) is not leg or leg.place in minute.met:
            return False
        first, last = leg.moments.invited, leg.moments.invited_last
        begin, end = number * MINUTE_US + APART_US, (number + 1) * MINUTE_US - APART_US
        return begin <= first < end and begin <= last < end

    def _words_of(self, leg: Leg) -> tuple[str, ...]:
        minute = self._minutes.get(leg.place[0] // MINUTE_US)
        if minute is None or minute.legs.get(leg.place) is not leg:
            return _words(leg)
        return minute.own[leg.place]

    def is_common(self, word: str, begun_us: int) -> bool:
        """Whether so many calls of that minute have this session id or media address that it tells nothing."""
        minute = self._minutes.get(begun_us // MINUTE_US)
        return minute is not None and len(minute.words.get(f"m{word}", ())) > COMMON

    def shrink(self) -> None:
        """Let go of minutes beyond the bound."""
        while self._count > self._most and len(self._minutes) > 3:
            _, minute = self._minutes.popitem(last=False)
            self._count -= len(minute.legs)

    def clear(self) -> None:
        self._minutes.clear()
        self._turned.clear()
        self._count = 0

    def _around(self, begun_us: int) -> list[_Minute]:
        found = []
        for number in _minutes(begun_us):
            minute = self._minutes.get(number)
            if minute is not None:
                self._minutes.move_to_end(number)
                found.append(minute)
        return found


def _minutes(start_us: int) -> range:
    return range((start_us - APART_US) // MINUTE_US, (start_us + APART_US) // MINUTE_US + 1)


def _between(listed: Sequence[tuple[int, Place]], begun_us: int) -> Iterator[Place]:
    low = bisect_left(listed, (begun_us - APART_US, (0, 0)))
    for index in range(low, len(listed)):
        if listed[index][0] > begun_us + APART_US:
            break
        yield listed[index][1]


def _unlist(minute: _Minute, leg: Leg) -> None:
    moment = leg.moments.invited, leg.place
    for word in minute.own.pop(leg.place):
        listed = minute.words.get(word, [])
        index = bisect_left(listed, moment)
        if index < len(listed) and listed[index] == moment:
            del listed[index]
        if not listed:
            minute.words.pop(word, None)


def _alike(one: Leg, other: Leg) -> bool:
    """Whether both have the same words."""
    return (
        one.sessions == other.sessions
        and one.media == other.media
        and one.callees == other.callees
        and one.caller == other.caller
    )


def _words(leg: Leg) -> tuple[str, ...]:
    words = ["t" + tail(callee) for callee in leg.callees]
    if leg.caller:
        words.append("f" + tail(leg.caller))
    words += ["m" + word for word in leg.sessions]
    words += ["m" + word for word in leg.media]
    return tuple(dict.fromkeys(words)) if len(words) > 1 else tuple(words)
