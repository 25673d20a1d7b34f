"""Who ended an answered call, and by which BYE (by tags, never by addresses alone)."""

from collections.abc import Sequence
from dataclasses import dataclass

from appliance.calls.attempts import Attempt
from appliance.model.rows import MessageRow

CALLER, CALLEE, NETWORK, BOTH = "caller", "callee", "network", "both"


@dataclass(frozen=True, slots=True)
class Hangup:
    """The BYEs that ended the call, in their order on all hops, and whose they were."""

    byes: tuple[MessageRow, ...]
    by: str | None
    """caller, callee, network (a host between them, to both sides), both; None when the tags are unknown."""
    dialog: str
    """To tag of the dialog that lasted longest."""


def hangup(rows: Sequence[MessageRow], attempt: Attempt) -> Hangup | None:
    """The end of the call, None while a dialog of it has no BYE.

    A forked INVITE may be answered twice; the caller then ends one dialog with a BYE at once and talks in the other.
    """
    byes = [row for row in rows if row.method == "BYE"]
    if not byes:
        return None
    invites = [row for row in rows if row.method == "INVITE" and not row.to_tag]
    callers = {row.from_tag for row in invites}
    tags = sorted(attempt.dialogs) or [""]
    ends = [_ending(byes, tag, attempt.dialogs, callers) for tag in tags]
    if not all(ends):
        return None
    position = {row.id: place for place, row in enumerate(byes)}
    last, dialog = max(zip(ends, tags, strict=True), key=lambda end: position[end[0][0].id])
    return Hangup(tuple(last), _by(invites, last, callers), dialog)


def _ending(byes: list[MessageRow], tag: str, dialogs: frozenset[str], callers: set[str]) -> list[MessageRow]:
    """The BYEs of the dialog with this To tag, and those of unknown dialogs (tags changed on other hops)."""
    return [bye for bye in byes if (dialog := _dialog(bye, callers)) == tag or dialog not in dialogs]


def _dialog(bye: MessageRow, callers: set[str]) -> str:
    return bye.from_tag if bye.to_tag in callers else bye.to_tag


def _by(invites: Sequence[MessageRow], byes: list[MessageRow], callers: set[str]) -> str | None:
    sent_by = {CALLER: _hosts(byes, callers, caller=True), CALLEE: _hosts(byes, callers, caller=False)}
    seen = [side for side, hosts in sent_by.items() if hosts]
    if not seen:
        return None
    between = _hosts_between(invites)
    own = [side for side in seen if sent_by[side] - between]
    if not own:
        return NETWORK
    return BOTH if len(own) == 2 else own[0]


def _hosts(byes: list[MessageRow], callers: set[str], *, caller: bool) -> set[str]:
    """Addresses that sent a BYE with this side's tag in From."""
    return {bye.source_ip for bye in byes if (bye.from_tag if caller else bye.to_tag) in callers}


def _hosts_between(invites: Sequence[MessageRow]) -> set[str]:
    """Addresses that both received and sent the INVITE: proxies, not ends."""
    relayed = [row for row in invites if row.source_ip != row.destination_ip]
    return {row.source_ip for row in relayed} & {row.destination_ip for row in relayed}
