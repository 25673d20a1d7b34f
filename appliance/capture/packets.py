"""Packets as an agent would have told them, made of what a capture holds."""

from collections.abc import Callable, Iterable, Iterator

from appliance.capture import classify
from appliance.capture.read import Captured
from appliance.capture.tally import Tally
from appliance.model.packet import Packet

LATEST_US = (1 << 32) * 1_000_000
"""HEP carries the seconds in 32 bits."""


def packets(
    found: Iterable[Captured], unwrap: Callable[[bytes], Packet], node: bytes, tally: Tally | None = None
) -> Iterator[Packet]:
    """SIP and RTCP as packets of the agent `node`; HEP frames as what they carry, with their own agent.

    `unwrap` decodes a HEP frame, raising ValueError; such a frame is counted and left out. A packet in HEP
    without a time of its own has that of its frame. A time that HEP cannot carry is left out.
    """
    tally = Tally() if tally is None else tally
    for one in found:
        if one.protocol_type != classify.HEP:
            yield _told(one, node)
            continue
        try:
            packet = unwrap(one.payload)
        except ValueError:
            tally.skip("HEP that cannot be decoded")
            continue
        if packet.time_us is None:
            packet.time_us = _time(one.time_us)
        yield packet


def _told(one: Captured, node: bytes) -> Packet:
    return Packet(
        hep_version=3,
        protocol_type=one.protocol_type,
        ip_protocol=one.ip_protocol,
        source_ip=one.source_ip,
        source_port=one.source_port,
        destination_ip=one.destination_ip,
        destination_port=one.destination_port,
        time_us=_time(one.time_us),
        capture_id=None,
        node_name=node,
        correlation_id=b"",
        payload=one.payload,
        vlan=one.vlan,
    )


def _time(time_us: int) -> int | None:
    return time_us if 0 < time_us < LATEST_US else None
