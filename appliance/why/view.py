"""A call prepared for the rules: messages in order, transactions, the attempt that counts, who is who.

Made once for an explanation; whatever is costly is computed when the first rule asks for it. Everything in it is
linear in the number of messages.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from appliance.calls.attempts import Attempt, attempts
from appliance.calls.clock import times
from appliance.calls.fold import fold
from appliance.model.kinds import Kind
from appliance.model.quality import Measured, QualityRow
from appliance.model.rows import CallRow, MessageRow
from appliance.quality import read
from appliance.why.credentials import Try, tries
from appliance.why.passed_on import PassedOn
from appliance.why.seen import Seen
from appliance.why.transactions import Transaction, transactions
from appliance.why.wording import quoted


class View:
    """`rows` as the call page has them: copies folded, in the order in which they happened, of one or several legs."""

    def __init__(
        self, rows: Sequence[MessageRow], call: CallRow | None, now_us: int, quality: Sequence[QualityRow] = ()
    ) -> None:
        rows = [row for row in rows if _readable(row)]
        at_us = times(rows)
        sip = [row for row in rows if row.kind.is_sip and row.method]
        self.now_us = now_us
        self._quality = quality
        self.messages = [Seen(row, place, at_us[row.id]) for place, row in enumerate(sip)]
        self.beside = [row for row in rows if not row.kind.is_sip]
        self.callid = call.callid if call else sip[0].callid if sip else ""
        own = [row for row in sip if row.callid == self.callid]
        self.call = call or next(reversed(fold(own, now_us)), None)
        self.attempts: list[Attempt] = attempts(own)
        self.by_id = {seen.row.id: seen for seen in self.messages}
        self.transactions, self.acks = transactions(self.messages)

    @cached_property
    def of(self) -> dict[str, Transaction]:
        """The transaction of each message by id; ACKs of 2xx have none."""
        found: dict[str, Transaction] = {}
        for one in self.transactions:
            for seen in (*one.requests, *one.responses, *one.acks):
                found.setdefault(seen.row.id, one)
        return found

    @cached_property
    def roots(self) -> list[Transaction]:
        """Transactions as the one who asked saw them; what proxies made of them are their children."""
        return [one for one in self.transactions if one.parent is None]

    @cached_property
    def tries(self) -> list[list[Try]]:
        """Requests that met a challenge, with what was tried after."""
        return tries(self.roots)

    @cached_property
    def leaves(self) -> list[Transaction]:
        """As far as the capture saw requests go."""
        return [one for one in self.transactions if not one.children]

    @cached_property
    def latest(self) -> dict[tuple[str, str], int]:
        """Where the latest transaction of a method begins that a host began, by method and address."""
        return {(one.method, one.client[0]): one.first.place for one in self.transactions if one.requests}

    @cached_property
    def accepted(self) -> dict[tuple[str, str], int]:
        """The same of those that were accepted."""
        return {(one.method, one.client[0]): one.first.place for one in self.roots if one.accepted and one.requests}

    @cached_property
    def attempt(self) -> Attempt | None:
        """The caller's last attempt, which counts."""
        return self.attempts[-1] if self.attempts else None

    @cached_property
    def invite(self) -> Transaction | None:
        """The transaction of that attempt on the caller's hop."""
        return self.of.get(self.attempt.invite.id) if self.attempt else None

    @cached_property
    def final(self) -> Seen | None:
        """The response that decided it."""
        return self.seen(self.attempt.final) if self.attempt else None

    @cached_property
    def ringing(self) -> Seen | None:
        """The first 180 on the caller's hop."""
        return next((seen for seen in self.invite.provisional if seen.status == 180), None) if self.invite else None

    @cached_property
    def progress(self) -> Seen | None:
        """The first 18x: ringing, or what else tells the caller that something is going on."""
        return self.seen(self.attempt.ringing) if self.attempt else None

    @cached_property
    def last_us(self) -> int:
        return max((seen.at_us for seen in self.messages), default=self.now_us)

    def acks_for(self, one: Transaction) -> list[Seen]:
        """The ACKs of its 2xx on all hops; the first MOST_ACKS."""
        return self._acks.get((one.callid, one.cseq), [])[:MOST_ACKS]

    @cached_property
    def _acks(self) -> dict[tuple[str, int | None], list[Seen]]:
        found: dict[tuple[str, int | None], list[Seen]] = defaultdict(list)
        for ack in self.acks:
            found[ack.row.callid, ack.row.cseq].append(ack)
        return found

    @cached_property
    def byes(self) -> list[Transaction]:
        return [one for one in self.transactions if one.method == "BYE" and one.requests]

    @cached_property
    def cancelled(self) -> dict[int, Transaction]:
        """The INVITE that a CANCEL belongs to, by the identity of the CANCEL's transaction."""
        return {id(self.of[seen.row.id]): one for one in self.transactions for seen in one.cancels}

    def bye_after(self, callid: str, place: int) -> Transaction | None:
        """The first BYE of this Call-ID that came later than the message of that place."""
        places, byes = self._byes.get(callid, ((), ()))
        at = bisect_right(places, place)
        return byes[at] if at < len(byes) else None

    @cached_property
    def _byes(self) -> dict[str, tuple[list[int], list[Transaction]]]:
        found: dict[str, tuple[list[int], list[Transaction]]] = {}
        for one in self.byes:
            places, byes = found.setdefault(one.callid, ([], []))
            places.append(one.first.place)
            byes.append(one)
        return found

    @cached_property
    def measured(self) -> list[tuple[str, Measured]]:
        """(message id, stream) of reports: what was found of the call's media, else what names the call, also inside
        SIP messages."""
        if self._quality:
            return [(row.id, row.measured) for row in self._quality[-4 * MOST_REPORTS :]]
        found = [(row.id, one) for row in self._reporting() for one in read.measured(*_reported(row))]
        return found[: 4 * MOST_REPORTS]

    def _reporting(self) -> Iterator[MessageRow]:
        beside = [row for row in self.beside if row.kind in (Kind.RTCP, Kind.REPORT)]
        yield from beside[-MOST_REPORTS:]
        yield from (seen.row for seen in self.messages if seen.verb in ("BYE", "PUBLISH", "NOTIFY"))

    def seen(self, row: MessageRow | None) -> Seen | None:
        return self.by_id.get(row.id) if row is not None else None

    def after(self, one: Transaction) -> list[Transaction]:
        """What the host that received this request began because of it: relayed, or as a leg with its own Call-ID."""
        return one.children or self.passed_on.after(one)

    @cached_property
    def passed_on(self) -> PassedOn:
        """Which transaction was begun for which, over hops and legs."""
        return PassedOn(self.transactions)

    def failures(self, statuses: Iterable[int], method: str = "") -> list[Transaction]:
        """Transactions that ended so, as their first client saw it."""
        wanted = frozenset(statuses)
        return [one for one in self.roots if one.status in wanted and method in ("", one.method)]

    @property
    def caller(self) -> str:
        row = self.call or (self.messages[0].row if self.messages else None)
        return quoted(row.from_user or row.from_domain) or "somebody" if row else "somebody"

    @property
    def callee(self) -> str:
        row = self.call or (self.messages[0].row if self.messages else None)
        return quoted(row.to_user or row.ruri_user or row.to_domain) or "somebody" if row else "somebody"


MOST_ACKS = 64
MOST_REPORTS = 400
"""The latest ones are read; a long call has thousands and the sums of streams stand in the last."""


def _readable(row: MessageRow) -> bool:
    """Not a first line made to look like a code: `²`, or thousands of digits."""
    return not row.method.isdigit() or (row.method.isascii() and len(row.method) == 3)


def _reported(row: MessageRow) -> tuple[int, bytes, tuple[str, int], tuple[str, int]]:
    return (
        1 if row.kind.is_sip else row.protocol_type,
        row.raw or b"",
        (row.source_ip, row.source_port),
        (row.destination_ip, row.destination_port),
    )
