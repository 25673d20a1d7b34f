"""Which codec runs to which end of a call's media, by its SDP: what reports do not say of the streams they tell of.

An answer's first codec is the one that is sent both ways (RFC 3264, 6.1), until a later offer and answer replace it.
The answer is the SDP of a response to the INVITE (UPDATE, PRACK), or of the ACK when the offer came in the response.
Every hop of one transaction has ends of its own and the same codec. Without an answer an offer of one codec says it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from appliance.model.quality import Measured, QualityRow
from appliance.model.rows import MessageRow
from appliance.quality.codecs import codec
from appliance.quality.figures import integer
from appliance.quality.scored import with_codec
from appliance.sip import sdp
from appliance.sip.headers import body
from appliance.storage.media_ends import End, canonical

_RTPMAP = re.compile(rb"^a=rtpmap:[ \t]*(\d{1,3})[ \t]+[^/\r\n]{1,64}/(\d{1,6})", re.MULTILINE)
_NO_VOICE = frozenset({"TELEPHONE-EVENT", "CN", "RED", "RTX", "ULPFEC", "FLEXFEC", "FLEXFEC-03"})


class Coding(NamedTuple):
    """A codec with its RTP clock; 0 is the usual one of its name."""

    codec: str
    clock_hz: int


class _Line(NamedTuple):
    """One media line of one message."""

    ts: int
    place: int
    """Which line of its description it is: the answer's lines stand in the offer's order (RFC 3264, 5)."""
    answers: int
    """How surely it is the answer: 2 an ACK's, 1 a response's, 0 an offer."""
    end: End
    ports: tuple[int, ...]
    """Of RTP, and of RTCP where the line names another (RFC 3605)."""
    codings: tuple[Coding, ...]


class CallMedia:
    """The media of a call, by its messages in any order."""

    def __init__(self, messages: Iterable[MessageRow]) -> None:
        self._lines: dict[tuple[str, str, int | None], list[_Line]] = defaultdict(list)
        for row in messages:
            if row.kind.is_sip and row.raw and b"m=" in row.raw:
                self._lines[row.callid, row.from_tag, row.cseq] += _lines_of(row)
        self._by_end: dict[End, list[tuple[int, Coding]]] = defaultdict(list)
        for lines in self._lines.values():
            self._agree(lines)
        for known in self._by_end.values():
            known.sort()
        agreed = {coding for known in self._by_end.values() for _, coding in known}
        self._only = agreed.pop() if len(agreed) == 1 else None

    @property
    def ends(self) -> list[End]:
        """Address and port of each media line, in the order of the messages."""
        return list(dict.fromkeys(line.end for lines in self._lines.values() for line in lines))

    def _agree(self, lines: Sequence[_Line]) -> None:
        for place in {line.place for line in lines}:
            there = [line for line in lines if line.place == place and line.codings]
            answer = max(
                (line for line in there if line.answers), key=lambda line: (line.answers, line.ts), default=None
            )
            for line in there:
                agreed = answer.codings[0] if answer else line.codings[0] if len(line.codings) == 1 else None
                if agreed is not None:
                    for port in line.ports:
                        self._by_end[canonical(line.end[0]), port].append((line.ts, agreed))

    def coding(self, one: Measured, ts: int) -> Coding | None:
        """Of a stream at that time: by who receives it, else by who sends it, at the port of RTP or the one above.

        Relays and NATs have ends that no SDP names: there the call's codec holds when it has one alone.
        """
        for ip, port in ((one.destination_ip, one.destination_port), (one.source_ip, one.source_port)):
            for at in (port, port - 1) if port else ():
                known = self._by_end.get((canonical(ip), at))
                if known:
                    return next((coding for since, coding in reversed(known) if since <= ts), known[0][1])
        return self._only

    def told(self, rows: Iterable[QualityRow]) -> list[QualityRow]:
        """The rows with codec, clock and MOS by the SDP where the report names no codec."""
        return [self._told(row) for row in rows]

    def _told(self, row: QualityRow) -> QualityRow:
        coding = None if row.measured.codec else self.coding(row.measured, row.ts)
        if coding is None:
            return row
        measured = with_codec(row.measured, coding.codec, coding.clock_hz)
        return QualityRow(row.id, row.ts, row.callid, row.node, measured)


def _lines_of(row: MessageRow) -> list[_Line]:
    assert row.raw is not None
    octets = body(row.raw)
    clocks = {number.decode(): int(clock) for number, clock in _RTPMAP.findall(octets)}
    answers = 2 if row.method == "ACK" else 0 if row.is_request else 1
    return [
        _Line(row.ts, place, answers, (media.address, media.port), _ports(media), _codings(media, clocks))
        for place, media in enumerate(sdp.parse(octets).media)
        if media.address and media.port
    ]


def _ports(media: sdp.Media) -> tuple[int, ...]:
    return (media.port, media.rtcp_port) if media.rtcp_port and media.rtcp_port != media.port else (media.port,)


def _codings(media: sdp.Media, clocks: dict[str, int]) -> tuple[Coding, ...]:
    """Codecs that carry voice (or pictures), in the line's order; a format that nothing names is none."""
    found = []
    for format_, name in zip(media.formats, media.codecs, strict=True):
        known = codec(name, format_)
        if known and known not in _NO_VOICE and not (name == format_ and integer(name) is not None):
            found.append(Coding(known, clocks.get(format_, 0)))
    return tuple(found)
