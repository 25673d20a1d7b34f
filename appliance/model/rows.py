"""Rows as search finds them and pages, API and exports show them (INTERFACES: message row, call row).

Text is `model.octets.text` of the stored octets: a lone surrogate stands for a byte that is not UTF-8.
Unknown is None (numbers) or "" (text); the API turns "" of unknown text into null.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from appliance.model.dialogs import DialogRow
from appliance.model.kinds import Kind
from appliance.model.quality import LogRow, QualityRow
from appliance.model.registrations import RegistrationRow


@dataclass(slots=True, unsafe_hash=True)
class MessageRow:
    """One stored packet. `raw` is None when a search did not ask for it.

    A value that nobody changes; not frozen because the settler makes one for every message, and freezing doubles
    what that costs.
    """

    id: str
    kind: Kind
    ts: int
    """The packet's own time, microseconds UTC."""
    filed_ts: int
    """The time that it is filed, sorted and paged by; differs from `ts` only when that was absurd."""
    arrival_ts: int
    """When the kernel (or import) received it."""
    callid: str
    source_ip: str
    source_port: int
    destination_ip: str
    destination_port: int
    proto: str
    """udp, tcp, tls, ws, wss, sctp."""
    node: str
    """The agent: chunk 0x0013, else 0x000c, else the sender's address."""
    correlation_id: str
    payload_hash: int
    size: int
    protocol_type: int
    problems: tuple[str, ...] = ()
    method: str = ""
    """Request method, or the response's code as text."""
    reply_reason: str = ""
    cseq: int | None = None
    cseq_method: str = ""
    ruri_user: str = ""
    ruri_domain: str = ""
    from_user: str = ""
    from_domain: str = ""
    from_tag: str = ""
    to_user: str = ""
    to_domain: str = ""
    to_tag: str = ""
    contact_user: str = ""
    pid_user: str = ""
    auth_user: str = ""
    callid_aleg: str = ""
    via_branch: str = ""
    user_agent: str = ""
    reason: str = ""
    diversion: str = ""
    content_type: str = ""
    leg_keys: str = ""
    """Every value that joins calls (sip.leg_keys)."""
    sdp: str = ""
    """The session description in one line (sip.session)."""
    raw: bytes | None = None
    copies: int = 1
    """How many stored packets this row stands for once copies are folded (FEATURES A7)."""
    seen: tuple[tuple[str, int], ...] = ()
    """Which agents saw it, and when by their clocks (microseconds), if copies were folded into it."""

    @property
    def is_request(self) -> bool:
        return bool(self.method) and not self.method.isdecimal()


class CallState(StrEnum):
    """INTERFACES.md "`state` of a call"."""

    SETUP = "setup"
    RINGING = "ringing"
    ANSWERED = "answered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    BUSY = "busy"
    NOANSWER = "noanswer"
    REJECTED = "rejected"
    REDIRECTED = "redirected"
    CHALLENGED = "challenged"
    FAILED = "failed"
    TIMEOUT = "timeout"
    LOST = "lost"
    PARTIAL = "partial"


@dataclass(slots=True, unsafe_hash=True)
class CallRow:
    """One call: (Call-ID, start). Not frozen for the reason that MessageRow is not."""

    callid: str
    started: int
    ended: int
    """Time of the last message so far."""
    state: CallState
    status: int | None
    """Final response to the first INVITE on the caller's hop."""
    reply_reason: str
    from_user: str
    from_domain: str
    to_user: str
    to_domain: str
    ruri_user: str
    source_ip: str
    destination_ip: str
    user_agent: str
    pdd_ms: int | None
    setup_ms: int | None
    talk_ms: int | None
    hung_up_by: str | None
    """caller, callee, network, both."""
    causes: tuple[str, ...]
    """`SIP/486`, `Q.850/17`."""
    messages: int
    """Messages once copies are folded."""
    copies: int
    retransmissions: int
    legs: int = 1
    codecs: tuple[str, ...] = ()
    mos: float | None = None
    nodes: tuple[str, ...] = ()
    pid_user: str = ""
    """User of P-Asserted-Identity, which a proxy may add behind the first hop; searched, not shown."""
    countries: tuple[str, ...] = ()
    """ISO 3166 codes of source and destination, as [paths] geoip had them when the call was folded."""
    leg: int = 0
    """Which of the joined call's legs this is; 0 is the earliest."""
    joined: int = 0
    """The number that the legs of one call share; 0: it is alone."""
    from_country: str = ""
    to_country: str = ""
    """Countries of the caller's and the called number (ISO 3166); "" when they are unknown."""


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows a search has: `exact`, or at least `count`."""

    count: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """What a search looked at in one table."""

    table: str
    indexes: tuple[str, ...]
    """Those that led to the rows; none when the table was read through."""
    rows: int
    exact: bool
    """Else `rows` is the server's estimate."""
    why: str = ""
    """Why it was read through."""
    from_us: int = 0
    to_us: int = 0
    """The part of time that was read through."""


@dataclass(frozen=True, slots=True)
class SiteAnswer:
    """What one appliance answered to a search."""

    name: str
    ok: bool
    ms: int
    error: str | None = None


Rows = (
    tuple[MessageRow, ...]
    | tuple[CallRow, ...]
    | tuple[QualityRow, ...]
    | tuple[LogRow, ...]
    | tuple[RegistrationRow, ...]
    | tuple[DialogRow, ...]
)
"""Of one view: each has rows of its own."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a search's rows, newest first."""

    rows: Rows
    next: str | None
    total: Total
    sites: tuple[SiteAnswer, ...] = field(default_factory=tuple)
    notes: tuple[str, ...] = ()
    """Sentences for the user about what was not looked at."""
    plan: tuple[Looked, ...] = ()
