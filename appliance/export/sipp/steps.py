"""What the caller of a captured call exchanged with the other side, each message once, in order.

In go a call's messages (copies folded, in order), out comes the flow that both scenarios are written from: everything
of its first leg that left or reached the caller's host from the first INVITE on, without retransmissions and answers
to nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from appliance.calls.attempts import is_initial_invite
from appliance.calls.clock import times
from appliance.model.rows import MessageRow

Socket = tuple[str, int]
_METHOD = re.compile(r"[A-Za-z0-9.!%*_+`'~-]{1,60}")
"""A token (RFC 3261 25.1)."""


class NoScenario(ValueError):
    """The call cannot be made into a scenario; the sentence says why and what to take instead."""


@dataclass(frozen=True, slots=True)
class Step:
    """One message between the caller and the other side."""

    row: MessageRow
    by_caller: bool
    after_ms: int
    """Since the step before."""

    @property
    def transaction(self) -> tuple[bool, int | None, str]:
        """Which request this is or answers: who sent the request, CSeq; CANCEL and ACK have their own."""
        row = self.row
        return self.by_caller == row.is_request, row.cseq, row.method if row.is_request else row.cseq_method


@dataclass(frozen=True, slots=True)
class Flow:
    """Both sides of the caller's hop."""

    steps: tuple[Step, ...]
    caller: Socket
    callee: Socket
    """Where the first INVITE went."""
    folded: int
    """Retransmissions and relayed copies that were left out."""
    unasked: int
    """Responses whose request was not captured, left out."""

    @property
    def invite(self) -> MessageRow:
        return self.steps[0].row


def flow(rows: Iterable[MessageRow]) -> Flow:
    """The steps of a call. Raises NoScenario."""
    sip = [row for row in rows if row.kind.is_sip and row.raw and _is_sendable(row)]
    start = next((place for place, row in enumerate(sip) if is_initial_invite(row)), None)
    if start is None:
        raise NoScenario("no INVITE of this call was captured, so there is nothing that a scenario could begin with")
    invite = sip[start]
    leg = [row for row in sip[start:] if row.callid == invite.callid]
    sides = [(row, by_caller) for row, by_caller in _of_caller(leg, invite) if by_caller is not None]
    once = _once(sides)
    kept = _asked(once)
    if not any(not by_caller for _, by_caller in kept):
        raise NoScenario(
            f"only one side of this call was captured: nothing answers the INVITE from {invite.source_ip} to "
            f"{invite.destination_ip}, and SIPp would have nothing to wait for"
        )
    return Flow(
        _timed(kept),
        (invite.source_ip, invite.source_port),
        (invite.destination_ip, invite.destination_port),
        folded=len(sides) - len(once),
        unasked=len(once) - len(kept),
    )


def _is_sendable(row: MessageRow) -> bool:
    """SIPp takes a method that is a token and a code from 100 to 699; what is broken otherwise, neither."""
    return (
        bool(_METHOD.fullmatch(row.method)) if row.is_request else row.method[:1] in "123456" and len(row.method) == 3
    )


def _of_caller(rows: Sequence[MessageRow], invite: MessageRow) -> Iterable[tuple[MessageRow, bool | None]]:
    """Each row and whether the caller sent it; None for what is between others.

    The caller is told by its address, as later requests may leave from or reach another of its ports and hosts behind
    the first hop; by address and port where one address is at both ends, or somebody else calls it on.
    """
    shared = any(
        row.source_ip == row.destination_ip == invite.source_ip
        or (is_initial_invite(row) and row.destination_ip == invite.source_ip)
        for row in rows
    )
    mine = (invite.source_ip, invite.source_port) if shared else invite.source_ip
    for row in rows:
        source = (row.source_ip, row.source_port) if shared else row.source_ip
        destination = (row.destination_ip, row.destination_port) if shared else row.destination_ip
        yield row, True if source == mine else False if destination == mine else None


def _once(sides: Sequence[tuple[MessageRow, bool | None]]) -> list[tuple[MessageRow, bool]]:
    """Without what was sent again: the same octets in the same direction, or the same message of a transaction."""
    seen: set[tuple[object, ...]] = set()
    kept = []
    for row, by_caller in sides:
        octets = by_caller, row.payload_hash
        message = by_caller, *_identity(row)
        if octets not in seen and message not in seen:
            kept.append((row, bool(by_caller)))
        seen |= {octets, message}
    return kept


def _identity(row: MessageRow) -> tuple[object, ...]:
    """Equal for a message and what repeats it with a header changed; provisional responses may differ in anything."""
    if row.method == "ACK":
        return row.method, row.cseq, row.to_tag
    if row.is_request:
        return row.method, row.cseq, row.via_branch
    if row.method[:1] == "1":
        return (row.id,)
    return row.method, row.cseq, row.cseq_method, row.to_tag, row.via_branch


def _asked(sides: Sequence[tuple[MessageRow, bool]]) -> list[tuple[MessageRow, bool]]:
    """Without responses to requests that were not seen: SIPp cannot wait for an answer to nothing."""
    asked: set[tuple[bool, int | None, str]] = set()
    kept = []
    for row, by_caller in sides:
        if row.is_request:
            asked.add((by_caller, row.cseq, row.method))
        elif (not by_caller, row.cseq, row.cseq_method) not in asked:
            continue
        kept.append((row, by_caller))
    return kept


def _timed(sides: Sequence[tuple[MessageRow, bool]]) -> tuple[Step, ...]:
    at_us = times([row for row, _ in sides])
    before_us = at_us[sides[0][0].id]
    steps = []
    for row, by_caller in sides:
        steps.append(Step(row, by_caller, max(0, at_us[row.id] - before_us) // 1000))
        before_us = max(before_us, at_us[row.id])
    return tuple(steps)
