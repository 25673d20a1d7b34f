"""A measured stream with its MOS: the agent's own when it reported one, else the E-model's when loss is known."""

from dataclasses import replace

from appliance.model.quality import Measured, ReportKind, Told
from appliance.quality.codecs import clock_rate_hz
from appliance.quality.emodel import Opinion, mos
from appliance.quality.figures import jitter_ms

REPORTED = "reported"
MODEL = "E-model"
JITTER_BUFFER = 2.0
"""A jitter buffer is assumed to hold twice the jitter."""


def scored(one: Measured) -> Measured:
    """The stream, just made, with its MOS; a function of its figures alone, so that it can be made again."""
    if one.mos is not None:
        one.mos_model = one.mos_model or REPORTED
        return one
    opinion = modelled(one)
    if opinion is not None:
        one.mos, one.r_factor, one.mos_model = opinion
    return one


def modelled(one: Measured) -> Opinion | None:
    """What the E-model says of its figures; None of what it says nothing."""
    return mos(one.codec, one.loss_percent, one_way_ms(one)) if one.packets != 0 else None


def explained(one: Measured) -> Measured:
    """A stream as it was stored, with MOS and no more than the model's name: the model's words and its R factor."""
    if one.mos is None or one.mos_model == REPORTED:
        return one
    opinion = modelled(one)
    one.mos_model = MODEL
    if opinion is not None and opinion.mos == one.mos:
        one.r_factor, one.mos_model = opinion.r_factor, opinion.model
    return one


def one_way_ms(one: Measured) -> int | None:
    """Half the round trip and the jitter buffer, in whole milliseconds as it is told; None without a round trip."""
    if one.round_trip_ms is None:
        return None
    return round(one.round_trip_ms / 2 + JITTER_BUFFER * (one.jitter_ms or 0.0))


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
    return told if one.mos_model == REPORTED else scored(replace(told, mos=None, r_factor=None, mos_model=""))


def tells_something(one: Measured) -> bool:
    """Does it hold any figure?"""
    return not (
        one.packets is None
        and one.lost is None
        and one.loss_percent is None
        and one.jitter_ms is None
        and one.round_trip_ms is None
        and one.mos is None
        and one.r_factor is None
    )


Ends = tuple[tuple[str, int], tuple[str, int]]
"""Source and destination, address and port each."""


def stream(kind: ReportKind, told: Told, ends: Ends, ssrc: int | None = None, packets: int | None = None) -> Measured:
    """A stream without further figures yet."""
    (source_ip, source_port), (destination_ip, destination_port) = ends
    return Measured(kind, told, source_ip, source_port, destination_ip, destination_port, ssrc=ssrc, packets=packets)
