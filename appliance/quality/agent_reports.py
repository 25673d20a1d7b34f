"""Reports of probes as JSON: RTP agents (HEP types 34 full, 35 short, 36 and 37 of RTCP) and horaclifix (38).

Jitter is in milliseconds in all of them. MOS and R factor of horaclifix are in hundredths.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from appliance.model.quality import Measured, ReportKind, Told
from appliance.quality import figures
from appliance.quality.addresses import host_port
from appliance.quality.codecs import codec
from appliance.quality.scored import Ends, scored, stream, tells_something


def is_horaclifix(report: Mapping[str, Any]) -> bool:
    return any(name.startswith(("INC_", "OUT_")) for name in report)


def rtp_agent(report: Mapping[str, Any], ends: Ends) -> tuple[Measured, ...]:
    """The stream that a probe watched; its addresses are in the full report, else those that HEP tells."""
    first = _first_of(report)
    missing = figures.lost(first("PACKET_LOSS", "CUM_PACKET_LOSS"))
    packets = figures.count(first("TOTAL_PK"))
    expected = figures.count(first("EXPECTED_PK"))
    if expected is None and packets is not None and missing is not None:
        expected = packets + missing
    loss = figures.share_percent(missing, expected)
    one = replace(
        stream(ReportKind.RTP_AGENT, Told.OBSERVED, _ends(report, ends)),
        ssrc=figures.ssrc(first("SSRC")),
        codec=codec(first("CODEC_NAME"), first("CODEC_PT")),
        packets=packets,
        lost=missing,
        loss_percent=figures.percent(first("PERCENTAGE_LOSS")) if loss is None else loss,
        jitter_ms=figures.jitter_ms(first("JITTER", "MEAN_JITTER", "INTERARRIVAL_JITTER")),
        round_trip_ms=figures.round_trip_ms(first("RTT", "ROUND_TRIP")),
        mos=figures.opinion(first("MOS", "MEAN_MOS")),
        r_factor=figures.r_factor(first("RFACTOR", "MEAN_RFACTOR")),
        callid=figures.words(first("RTP_SIP_CALL_ID", "CORRELATION_ID")),
    )
    return (scored(one),) if tells_something(one) else ()


def horaclifix(report: Mapping[str, Any]) -> tuple[Measured, ...]:
    """The streams of the caller's and the callee's side, as the session border controller counted them."""
    sides = (_side(report, "INC", "CALLER"), _side(report, "OUT", "CALLEE"))
    return tuple(scored(one) for one in sides if tells_something(one))


def _side(report: Mapping[str, Any], leg: str, party: str) -> Measured:
    def end(name: str) -> tuple[str, int]:
        ip, port = report.get(f"{party}_{name}_IP"), report.get(f"{party}_{name}_PORT")
        return figures.address(ip), figures.port(port)

    first = _first_of(report)
    packets, missing = figures.count(first(f"{leg}_RTP_PK")), figures.lost(first(f"{leg}_RTP_PK_LOSS"))
    expected = packets + missing if packets is not None and missing is not None else None
    return replace(
        stream(ReportKind.HORACLIFIX, Told.OBSERVED, (end("SRC"), end("DST"))),
        packets=packets,
        lost=missing,
        loss_percent=figures.share_percent(missing, expected),
        jitter_ms=figures.jitter_ms(first(f"{leg}_RTP_AVG_JITTER")),
        round_trip_ms=figures.round_trip_ms(first(f"{leg}_RTCP_AVG_LAT")),
        mos=figures.opinion_of(first(f"{leg}_MOS"), 100),
        r_factor=figures.r_factor_of(first(f"{leg}_RVAL"), 100),
        callid=figures.words(first(f"{leg}_ID")),
    )


def _first_of(report: Mapping[str, Any]) -> Any:
    def first(*names: str) -> Any:
        """The first that is there and not empty."""
        return next((report[name] for name in names if report.get(name) not in (None, "")), None)

    return first


def _ends(report: Mapping[str, Any], ends: Ends) -> Ends:
    source = figures.address(report.get("SRC_IP")), figures.port(report.get("SRC_PORT"))
    destination = figures.address(report.get("DST_IP")), figures.port(report.get("DST_PORT"))
    if source[0] and destination[0]:
        return source, destination
    named = report.get("REPORT_NAME")
    ip, port = host_port(named) if isinstance(named, str) else ("", 0)
    ip = figures.address(ip)
    if not ip:
        return ends
    if ip == ends[1][0] and ip != ends[0][0]:
        return (ip, port or ends[1][1]), ends[0]
    return (ip, port or (ends[0][1] if ip == ends[0][0] else 0)), ends[1]
