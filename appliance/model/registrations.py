"""Registrations: what one UTC hour knows of a binding, and a binding as a search shows it (INTERFACES).

A binding is a contact of an address of record (RFC 3261 10), or a device's flow when it says which (RFC 5626).
"""

from dataclasses import dataclass
from enum import StrEnum


class RegistrationState(StrEnum):
    """What the last answered REGISTER of a binding came to, and `expired`: registered once, and over by now."""

    REGISTERED = "registered"
    EXPIRED = "expired"
    REMOVED = "removed"
    CHALLENGED = "challenged"
    REJECTED = "rejected"

    __hash__ = str.__hash__


@dataclass(frozen=True, slots=True)
class BindingHour:
    """What the REGISTERs of one Call-ID that began in one UTC hour say of one binding: a row of the daily tables."""

    callid: str
    started: int
    """First REGISTER of the hour, microseconds; `ended` is the last message."""
    ended: int
    aor: str
    contact: str
    instance: str
    reg_id: int | None
    path: str
    source_ip: str
    source_port: int
    proto: str
    user_agent: str
    state: RegistrationState
    """Never expired: the row does not know what time it is."""
    status: int | None
    """Final response to the last REGISTER; None: none was seen."""
    rrd_ms: int | None
    expires_seconds: int | None
    """What the registrar granted last."""
    expires_at: int | None
    """When that is over, microseconds; None when it is not registered."""
    refreshes: int
    """Times that it registered again while it was registered, since its first time in this hour."""
    flaps: int
    """Times that it was gone and came back, or came from elsewhere, since then."""
    attempts: int
    """REGISTERs, each with the one that answers its challenge, and however often it was sent or forwarded."""
    first_ok: int | None
    """When it registered first in this hour, and from where."""
    first_ip: str
    first_port: int
    nodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    """One binding, as it was at the end of the range that was asked for."""

    aor: str
    contact: str
    instance: str
    reg_id: int | None
    path: str
    source_ip: str
    source_port: int
    proto: str
    user_agent: str
    expires_at: int | None
    state: RegistrationState
    status: int | None
    rrd_ms: int | None
    refreshes: int
    flaps: int
    callid: str
    started: int
    ended: int
    nodes: tuple[str, ...] = ()
    expires_seconds: int | None = None
