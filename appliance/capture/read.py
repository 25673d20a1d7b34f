"""A capture file as the packets that concern us, in the order in which they were complete."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from appliance.capture import classify
from appliance.capture.cutter import Message
from appliance.capture.files import CaptureError, Frame, frames
from appliance.capture.frames import SCTP, TCP, UDP, Dissector, Segment, Skipped, udp
from appliance.capture.sctp import Associations
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
    return captured_in(frames(file, tally), tally)


def captured_in(found: Iterable[Frame], tally: Tally) -> Iterator[Captured]:
    """The packets in frames, wherever those come from; what is left out is counted in `tally`."""
    dissector, transports = Dissector(tally), _Transports(tally)
    for frame in found:
        segment = dissector.segment(frame)
        if segment is None:
            continue
        try:
            yield from transports.take(segment)
        except Skipped as reason:
            tally.skip(str(reason))
    dissector.end()
    yield from transports.end()


class _Transports:
    """What UDP, TCP and SCTP carry."""

    def __init__(self, tally: Tally) -> None:
        self._connections, self._associations = Connections(tally), Associations(tally)

    def take(self, segment: Segment) -> list[Captured]:
        """The packets that a segment holds or completes. Raises Skipped."""
        if segment.ip_protocol == UDP:
            return [_datagram(segment)]
        if segment.ip_protocol == TCP:
            return [_message(one, segment.vlan) for one in self._connections.feed(segment)]
        if segment.ip_protocol == SCTP:
            found = self._associations.feed(segment)
            return [_made(segment, *one, SCTP) for one in found if classify.is_sip(one[2].data)]
        raise Skipped(f"IP protocol {segment.ip_protocol}")

    def end(self) -> list[Captured]:
        """No more frames: what connections still hold."""
        self._associations.end()
        return [_message(one, None) for one in self._connections.end()]


def _datagram(segment: Segment) -> Captured:
    source_port, destination_port, payload = udp(segment)
    message = Message(payload, segment.frame, segment.time_us)
    return _made(segment, source_port, destination_port, message, UDP)


def _made(segment: Segment, source_port: int, destination_port: int, message: Message, ip_protocol: int) -> Captured:
    kind = classify.protocol_type(message.data, source_port, destination_port)
    if kind is None:
        raise Skipped("UDP of another protocol")
    return Captured(
        message.frame,
        message.time_us,
        segment.source_ip,
        source_port,
        segment.destination_ip,
        destination_port,
        ip_protocol,
        kind,
        message.data,
        segment.vlan,
    )


def _message(found: Found, vlan: int | None) -> Captured:
    source, destination, message = found
    kind = classify.HEP if message.data[:4] == b"HEP3" else classify.SIP
    return Captured(message.frame, message.time_us, *source, *destination, TCP, kind, message.data, vlan)
