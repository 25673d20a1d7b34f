"""Extended reports (RFC 3611): VoIP metrics, statistics summary and round trips of receivers; others by type alone."""

from dataclasses import dataclass
from struct import Struct, unpack_from

MAX_BLOCKS = 64
DLRR, SUMMARY, VOIP = 5, 6, 7

_VOIP = Struct(">IBBBBHHHHbbBBBBBBBxHHH")
_VOIP_WORDS = """
ssrc loss_rate discard_rate burst_density gap_density burst_duration gap_duration round_trip_delay end_system_delay
signal_level noise_level rerl gmin r_factor ext_r_factor mos_lq mos_cq rx_config jb_nominal jb_maximum jb_abs_max
"""
VOIP_NAMES = _VOIP_WORDS.split()
_SUMMARY = Struct(">IHHIIIIII")
_SUMMARY_WORDS = "ssrc begin_seq end_seq lost_packets dup_packets min_jitter max_jitter mean_jitter dev_jitter"
SUMMARY_NAMES = _SUMMARY_WORDS.split()


@dataclass(frozen=True, slots=True)
class Extended:
    """One report block of an extended report."""

    block_type: int
    values: dict[str, int]
    """By the names of RFC 3611 section 4, as sent; empty for types that hold no figures."""


def extended(octets: bytes) -> tuple[Extended, ...]:
    """The report blocks after the SSRC of an XR packet (section 3)."""
    found: list[Extended] = []
    at = 0
    while at + 4 <= len(octets) and len(found) < MAX_BLOCKS:
        block_type, specific, words = unpack_from(">BBH", octets, at)
        found.append(Extended(block_type, _values(block_type, specific, octets[at + 4 : at + 4 + 4 * words])))
        at += 4 + 4 * words
    return tuple(found)


def _values(block_type: int, specific: int, body: bytes) -> dict[str, int]:
    if block_type == VOIP and len(body) >= _VOIP.size:
        return dict(zip(VOIP_NAMES, _VOIP.unpack_from(body), strict=True))
    if block_type == SUMMARY and len(body) >= _SUMMARY.size:
        return {"flags": specific, **dict(zip(SUMMARY_NAMES, _SUMMARY.unpack_from(body), strict=True))}
    if block_type == DLRR and len(body) >= 12:
        ssrc, lrr, dlrr = unpack_from(">III", body)
        return {"ssrc": ssrc, "last_rr": lrr, "delay_since_last_rr": dlrr}
    return {}
