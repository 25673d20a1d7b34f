"""Where a final response was born: the hop furthest from the caller on which it was seen first (RFC 3261 16.7)."""

from dataclasses import dataclass

from appliance.why import wording
from appliance.why.seen import Seen
from appliance.why.transactions import Transaction
from appliance.why.view import View

MOST_HOPS = 70


@dataclass(frozen=True, slots=True)
class Origin:
    """The transaction in which a response appears first."""

    transaction: Transaction
    response: Seen
    asked: tuple[Transaction, ...]
    """What the host that answered had asked of others before it answered; empty when nothing of that was captured."""

    @property
    def host(self) -> str:
        """`203.0.113.5 (gateway 2.1)`."""
        row = self.response.row
        name = wording.quoted(row.user_agent, 40)
        return f"{wording.host(row.source_ip)} ({name})" if name else wording.host(row.source_ip)

    @property
    def beyond(self) -> bool:
        """Whether it may have come from further away than was captured."""
        return not self.asked

    @property
    def place(self) -> str:
        """`at or beyond 203.0.113.5`."""
        return f"at or beyond {self.host}" if self.beyond else f"at {self.host}"

    @property
    def hop(self) -> str:
        return wording.hop(self.transaction, back=True)

    @property
    def turned(self) -> Seen | None:
        """Another failure that the host had received before it sent this one."""
        others = [one.final for one in self.asked if one.final and one.failed and one.status != self.response.status]
        return others[-1] if others else None


def origin(view: View, transaction: Transaction) -> Origin | None:
    """Of a transaction's final response; None while there is none."""
    final = transaction.final
    for _ in range(MOST_HOPS):
        if final is None:
            return None
        asked = tuple(one for one in view.after(transaction) if one.first.place < final.place)
        below = [one for one in asked if one.final and one.status == final.status and one.final.place < final.place]
        if not below:
            return Origin(transaction, final, asked)
        transaction = below[-1]
        final = transaction.final
    return None
