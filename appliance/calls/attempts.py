"""How the caller tried to reach the callee: the INVITEs of the caller's hop and what came back on it.

The caller's hop is the one of the first INVITE without a To tag. An INVITE that the caller sends again after a
failure (auth, redirect, another target) is another attempt of the same call; what a proxy relays or tries on other
hops is not. Rows come in the order of calls.order with copies folded.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from appliance.calls.copies import hop
from appliance.model.rows import MessageRow

COOKIE = "z9hG4bK"
"""What the branches of RFC 3261 begin with; others need not be unique."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One INVITE of the caller and its answers on the caller's hop."""

    invite: MessageRow
    ringing: MessageRow | None
    """The first 18x."""
    final: MessageRow | None
    """The first 2xx, else the first final response."""
    cancelled: bool
    """The caller's CANCEL was sent before the final response."""
    dialogs: frozenset[str]
    """To tags of all 2xx."""

    @property
    def status(self) -> int | None:
        return int(self.final.method) if self.final else None


def is_initial_invite(row: MessageRow) -> bool:
    """An INVITE that begins a dialog (RFC 3261 12.1): it has no To tag yet."""
    return row.method == "INVITE" and not row.to_tag


def attempts(rows: Sequence[MessageRow]) -> list[Attempt]:
    """The caller's attempts, the last being the one that counts; empty when its INVITE was not seen.

    Looks at every row a bounded number of times: a scanner may send thousands of INVITEs under one Call-ID.
    """
    index = _Index(rows)
    found: list[Attempt] = []
    place = index.next_invite(0, None, None)
    while place is not None:
        attempt = index.attempt(rows[place])
        found.append(attempt)
        place = index.next_invite(place + 1, attempt.invite, attempt.final)
    return found


def answered_elsewhere(rows: Sequence[MessageRow], invite: MessageRow) -> MessageRow | None:
    """A 2xx to this INVITE on a hop behind the caller's, for agents that do not see what the caller was answered."""
    return next((row for row in rows if _answers(row, invite) and row.method[:1] == "2"), None)


def acknowledged(rows: Sequence[MessageRow], invite: MessageRow) -> bool:
    """Whether an ACK tells of a 2xx that nobody captured: it has a branch of its own (RFC 3261 13.2.2.4)."""
    branches = {row.via_branch for row in rows if row.method == "INVITE"}
    return any(
        row.method == "ACK"
        and row.cseq == invite.cseq
        and row.to_tag
        and row.via_branch not in branches
        and row.via_branch.startswith(COOKIE)
        for row in rows
    )


class _Index:
    """The rows of a call by what the search for attempts asks."""

    def __init__(self, rows: Sequence[MessageRow]) -> None:
        self._rows = rows
        self._invites: list[int] = []
        self._answers: dict[tuple[int | None, str], list[MessageRow]] = defaultdict(list)
        self._cancels: dict[int | None, list[MessageRow]] = defaultdict(list)
        for place, row in enumerate(rows):
            method = row.method
            if method == "INVITE":
                if not row.to_tag:
                    self._invites.append(place)
            elif method == "CANCEL":
                self._cancels[row.cseq].append(row)
            elif row.cseq_method == "INVITE" and method.isdecimal():
                self._answers[row.cseq, row.via_branch].append(row)

    @cached_property
    def _place(self) -> dict[str, int]:
        return {row.id: place for place, row in enumerate(self._rows)}

    def attempt(self, invite: MessageRow) -> Attempt:
        ringing, accepted, failed = None, None, None
        dialogs = []
        for row in self._answers_on_hop(invite):
            method = row.method
            if method[0] == "2":
                accepted = accepted or row
                dialogs.append(row.to_tag)
            elif method[0] != "1":
                failed = failed or row
            elif method[:2] == "18":
                ringing = ringing or row
        final = accepted or failed
        return Attempt(invite, ringing, final, self._cancelled(invite, final), frozenset(dialogs))

    def next_invite(self, start: int, invite: MessageRow | None, final: MessageRow | None) -> int | None:
        """Where the caller's next INVITE is, from `start` on, after an attempt that has failed with `final`."""
        if invite is None:
            return self._invites[0] if self._invites else None
        if final is not None:
            if final.method[:1] == "2":
                return None
            start = max(start, self._place[final.id])
        first = bisect_left(self._invites, start)
        later = (self._invites[number] for number in range(first, len(self._invites)))
        failed = final is not None or not self._answers[invite.cseq, invite.via_branch]
        return next((place for place in later if _sent_again(self._rows[place], invite, failed)), None)

    def _answers_on_hop(self, invite: MessageRow) -> list[MessageRow]:
        """By branch and addresses; by branch alone where the answer was captured at other addresses (NAT)."""
        answers = self._answers[invite.cseq, invite.via_branch]
        back = (invite.destination_ip, invite.source_ip)
        direct = [row for row in answers if (row.source_ip, row.destination_ip) == back]
        return direct if direct or not invite.via_branch else answers

    def _cancelled(self, invite: MessageRow, final: MessageRow | None) -> bool:
        own = next((row for row in self._cancels[invite.cseq] if _same_client(row, invite)), None)
        return own is not None and (final is None or self._place[own.id] < self._place[final.id])


def _answers(row: MessageRow, invite: MessageRow) -> bool:
    return row.cseq_method == "INVITE" and row.method.isdecimal() and row.cseq == invite.cseq


def _same_client(row: MessageRow, invite: MessageRow) -> bool:
    """A CANCEL has its INVITE's branch (RFC 3261 9.1); some have not, but come from the same socket."""
    return (row.via_branch != "" and row.via_branch == invite.via_branch) or hop(row) == hop(invite)


def _sent_again(row: MessageRow, invite: MessageRow, failed: bool) -> bool:
    """Whether this is the same caller's INVITE once more: with a higher CSeq, or the same one elsewhere after a failure
    or silence (RFC 3263 4.3)."""
    if row.source_ip != invite.source_ip or row.from_tag != invite.from_tag or row.via_branch == invite.via_branch:
        return False
    if (row.cseq or 0) == (invite.cseq or 0):
        return failed
    return (row.cseq or 0) > (invite.cseq or 0)
