"""A capture file as the packets that concern us, in the order in which they were complete."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from appliance.capture import classify
from appliance.capture.files import CaptureError, frames
from appliance.capture.frames import TCP, UDP, Dissector, Segment, Skipped, udp
from appliance.capture.tally import Tally
from appliance.capture.tcp import Connections, Found


@dataclass(slots=True)
class Captured:
    """One SIP message, RTCP compound or HEP frame, with where and when it was seen."""

    frame: int
    """Number of the frame that completed it, from 1."""
    time_us: int
    """Time of that frame, microseconds UTC."""
    source_ip: str
    source_port: int
    destination_ip: str
    destination_port: int
    ip_protocol: int
    protocol_type: int
    """classify.SIP, RTCP or HEP (the payload is then a HEP frame)."""
    payload: bytes
    vlan: int | None = None


def captured(path: Path, tally: Tally | None = None) -> Iterator[Captured]:
    """Read the file at `path`. Raises CaptureError when it cannot be read as a capture, with its name."""
    try:
        with path.open("rb") as file:
            yield from captured_from(file, tally)
    except CaptureError as error:
        raise CaptureError(f"{path} {error}") from error
    except OSError as error:
        raise CaptureError(f"{path} cannot be read: {error.strerror or error}") from error


def captured_from(file: BinaryIO, tally: Tally | None = None) -> Iterator[Captured]:
    """Read a capture from an open file; what is left out is counted in `tally`."""
    tally = Tally() if tally is None else tally
    dissector, connections = Dissector(tally), Connections(tally)
    for frame in frames(file, tally):
        segment = dissector.segment(frame)
        if segment is None:
            continue
        try:
            if segment.ip_protocol == UDP:
                found = _datagram(segment)
                if found is not None:
                    yield found
            elif segment.ip_protocol == TCP:
                yield from (_message(one, segment.vlan) for one in connections.feed(segment))
            else:
                raise Skipped(f"IP protocol {segment.ip_protocol}")
        except Skipped as reason:
            tally.skip(str(reason))
    dissector.end()
    yield from (_message(one, None) for one in connections.end())


def _datagram(segment: Segment) -> Captured | None:
    source_port, destination_port, payload = udp(segment)
    kind = classify.protocol_type(payload, source_port, destination_port)
    if kind is None:
        raise Skipped("UDP of another protocol")
    return Captured(
        segment.frame,
        segment.time_us,
        segment.source_ip,
        source_port,
        segment.destination_ip,
        destination_port,
        UDP,
        kind,
        payload,
        segment.vlan,
    )


def _message(found: Found, vlan: int | None) -> Captured:
    source, destination, message = found
    kind = classify.HEP if message.data[:4] == b"HEP3" else classify.SIP
    return Captured(message.frame, message.time_us, *source, *destination, TCP, kind, message.data, vlan)
