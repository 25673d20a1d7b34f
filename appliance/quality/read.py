"""A report that comes as a HEP packet of its own -> measured streams, and its raw values in words.

By HEP's protocol type in name (5 RTCP, 34 to 38 reports …), by its octets in fact: agents send vq-rtcpxr and JSON both
as 35, and RTCP in binary as 5.
"""

from typing import Any

from appliance.model.quality import Measured
from appliance.quality import agent_reports, janus, rtcp, rtcp_json, sip_reports, vq
from appliance.quality.json_text import looks_like_json, read_json
from appliance.quality.raw import json_fields, rtcp_fields
from appliance.quality.rtcp_streams import streams
from appliance.quality.scored import Ends

SIP = 1
MAX_PAYLOAD = 65_535


def measured(
    protocol_type: int,
    payload: bytes,
    source: tuple[str, int],
    destination: tuple[str, int],
    *,
    at_us: int | None = None,
) -> tuple[Measured, ...]:
    """The streams that a report tells of; () when it holds no figures. Never raises.

    `at_us` is the packet's time in microseconds UTC: with it, round trips are told from RTCP's LSR and DLSR.
    """
    payload = payload[:MAX_PAYLOAD]
    ends = (source, destination)
    if protocol_type == SIP:
        return sip_reports.measured(payload, source, destination)
    if looks_like_json(payload):
        return _of_json(read_json(payload), ends, at_us)
    if vq.looks_like_vq(payload):
        if _is_sip(payload):
            return sip_reports.measured(payload, source, destination)
        return vq.measured(payload, ends)
    return streams(rtcp.parts(payload), ends, at_us)


def fields(protocol_type: int, payload: bytes) -> list[tuple[str, str]]:
    """Names and values of a report for its page, in its own order; [] of what is no report. Never raises."""
    payload = payload[:MAX_PAYLOAD]
    if protocol_type == SIP or (vq.looks_like_vq(payload) and _is_sip(payload)):
        return sip_reports.fields(payload)
    if looks_like_json(payload):
        return json_fields(read_json(payload))
    if vq.looks_like_vq(payload):
        return sip_reports.vq_fields(payload)
    return rtcp_fields(rtcp.parts(payload))


def _of_json(value: Any, ends: Ends, at_us: int | None) -> tuple[Measured, ...]:
    if rtcp_json.is_rtcp(value):
        return streams(rtcp_json.parts(value), ends, at_us)
    if not isinstance(value, dict):
        return ()
    if agent_reports.is_horaclifix(value):
        return agent_reports.horaclifix(value)
    if janus.is_media(value):
        return janus.measured(value, ends)
    return agent_reports.rtp_agent(value, ends)


def _is_sip(payload: bytes) -> bool:
    return b"SIP/2.0" in payload[:2000].split(b"\n", 1)[0]
