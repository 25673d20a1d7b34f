"""One fact that shows on several hops or legs is told once, of the host where it was born, with the evidence of all.

For rules that say so (Rule.told): a fault that proxies and B2BUAs only pass on shows on each hop. What does not lie
on one way, as the branches of a fork, are facts of their own.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from appliance.why.finding import Found, Told
from appliance.why.transactions import Transaction
from appliance.why.view import View


def once(found: Sequence[Found], view: View, told_of: Told) -> list[Found]:
    """In their order, without those that another one speaks for."""
    if told_of is Told.EACH or len(found) < 2:
        return list(found)
    speakers = _speakers(found, view, told_of)
    merged = {number: list(each.messages) for number, each in enumerate(found) if number not in speakers}
    for number, each in enumerate(found):
        if number in speakers:
            merged[_last(number, speakers)] += each.messages
    return [replace(found[number], messages=tuple(messages)) for number, messages in merged.items()]


def _speakers(found: Sequence[Found], view: View, told_of: Told) -> dict[int, int]:
    """Which one speaks for which, both by their places in `found`."""
    ones = [_transaction(each, view) for each in found]
    places: dict[int, list[int]] = defaultdict(list)
    for number, one in enumerate(ones):
        if one is not None:
            places[id(one)].append(number)
    speakers: dict[int, int] = {}
    for far, one in enumerate(ones):
        for cause in view.passed_on.causes(one) if one is not None else ():
            for near in places.get(id(cause), ())[:1]:
                if _status(found[near]) != _status(found[far]):
                    continue
                if _is_far(told_of, found[far]):
                    speakers.setdefault(near, far)
                else:
                    speakers.setdefault(far, near)
    return speakers


def _last(number: int, speakers: dict[int, int]) -> int:
    """One may be spoken for by another that is so itself; they follow one way, so there is no circle."""
    while number in speakers:
        number = speakers[number]
    return number


def _transaction(each: Found, view: View) -> Transaction | None:
    shown = next(iter(each.messages), None)
    return view.of.get(shown.row.id) if shown is not None else None


def _status(each: Found) -> int:
    return each.messages[0].status if each.messages and each.messages[0] is not None else 0


def _is_far(told_of: Told, each: Found) -> bool:
    """Whether it is born at the end of the way that the request went."""
    return told_of is Told.OF_SERVER or _status(each) > 0
