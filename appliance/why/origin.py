"""Where a final response was born: the hop furthest from the caller on which it was seen first (RFC 3261 16.7)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from appliance.why import wording
from appliance.why.credentials import credentials
from appliance.why.seen import Seen
from appliance.why.transactions import Transaction
from appliance.why.view import View


@dataclass(frozen=True, slots=True)
class Origin:
    """The transaction in which a response appears first."""

    transaction: Transaction
    response: Seen
    asked: tuple[Transaction, ...]
    """What the host that answered had asked of others before it answered; empty when nothing of that was captured."""

    @property
    def ip(self) -> str:
        """Whose response it was."""
        return wording.sender(self.response)

    @property
    def host(self) -> str:
        """`203.0.113.5 (gateway 2.1)`."""
        name = wording.quoted(self.response.row.user_agent, 40)
        return f"{self.ip} ({name})" if name else self.ip

    @property
    def request(self) -> Seen | None:
        """What it answers, as its sender received it."""
        return self.transaction.request

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
    found = None
    while final is not None:
        asked = tuple(one for one in view.after(transaction) if one.first.place < final.place)
        found = Origin(transaction, final, asked)
        below = [one for one in asked if one.final and one.status == final.status and one.final.place < final.place]
        if not below:
            break
        transaction = below[-1]
        final = transaction.final
    return found


def born(view: View, statuses: Iterable[int], method: str = "") -> Iterator[tuple[Transaction, Origin]]:
    """Transactions that ended so, as their first client saw it, each with where that was born."""
    for one in view.failures(statuses, method):
        found = origin(view, one)
        if found is not None:
            yield one, found


def credentials_refused(view: View, one: Transaction) -> bool:
    """Whether a 403 is about the credentials that were sent: it came from the server that was asked, as its first word,
    and nobody behind it had said so."""
    if one.status != 403 or one.request is None or not credentials(one.request):
        return False
    found = origin(view, one)
    return found is not None and found.transaction is one and not any(seen.status > 100 for seen in one.provisional)
