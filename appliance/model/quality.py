"""What reports say of media streams, and log lines (FEATURES B2, B3, F1, F2; INTERFACES: quality row, log row).

Unknown is None for numbers and "" for text; a value that an agent could not have meant (jitter 4294967295, loss -1)
is unknown, never zero.
"""

from dataclasses import dataclass
from enum import StrEnum

from appliance.model.kinds import Kind


class ReportKind(StrEnum):
    """Where the figures come from."""

    RTCP = "rtcp"
    """Sender and receiver reports (RFC 3550), binary or as JSON."""
    RTCP_XR = "rtcp-xr"
    """Extended reports (RFC 3611)."""
    RTP_STAT = "rtp-stat"
    """X-RTP-Stat and P-RTP-Stat headers."""
    RTP_AGENT = "rtp-agent"
    """HEP types 34 and 35: a probe's short and full reports."""
    HORACLIFIX = "horaclifix"
    """HEP type 38: what a session border controller says in IPFIX."""
    VQ_RTCPXR = "vq-rtcpxr"
    """RFC 6035, in PUBLISH or in HEP."""


class Told(StrEnum):
    """Who measured: what `direction` of a quality row says."""

    RECEIVED = "received"
    """Who receives the stream tells what reached it (a report block: A's receiver report is of B's stream to A)."""
    SENT = "sent"
    """Who sends the stream tells what it sent."""
    OBSERVED = "observed"
    """A probe between them."""


@dataclass(slots=True, unsafe_hash=True)
class Measured:
    """One stream as one report tells of it: RTP from source to destination.

    A value that nobody changes; not frozen because a writer makes one for every stream of every report, and freezing
    costs four times as much as making it.
    """

    kind: ReportKind
    told: Told
    source_ip: str
    source_port: int
    """0 is unknown, of both ports. An RTCP report's ports are those of the RTP stream when it says so, else its own."""
    destination_ip: str
    destination_port: int
    ssrc: int | None = None
    codec: str = ""
    """As in SDP, upper case: PCMA, G729, OPUS."""
    clock_rate_hz: int | None = None
    """What jitter was turned into milliseconds with."""
    packets: int | None = None
    lost: int | None = None
    """Packets that did not come, since the stream began or since the report before, as the report counts."""
    loss_percent: float | None = None
    jitter_ms: float | None = None
    round_trip_ms: float | None = None
    mos: float | None = None
    mos_model: str = ""
    """`reported` by the agent, or the model and its inputs in words; "" when there is no MOS."""
    callid: str = ""
    """What the body itself says it belongs to."""
    r_factor: float | None = None
    """0 to 120, from where the MOS is from."""
    sent_ssrc: int | None = None
    sent_packets: int | None = None
    """Of an RTCP sender report with a block about this stream: what its sender says of the one that it sends itself,
    the other way. `quality.senders.apart` makes a stream of it."""


@dataclass(frozen=True, slots=True)
class QualityRow:
    """A measured stream with where and when it was told: a row of view `quality`."""

    id: str
    """Of the packet that told it (`/messages/ID`)."""
    ts: int
    """Microseconds UTC, the packet's own time."""
    callid: str
    node: str
    measured: Measured


@dataclass(frozen=True, slots=True)
class LogRow:
    """A log line or an event: a row of view `logs`."""

    ts: int
    """Microseconds UTC, the packet's own time."""
    callid: str
    source_ip: str
    node: str
    kind: Kind
    """log, webrtc, isup or other."""
    text: str
    """The payload as `model.octets.text`."""
    id: str
    """`/messages/ID`."""
