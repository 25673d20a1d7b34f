"""Parts of RTCP, binary or JSON -> measured streams.

A report block tells of the stream that its sender receives: with the packet from A to B, the stream is B -> A. Sender
information tells of what A sends, A -> B: it goes with the first block, for it is a count of packets and no more. The
ports are the RTCP packet's own: one below would be a guess that multiplexing (RFC 5761) and `a=rtcp` (RFC 3605) make
wrong.

The round trip is arrival - LSR - DLSR (RFC 3550 section 6.4.1) with the packet's time as arrival: right when the agent
stands at the receiver of the report and their clocks agree, so only plausible values are kept.
"""

from collections.abc import Iterable
from dataclasses import replace

from appliance.model.quality import Measured, ReportKind, Told
from appliance.quality import figures
from appliance.quality.codecs import ASSUMED_CLOCK_HZ
from appliance.quality.rtcp import Block, Part
from appliance.quality.scored import Ends, scored, stream, tells_something
from appliance.quality.xr import DLRR, SUMMARY, VOIP, Extended

NTP_OF_UNIX_S = 2_208_988_800
MAX_PLAUSIBLE_RTT_MS = 10_000
_LOSS_TOLD, _JITTER_TOLD = 0x80, 0x20
"""Flags of RFC 3611 section 4.6."""


def streams(parts: Iterable[Part], ends: Ends, at_us: int | None = None) -> tuple[Measured, ...]:
    """Every stream that the parts tell of, in their order; `at_us` is the packet's time, microseconds UTC."""
    found: list[Measured] = []
    back = (ends[1], ends[0])
    for part in parts:
        received = [_received(block, back, at_us) for block in part.blocks if _has_received(block)]
        received = [one for one in received if tells_something(one)]
        packets = figures.count(part.sender.packets) if part.sender is not None else None
        if packets is not None and received:
            received[0].sent_ssrc, received[0].sent_packets = part.ssrc, packets
        elif packets is not None:
            found.append(stream(ReportKind.RTCP, Told.SENT, ends, part.ssrc, packets))
        found += received
        for one in part.extended:
            read = _extended(one, ends, at_us)
            found += [read] if tells_something(read) else []
    return tuple([scored(one) for one in found])


def _has_received(block: Block) -> bool:
    """A block of zeros stands for a stream of which nothing has come yet: that is no "0 % loss"."""
    return bool(
        figures.number(block.highest_sequence)
        or figures.number(block.jitter)
        or figures.number(block.fraction_lost)
        or figures.number(block.lost)
    )


def _nothing_came(block: Block) -> bool:
    """No sequence number and no jitter, whatever the count of losses: FreeSWITCH and AddPac send such."""
    return figures.integer(block.highest_sequence) == 0 and not figures.integer(block.jitter)


def _received(block: Block, ends: Ends, at_us: int | None) -> Measured:
    missing = figures.lost(block.lost)
    loss = figures.fraction_percent(block.fraction_lost)
    if (loss == 0 and _nothing_came(block)) or (figures.integer(block.fraction_lost) == 255 and not missing):
        loss = None
    jitter = figures.jitter_of_units(block.jitter, ASSUMED_CLOCK_HZ)
    (source_ip, source_port), (destination_ip, destination_port) = ends
    return Measured(
        ReportKind.RTCP,
        Told.RECEIVED,
        source_ip,
        source_port,
        destination_ip,
        destination_port,
        ssrc=block.ssrc,
        lost=missing,
        loss_percent=loss,
        jitter_ms=jitter,
        clock_rate_hz=ASSUMED_CLOCK_HZ if jitter is not None else None,
        round_trip_ms=round_trip_ms(at_us, block.lsr, block.dlsr),
    )


def round_trip_ms(at_us: int | None, last: object, delay: object) -> float | None:
    """Arrival - LSR - DLSR in units of 1/65536 s, modulo 2^32; None when there is no LSR or it is implausible."""
    then, since = figures.ssrc(last), figures.ssrc(delay)
    if at_us is None or not then or since is None:
        return None
    arrival = (at_us + NTP_OF_UNIX_S * 1_000_000) * 65536 // 1_000_000
    found = ((arrival - then - since) & 0xFFFFFFFF) / 65.536
    return round(found, 3) if 0 < found <= MAX_PLAUSIBLE_RTT_MS else None


def _extended(one: Extended, ends: Ends, at_us: int | None) -> Measured:
    told, back = one.values, (ends[1], ends[0])
    empty = stream(ReportKind.RTCP_XR, Told.RECEIVED, back)
    if one.block_type == VOIP:
        return _voip(told, empty)
    if one.block_type == SUMMARY and told:
        return _summary(told, empty)
    if one.block_type == DLRR and told:
        round_trip = round_trip_ms(at_us, told["last_rr"], told["delay_since_last_rr"])
        return replace(empty, source_ip=ends[0][0], source_port=ends[0][1], destination_ip=ends[1][0],
                       destination_port=ends[1][1], round_trip_ms=round_trip)  # fmt: skip
    return empty


def _voip(told: dict[str, int], empty: Measured) -> Measured:
    """Section 4.7; MOS in tenths, the conversational one first since delay is in it, 127 is unavailable."""
    conversational = figures.opinion_of(told.get("mos_cq"), 10)
    listening = figures.opinion_of(told.get("mos_lq"), 10)
    return replace(
        empty,
        ssrc=figures.ssrc(told.get("ssrc")) or None,
        loss_percent=figures.fraction_percent(told.get("loss_rate")),
        round_trip_ms=figures.round_trip_ms(told.get("round_trip_delay")),
        mos=conversational if conversational is not None else listening,
        r_factor=figures.r_factor(told.get("r_factor")),
    )


def _summary(told: dict[str, int], empty: Measured) -> Measured:
    """Section 4.6: counts of the packets from begin_seq up to end_seq, which is not among them."""
    expected = (told["end_seq"] - told["begin_seq"]) & 0xFFFF
    missing = figures.lost(told["lost_packets"]) if told["flags"] & _LOSS_TOLD else None
    if missing is not None and missing > expected:
        missing = None
    jitter = figures.jitter_of_units(told["mean_jitter"], ASSUMED_CLOCK_HZ) if told["flags"] & _JITTER_TOLD else None
    return replace(
        empty,
        ssrc=told["ssrc"],
        lost=missing,
        loss_percent=figures.share_percent(missing, expected),
        jitter_ms=jitter,
        clock_rate_hz=ASSUMED_CLOCK_HZ if jitter is not None else None,
    )
