"""RTCP as JSON (HEP type 5): of rtpengine, captagent, heplify, Asterisk and FreeSWITCH; and pion's (type 58).

They share names and differ in the rest: `type` is that of the last packet of a compound (202 with a whole sender report
in it), numbers may be strings or signed, `report_blocks` a list or one object, `report_count` anything, and
`ntp_timestamp_usec` is mostly the NTP fraction. What is there is read, whatever the type says.
"""

from collections.abc import Mapping
from typing import Any

from appliance.quality.figures import integer, ssrc
from appliance.quality.rtcp import MAX_PARTS, RR, SR, XR, Block, Part, Sender
from appliance.quality.xr import DLRR, VOIP, Extended

MAX_BLOCKS = 31
"""As many as RTCP's five bits count."""

_BLOCK = (
    ("source_ssrc", "SSRC", "ssrc"),
    ("fraction_lost", "FractionLost"),
    ("packets_lost", "cumulative_lost", "TotalLost"),
    ("highest_seq_no", "LastSequenceNumber"),
    ("ia_jitter", "jitter", "Jitter"),
    ("lsr", "LastSenderReport"),
    ("dlsr", "Delay"),
)
_SENDER_SSRC = ("ssrc", "SSRC", "SenderSSRC")
_VOIP_ALIASES: dict[str, tuple[str, ...]] = {
    "ssrc": ("ssrc", "id", "identifier"),
    "loss_rate": ("loss_rate", "fraction_lost"),
    "discard_rate": ("discard_rate", "fraction_discard"),
    "round_trip_delay": ("round_trip_delay",),
    "end_system_delay": ("end_system_delay", "end_sys_delay"),
    "r_factor": ("r_factor", "R_fact"),
    "mos_lq": ("mos_lq", "MOS_LQ"),
    "mos_cq": ("mos_cq", "MOS_CQ"),
}
_VOIP_PLACES = ("voip_metrics", "report_blocks_xr", "Extended_report_information", "extended_report_information")
_VOIP = frozenset(_VOIP_PLACES)
_NAMES = frozenset({"sender_information", "report_blocks", "Reports", "PacketCount", *_VOIP_PLACES})


def is_rtcp(value: Any) -> bool:
    """Has the value the names of an RTCP report?"""
    return any(not _NAMES.isdisjoint(one) for one in _reports(value))


def parts(value: Any) -> tuple[Part, ...]:
    """A report, or a list of them, as the parts of a compound packet."""
    return tuple(_part(report) for report in _reports(value))


def _reports(value: Any) -> list[Mapping[str, Any]]:
    found = value if isinstance(value, list) else [value]
    return [one for one in found[:MAX_PARTS] if isinstance(one, dict)]


def _part(report: Mapping[str, Any]) -> Part:
    sender = _sender(report)
    blocks = report.get("report_blocks", report.get("Reports"))
    if isinstance(blocks, dict):
        blocks = [blocks]
    listed = blocks[:MAX_BLOCKS] if isinstance(blocks, list) else []
    packet_type = integer(report.get("type")) or (SR if sender else RR)
    extended = _extended(report)
    return Part(
        packet_type if 0 <= packet_type < 256 else XR if extended else RR,
        ssrc(_first(report, _SENDER_SSRC)),
        sender,
        tuple(_block(one) for one in listed if isinstance(one, dict)),
        extended=extended,
    )


def _sender(report: Mapping[str, Any]) -> Sender | None:
    told = report.get("sender_information")
    if isinstance(told, dict):
        seconds, fraction = told.get("ntp_timestamp_sec"), told.get("ntp_timestamp_usec")
        return Sender(seconds, fraction, told.get("rtp_timestamp"), told.get("packets"), told.get("octets"))
    if "PacketCount" in report:
        return Sender(None, None, report.get("RTPTime"), report.get("PacketCount"), report.get("OctetCount"))
    return None


def _first(values: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    for name in names:
        if name in values:
            return values[name]
    return None


def _block(told: Mapping[str, Any]) -> Block:
    source, *rest = [_first(told, names) for names in _BLOCK]
    return Block(ssrc(source), *rest)


def _extended(report: Mapping[str, Any]) -> tuple[Extended, ...]:
    """VoIP metrics; a block of zeros (rtpengine's and captagent's way to say "none") is none."""
    if _VOIP.isdisjoint(report):
        return ()
    found = []
    for place in _VOIP_PLACES:
        told = report.get(place)
        told = told[0] if isinstance(told, list) and told else told
        if not isinstance(told, dict):
            continue
        values = {name: integer(_first(told, names)) for name, names in _VOIP_ALIASES.items()}
        known = {name: value for name, value in values.items() if value is not None}
        if any(known.values()) and integer(told.get("type")) != DLRR:
            found.append(Extended(VOIP, known))
    return tuple(found)
