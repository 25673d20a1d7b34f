"""What a host began in another leg because of what it had received: a B2BUA has a Call-ID of its own for each side.

A transaction goes on for another when the host that received the one sends the same method under another Call-ID while
that one is under way; a B2BUA answers BYE at once, so for BYE soon after is enough.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from appliance.why.transactions import Transaction

SOON_US = 2_000_000
MOST_HOSTS = 70
"""On one way, which Max-Forwards bounds (RFC 3261 8.1.1.6)."""


class PassedOn:
    """Knows of each transaction what it was begun for, over hops and legs."""

    def __init__(self, transactions: Iterable[Transaction]) -> None:
        self._after: dict[int, list[Transaction]] = defaultdict(list)
        self._before: dict[int, Transaction] = {}
        waiting: dict[tuple[str, bool, str], Transaction] = {}
        for one in transactions:
            if one.request is None:
                continue
            kind = one.method, one.in_dialog
            before = waiting.get((*kind, one.client[0])) if one.parent is None else None
            if before is not None and before.callid != one.callid and _under_way(before, one):
                self._after[id(before)].append(one)
                self._before[id(one)] = before
            waiting[*kind, one.server[0]] = one

    def after(self, one: Transaction) -> list[Transaction]:
        """In other legs."""
        return self._after.get(id(one), [])

    def causes(self, one: Transaction) -> Iterator[Transaction]:
        """What it was begun for, the nearest first, on earlier hops and in earlier legs."""
        for _ in range(MOST_HOSTS):
            cause = one.parent or self._before.get(id(one))
            if cause is None:
                return
            yield cause
            one = cause


def _under_way(before: Transaction, one: Transaction) -> bool:
    if before.method == "BYE" and one.first.at_us - before.first.at_us <= SOON_US:
        return True
    return before.final is None or before.final.place > one.first.place
