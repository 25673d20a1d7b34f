"""A measured stream with its MOS: the agent's own when it reported one, else the E-model's when loss is known."""

from dataclasses import replace

from appliance.model.quality import Measured, ReportKind, Told
from appliance.quality.codecs import clock_rate_hz
from appliance.quality.emodel import mos
from appliance.quality.figures import jitter_ms

REPORTED = "reported"
JITTER_BUFFER = 2.0
"""A jitter buffer is assumed to hold twice the jitter."""


def scored(one: Measured) -> Measured:
    """With MOS and its model; a function of the stream's figures alone, so that it can be made again."""
    if one.mos is not None:
        return one if one.mos_model else replace(one, mos_model=REPORTED)
    opinion = mos(one.codec, one.loss_percent, one_way_ms(one)) if one.packets != 0 else None
    if opinion is None:
        return replace(one, mos_model="") if one.mos_model else one
    return replace(one, mos=opinion.mos, mos_model=opinion.model)


def one_way_ms(one: Measured) -> float | None:
    """Half the round trip and the jitter buffer; None without a round trip."""
    if one.round_trip_ms is None:
        return None
    return one.round_trip_ms / 2 + JITTER_BUFFER * (one.jitter_ms or 0.0)


def with_codec(one: Measured, codec: str, rate_hz: int = 0) -> Measured:
    """The same with the codec that the call's SDP tells, where the report told none: jitter and MOS are made again.

    `rate_hz` is the clock of SDP's rtpmap, 0 the usual one of the codec.
    """
    if one.codec or not codec:
        return one
    told = replace(one, codec=codec)
    if one.clock_rate_hz:
        clock = rate_hz or clock_rate_hz(codec)
        jitter = jitter_ms(one.jitter_ms * one.clock_rate_hz / clock) if one.jitter_ms is not None else None
        told = replace(told, clock_rate_hz=clock, jitter_ms=jitter)
    return told if one.mos_model == REPORTED else scored(replace(told, mos=None))


def tells_something(one: Measured) -> bool:
    """Does it hold any figure?"""
    return any(value is not None for value in (one.packets, one.lost, one.loss_percent, one.jitter_ms)) or any(
        value is not None for value in (one.round_trip_ms, one.mos)
    )


Ends = tuple[tuple[str, int], tuple[str, int]]
"""Source and destination, address and port each."""


def stream(kind: ReportKind, told: Told, ends: Ends, ssrc: int | None = None, packets: int | None = None) -> Measured:
    """A stream without further figures yet."""
    (source_ip, source_port), (destination_ip, destination_port) = ends
    return Measured(kind, told, source_ip, source_port, destination_ip, destination_port, ssrc=ssrc, packets=packets)
