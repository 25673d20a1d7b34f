"""Media statistics of Janus, alone or in an event of type 32: the browser's streams as the gateway sees them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from appliance.model.quality import Measured, ReportKind, Told
from appliance.quality import figures
from appliance.quality.scored import Ends, scored, stream, tells_something


def is_media(value: Mapping[str, Any]) -> bool:
    return "packets-received" in _statistics(value)


def measured(value: Mapping[str, Any], ends: Ends) -> tuple[Measured, ...]:
    """What Janus received and what it sent; jitter is in milliseconds, addresses are those that HEP tells."""
    told = _statistics(value)
    back = (ends[1], ends[0])
    received = _stream(
        told, stream(ReportKind.RTP_AGENT, Told.RECEIVED, back), "packets-received", "lost", "jitter-local"
    )
    came = figures.count(told.get("packets-received"))
    if came is not None and received.lost is not None:
        received = replace(received, loss_percent=figures.share_percent(received.lost, came + received.lost))
    sent = _stream(
        told, stream(ReportKind.RTP_AGENT, Told.SENT, ends), "packets-sent", "lost-by-remote", "jitter-remote"
    )
    sent = replace(sent, loss_percent=figures.share_percent(sent.lost, sent.packets))
    return tuple(scored(one) for one in (received, sent) if tells_something(one))


def _statistics(value: Mapping[str, Any]) -> Mapping[str, Any]:
    event = value.get("event")
    return event if isinstance(event, dict) else value


def _stream(told: Mapping[str, Any], empty: Measured, packets: str, lost: str, jitter: str) -> Measured:
    return replace(
        empty,
        packets=figures.count(told.get(packets)),
        lost=figures.lost(told.get(lost)),
        jitter_ms=figures.jitter_ms(told.get(jitter)),
        round_trip_ms=figures.round_trip_ms(told.get("rtt")),
    )
