"""The transactions of a call (RFC 3261 17), and which of them a host began because of which other.

One transaction is one hop: a request, its retransmissions, its answers, the ACK of a failure. A branch names it; where
no branch of RFC 3261 does, the addresses help. A proxy's transaction has for parent the one that came in: its second
Via tells, or, where Vias are hidden or not at hand, the address.
"""

from collections.abc import Iterable

from appliance.calls.attempts import COOKIE
from appliance.calls.copies import hop
from appliance.why.seen import Seen

Key = tuple[str, int | None, str, str, tuple[str, ...]]


class Transaction:
    """One request on one hop with everything that belongs to it."""

    def __init__(self, first: Seen, method: str) -> None:
        self.first = first
        self.method = method
        self.requests: list[Seen] = []
        self.responses: list[Seen] = []
        self.acks: list[Seen] = []
        """Of a failed INVITE; some clients send the ACK of a 2xx with the same branch too."""
        self.cancels: list[Seen] = []
        self.final: Seen | None = None
        """The first 2xx, else the first final response."""
        self.parent: Transaction | None = None
        self.children: list[Transaction] = []
        row = first.row
        self.callid = row.callid
        self.cseq = row.cseq
        source, destination = (row.source_ip, row.source_port), (row.destination_ip, row.destination_port)
        self.client, self.server = (source, destination) if first.is_request else (destination, source)

    @property
    def request(self) -> Seen | None:
        return self.requests[0] if self.requests else None

    @property
    def sends(self) -> list[Seen]:
        """The request as often as it went over this hop with the same octets."""
        if not self.requests:
            return []
        first = self.requests[0].row
        same = first.payload_hash, hop(first)
        return [seen for seen in self.requests if (seen.row.payload_hash, hop(seen.row)) == same]

    @property
    def provisional(self) -> list[Seen]:
        return [seen for seen in self.responses if seen.status < 200]

    def add(self, seen: Seen) -> None:
        """A request or response of it, in the order of the call."""
        if seen.is_request:
            self.requests.append(seen)
            return
        self.responses.append(seen)
        if seen.status >= 200 and (self.final is None or (seen.status < 300 <= self.final.status)):
            self.final = seen

    @property
    def status(self) -> int:
        return self.final.status if self.final else 0

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300

    @property
    def failed(self) -> bool:
        return self.status >= 300

    @property
    def in_dialog(self) -> bool:
        """Whether the request has a To tag (RFC 3261 12.2)."""
        return self.request is not None and self.request.row.to_tag != ""

    @property
    def initial(self) -> bool:
        """An INVITE that begins a call."""
        return self.method == "INVITE" and self.request is not None and not self.request.row.to_tag

    def repeats(self, response: Seen) -> list[Seen]:
        """A response as often as it came over one hop with the same octets."""
        same = response.row.payload_hash, hop(response.row)
        return [seen for seen in self.responses if (seen.row.payload_hash, hop(seen.row)) == same]


def transactions(messages: Iterable[Seen]) -> tuple[list[Transaction], list[Seen]]:
    """The transactions in the order of their first messages, and the ACKs of 2xx, which are none (RFC 3261 17)."""
    found: dict[Key, Transaction] = {}
    invites: dict[tuple[object, ...], Transaction] = {}
    acks: list[Seen] = []
    for seen in messages:
        row = seen.row
        if seen.verb == "ACK" and seen.is_request:
            known = found.get(_key(seen, "INVITE"))
            if known is not None:
                known.acks.append(seen)
            if known is None or not known.failed:
                acks.append(seen)
            continue
        key = _key(seen, seen.verb)
        known = found.get(key)
        if known is None:
            known = found[key] = Transaction(seen, seen.verb)
        known.add(seen)
        if seen.verb == "INVITE" and seen.is_request:
            invites[row.callid, row.cseq, hop(row)] = known
        elif seen.verb == "CANCEL" and seen.is_request:
            invite = found.get(_key(seen, "INVITE")) or invites.get((row.callid, row.cseq, hop(row)))
            if invite is not None:
                invite.cancels.append(seen)
    _relate(list(found.values()))
    return list(found.values()), acks


def _key(seen: Seen, method: str) -> Key:
    row = seen.row
    ends: tuple[str, ...] = ()
    if not row.via_branch.startswith(COOKIE):
        ends = row.source_ip, row.destination_ip
        ends = ends if seen.is_request else ends[::-1]
    return row.callid, row.cseq, method, row.via_branch, ends


def _relate(found: list[Transaction]) -> None:
    by_branch: dict[tuple[object, ...], Transaction] = {}
    arrived: dict[tuple[object, ...], Transaction] = {}
    for one in found:
        row = one.first.row
        same = one.callid, one.cseq, one.method
        below = one.first.vias[1:2]
        parent = by_branch.get((*same, below[0])) if below else arrived.get((*same, row.from_tag, one.client[0]))
        if parent is not None:
            one.parent = parent
            parent.children.append(one)
        by_branch.setdefault((*same, row.via_branch), one)
        arrived[*same, row.from_tag, one.server[0]] = one
