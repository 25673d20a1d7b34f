"""What the sender of an RTCP report says of its own stream: kept with the report's first block, shown as a stream."""

from dataclasses import replace

from appliance.model.quality import Measured, Told


def apart(one: Measured) -> tuple[Measured, ...]:
    """The stream the other way, if the report has it, and the stream itself without."""
    if one.sent_packets is None:
        return (one,)
    sent = Measured(
        one.kind,
        Told.SENT,
        one.destination_ip,
        one.destination_port,
        one.source_ip,
        one.source_port,
        ssrc=one.sent_ssrc,
        packets=one.sent_packets,
        callid=one.callid,
    )
    return sent, replace(one, sent_ssrc=None, sent_packets=None)
