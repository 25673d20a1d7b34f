"""What one side of a flow does, step by step: sends and receives, and what it has to remember for later.

`[last_…]` of SIPp is of the last message received. Where a response is to an earlier request (200 to INVITE after
PRACK, 487 after CANCEL), what it repeats of that request is kept in variables when the request comes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from appliance.export.sipp.escape import Ends
from appliance.export.sipp.steps import Flow, Step
from appliance.sip.headers import headers

LEAST_PAUSE_MS = 10
MOST_PAUSE_MS = 60_000
"""A talk of an hour is not waited for."""


class Side(StrEnum):
    """Whose part SIPp plays."""

    CALLER = "uac"
    CALLEE = "uas"


@dataclass(slots=True)
class Receive:
    """Waits for a message."""

    step: Step
    optional: bool = False
    authenticates: bool = False
    """A challenge that the next request answers."""
    routes: bool = False
    """Keeps the Contact and the Record-Route for requests within the dialog."""
    kept: str = ""
    """Prefix of the variables that hold what a later response repeats."""
    parties: bool = False
    """Keeps From and To for requests of the callee."""
    rseq: str = ""
    """The variable that holds RSeq."""


@dataclass(slots=True)
class Send:
    """Sends a message."""

    step: Step
    answers: str | None = None
    """Of a response: prefix of its request's variables; "" when that was the last message received."""
    pause_ms: int = 0
    again: bool = False
    """Sent again until something comes: SIPp does nothing else meanwhile, so a message must be waited for next."""
    branch_of: "Send | None" = None
    """The INVITE whose branch a CANCEL or the ACK of a failure repeats."""
    in_dialog: bool = False
    """The other side's Contact is known."""
    authenticated: bool = False
    rseq: str = ""
    """Of PRACK: the variable that holds what it acknowledges."""


@dataclass(slots=True)
class Played:
    """One side, ready to be written."""

    side: Side
    ends: Ends
    commands: list[Receive | Send] = field(default_factory=list)
    own_tags: dict[str, int] = field(default_factory=dict)
    """Tags of this side as captured, and their numbers from 1."""

    @property
    def parties_kept(self) -> bool:
        return any(isinstance(command, Receive) and command.parties for command in self.commands)


def played(flow: Flow, side: Side) -> Played:
    """The commands of one side of a flow."""
    caller = side is Side.CALLER
    ends = Ends(flow.caller, flow.callee) if caller else Ends(flow.callee, flow.caller)
    made = Played(side, ends)
    for step in flow.steps:
        if step.by_caller == caller:
            _send(made, step)
        else:
            _receive(made, step)
    _forget_unused(made.commands)
    _let_pass(made.commands)
    _send_again(made.commands)
    return made


def _receive(made: Played, step: Step) -> None:
    row = step.row
    target = row.cseq_method == "INVITE" and (row.is_request or row.method[:1] == "2" or row.method[:2] == "18")
    routes = target and bool(row.to_tag or row.is_request) and has(step, b"contact")
    received = Receive(step, routes=routes, authenticates=challenge_is_known(step))
    if not row.is_request and has(step, b"rseq"):
        received.rseq = f"rseq{len(made.commands) + 1}"
    made.commands.append(received)


def _send(made: Played, step: Step) -> None:
    row = step.row
    sent = Send(step, pause_ms=_pause(step))
    own = row.from_tag if row.is_request else row.to_tag
    if own:
        made.own_tags.setdefault(own, len(made.own_tags) + 1)
    if row.is_request:
        _send_request(made, sent)
    else:
        sent.answers = _answered(made.commands, step)
    made.commands.append(sent)


def _send_request(made: Played, sent: Send) -> None:
    row = sent.step.row
    received = [command for command in made.commands if isinstance(command, Receive)]
    sent.in_dialog = bool(row.to_tag) and any(command.routes for command in received)
    sent.authenticated = any(command.authenticates for command in received) and has_credentials(sent.step)
    if row.method in ("CANCEL", "ACK"):
        sent.branch_of = _invite_of(made.commands, sent.step)
    if row.method == "PRACK":
        sent.rseq = next((command.rseq for command in reversed(received) if command.rseq), "")
    if made.side is Side.CALLEE:
        first = next(command for command in received if command.step.row.is_request)
        first.parties = True


def _invite_of(commands: Sequence[Receive | Send], step: Step) -> Send | None:
    """None for the ACK of a 2xx, which has a branch of its own (RFC 3261 13.2.2.4)."""
    sent = [
        c
        for c in commands
        if isinstance(c, Send) and c.step.row.method == "INVITE" and c.step.row.cseq == step.row.cseq
    ]
    if step.row.method == "ACK":
        finals = [
            c.step.row.method[:1]
            for c in commands
            if isinstance(c, Receive) and c.step.row.cseq_method == "INVITE" and c.step.row.cseq == step.row.cseq
            and c.step.row.method[:1] in "23456"
        ]  # fmt: skip
        if not finals or finals[-1] == "2":
            return None
    return sent[-1] if sent else None


def _answered(commands: Sequence[Receive | Send], step: Step) -> str:
    """Prefix of the variables of the request that a response answers, "" when that was the last received."""
    received = [command for command in commands if isinstance(command, Receive)]
    asked = next(c for c in reversed(received) if c.step.row.is_request and c.step.transaction == step.transaction)
    if asked is received[-1]:
        return ""
    asked.kept = asked.kept or f"request{commands.index(asked) + 1}"
    return asked.kept


def _forget_unused(commands: Sequence[Receive | Send]) -> None:
    """SIPp refuses a variable that nothing uses."""
    used = {command.rseq for command in commands if isinstance(command, Send)}
    for command in commands:
        if command.rseq not in used:
            command.rseq = ""


def _let_pass(commands: Sequence[Receive | Send]) -> None:
    """A provisional response is optional where something else is waited for after it: SIPp needs one to go on with."""
    waits = False
    for command in reversed(commands):
        if isinstance(command, Send):
            waits = False
        elif waits and command.step.row.method[:1] == "1" and not command.rseq:
            command.optional = True
        else:
            waits = True


def _send_again(commands: Sequence[Receive | Send]) -> None:
    """Requests and final responses to INVITE are sent until they are answered (RFC 3261 17)."""
    for command, after in pairwise(commands):
        if isinstance(command, Send) and isinstance(after, Receive):
            row = command.step.row
            final = row.cseq_method == "INVITE" and row.method[:1] in "23456"
            command.again = row.method != "ACK" if row.is_request else final


def _pause(step: Step) -> int:
    return min(step.after_ms, MOST_PAUSE_MS) if step.after_ms >= LEAST_PAUSE_MS else 0


def has(step: Step, name: bytes) -> bool:
    return any(header.canonical == name for header in headers(step.row.raw or b""))


def has_credentials(step: Step) -> bool:
    return has(step, b"authorization") or has(step, b"proxy-authorization")


def challenge_is_known(step: Step) -> bool:
    """Whether SIPp can answer this challenge: Digest with MD5, the first one counts."""
    if step.row.method not in ("401", "407"):
        return False
    found = [h for h in headers(step.row.raw or b"") if h.canonical in (b"www-authenticate", b"proxy-authenticate")]
    value = b",".join(header.value for header in found).lower()
    _, named, algorithm = value.partition(b"algorithm=")
    return value.startswith(b"digest") and (not named or algorithm.strip(b' "').startswith(b"md5"))
