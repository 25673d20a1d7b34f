"""Dialogs and transactions that are no calls and no registrations: OPTIONS, SUBSCRIBE with its NOTIFYs, MESSAGE …"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DialogRow:
    """One Call-ID, or many OPTIONS of the same two ends (`dialogs`)."""

    callid: str
    """Of many that of the latest."""
    method: str
    """Of the first request."""
    event: str
    """What the Event header of that says, where rows are shown."""
    started: int
    ended: int
    status: int | None
    """Final response to the first request, of many that of the latest; None: none was seen."""
    reply_reason: str
    response_ms: int | None
    from_user: str
    to_user: str
    source_ip: str
    destination_ip: str
    messages: int
    """Copies folded."""
    nodes: tuple[str, ...] = ()
    dialogs: int = 1
    failed: int = 0
    """How many of them got no 2xx."""
