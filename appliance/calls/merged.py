"""The messages of several legs in one order: each leg's own (calls.order), among each other by the clock.

Stamps of equal time are told apart by how a call goes: requests travel from the earlier leg to the later one,
responses back.
"""

from collections.abc import Iterable
from heapq import heapify, heappop, heappush

from appliance.calls.clock import times
from appliance.calls.copies import fold_copies
from appliance.calls.order import ordered
from appliance.model.rows import MessageRow


def in_order(messages: Iterable[MessageRow]) -> list[MessageRow]:
    """Copies folded, in the order in which they happened."""
    rows = fold_copies(messages)
    legs: dict[str, list[MessageRow]] = {}
    for row in rows:
        legs.setdefault(row.callid, []).append(row)
    if len(legs) < 2:
        return ordered(rows)
    return _merged([ordered(leg) for leg in legs.values()], times(rows))


def _merged(legs: list[list[MessageRow]], at_us: dict[str, int]) -> list[MessageRow]:
    """`legs` begin one after the other; none has a row before one that stands above it."""
    waiting = [(_key(rows[0], leg, at_us[rows[0].id]), leg, 0) for leg, rows in enumerate(legs)]
    heapify(waiting)
    found: list[MessageRow] = []
    while waiting:
        (time_us, _), leg, place = heappop(waiting)
        found.append(legs[leg][place])
        if place + 1 < len(legs[leg]):
            following = legs[leg][place + 1]
            heappush(waiting, (_key(following, leg, max(time_us, at_us[following.id])), leg, place + 1))
    return found


def _key(row: MessageRow, leg: int, time_us: int) -> tuple[int, int]:
    return time_us, leg if row.is_request else -leg
