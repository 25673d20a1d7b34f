"""Whether messages in the order of the clock are in that of their transactions too, as those of most calls are.

calls.order asks this first, since calls.precedence costs several times as much. True only when no constraint of
calls.precedence (but those of Via, which need texts) holds a message back. False when one does, or might: what is
unusual (a branch used twice, an answer without its request, addresses that do not fit) is left to precedence.
"""

from collections.abc import Sequence

from appliance.model.rows import MessageRow


def in_good_order(rows: Sequence[MessageRow]) -> bool:
    """Of rows of which no two have the same octets."""
    seen = _Seen(relays=len({row.source_ip for row in rows}) > 2)
    requests, answers, asks = seen.requests, seen.answers, seen.asks
    for row in rows:
        method = row.method
        if method.isdecimal():
            request = requests.get(row.via_branch)
            if request is None or not answers(row, method, request):
                return False
        elif method and not asks(row, method):
            return False
    return True


class _Seen:
    """What came so far, as far as what comes next could contradict it."""

    def __init__(self, *, relays: bool) -> None:
        self.relays = relays
        self.requests: dict[str, MessageRow] = {}
        """The first of each branch: CANCEL, and the ACK of a failure, come under their INVITE's."""
        self.cancelled: set[str] = set()
        self.answered: set[str] = set()
        self.ended: set[str] = set()
        self.failed: set[str] = set()
        """Branches with a CANCEL, a provisional, a final response, a failure."""
        self.acked: set[str] = set()
        """Branches of ACKs, and To tags of those that acknowledge no failure."""
        self.numbers: dict[tuple[str, str], int] = {}
        self.invites: dict[tuple[str, str], int] = {}
        """The highest CSeq that a host sent another, of requests and of INVITEs."""
        self.senders: dict[str, str] = {}
        """By From tag: among two hosts each has one that sends its requests."""
        self.relayed: dict[tuple[str, int | None, str, str], tuple[str, ...]] = {}
        """Who has sent the same message."""

    def asks(self, row: MessageRow, method: str) -> bool:
        """Note a request; False when it might have had to come earlier."""
        branch = row.via_branch
        if not branch:
            return False
        first = self.requests.setdefault(branch, row)
        if method == "ACK":
            return self._acknowledges(row, first)
        if first is row:
            return method != "CANCEL" and self._numbered(row) and self._sent(row)
        self.cancelled.add(branch)
        return method == "CANCEL" and _same_transaction(row, first) and self._sent(row)

    def answers(self, row: MessageRow, method: str, request: MessageRow) -> bool:
        """Note a response; False when it might have had to come earlier."""
        if (
            row.cseq != request.cseq
            or row.source_ip != request.destination_ip
            or row.destination_ip != request.source_ip
            or row.from_tag != request.from_tag
        ):
            return False
        branch = row.via_branch
        if row.cseq_method != request.method:
            return row.cseq_method == "CANCEL" and branch in self.cancelled and method[0] != "1"
        if method[0] == "1":
            if branch in self.ended or (method == "100" and branch in self.answered):
                return False
            self.answered.add(branch)
        else:
            self.ended.add(branch)
            if row.cseq_method == "INVITE" and not self._ends_invite(row):
                return False
        return method == "100" or not self.relays or self._relayed(row)

    def _ends_invite(self, row: MessageRow) -> bool:
        if row.method[0] == "2":
            return row.to_tag not in self.acked
        branch, side = row.via_branch, (row.destination_ip, row.source_ip)
        self.failed.add(branch)
        return row.method[0] in "3456" and branch not in self.acked and self.invites.get(side, 0) <= (row.cseq or 0)

    def _acknowledges(self, row: MessageRow, first: MessageRow) -> bool:
        if first is row:
            self.acked.add(row.to_tag)
            return self._sent(row)
        branch = row.via_branch
        self.acked.add(branch)
        if not _same_transaction(row, first):
            return False
        if self.invites.get((row.source_ip, row.destination_ip), 0) > (row.cseq or 0):
            return False
        if branch in self.failed:
            return True
        self.acked.add(row.to_tag)
        return self._sent(row)

    def _numbered(self, row: MessageRow) -> bool:
        if row.cseq is None:
            return True
        side, number = (row.source_ip, row.destination_ip), row.cseq
        if self.numbers.get(side, 0) > number:
            return False
        self.numbers[side] = number
        if row.method == "INVITE":
            self.invites[side] = number
        return True

    def _sent(self, row: MessageRow) -> bool:
        source = row.source_ip
        if source == row.destination_ip:
            return False
        return self._relayed(row) if self.relays else self.senders.setdefault(row.from_tag, source) == source

    def _relayed(self, row: MessageRow) -> bool:
        """What a host received comes before what it sent on."""
        same = row.method, row.cseq, row.from_tag, row.to_tag
        before = self.relayed.get(same)
        if before is None:
            self.relayed[same] = (row.source_ip,)
            return True
        self.relayed[same] = (*before, row.source_ip)
        return row.destination_ip not in before


def _same_transaction(row: MessageRow, invite: MessageRow) -> bool:
    return (
        row.cseq == invite.cseq
        and row.source_ip == invite.source_ip
        and row.destination_ip == invite.destination_ip
        and invite.method == "INVITE"
    )
