"""The traffic that `hepbox bench` sends: always the same dialogs, with distinct numbers and Call-IDs.

The dialogs are the texts in `mix/`: a line `=== KIND AGENT IP PORT > IP PORT row N leg N` before each message, where
{dialog}, {number}, {run} and {host} stand for what differs. All have a fixed width, so a datagram is made by putting
octets into a frame that was encoded once: 2 to 3 µs. A *row* is each dialog of `SHARES` once; the messages of a
dialog are spread over rows as its `row` says, so that at any time many dialogs are under way.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from operator import itemgetter
from struct import Struct

from appliance.model.packet import Packet

SHARES = {
    "answered": 2,
    "two-legs": 1,
    "challenged": 1,
    "busy": 1,
    "cancelled": 1,
    "registration": 3,
    "options": 3,
}
"""How many dialogs of each text a row has."""

SHARES_WITH_FAILURES = {**SHARES, "failed": 1}
"""The same with calls that end by a 5xx, for `hepbox bench search`."""

_KINDS = {"sip": 1, "rtcp": 5, "log": 100}
_AGENTS = {"edge-1": 2001, "core-1": 2002, "pbx-1": 2003, "media-1": 2004}
_HOST_FROM, _HOST_COUNT = 100, 150
_SCATTER, _NUMBERS = 387_420_489, 1_000_000_000
"""A multiple of an odd number that 5 does not divide: every dialog's number again, in no order."""
_FIRST_ROW = 1000
"""Dialogs are counted from here, so that those begun before the first message have a number too."""
_HEAD = re.compile(r"^=== (\w+) (\S+) (\S+) (\d+) > (\S+) (\d+) row (\d+) leg (\d+)\n", re.MULTILINE)

_SECONDS, _MICROSECONDS, _HOST = 0x7D5A7D5A, 0x0D5A7D, 177
_MARKS = {"dialog": b"~dialog~~", "number": b"~number~~", "host": b"177"}

Encode = Callable[[Packet], bytes]


@dataclass(frozen=True, slots=True)
class _Frame:
    """One message of the mix, encoded, with places to fill."""

    form: bytes
    """For the % operator."""
    pick: Callable[[tuple[bytes, ...]], tuple[bytes, ...]]
    """What goes into the places, out of (time, number, dialog, host as text, host as octet)."""
    row: int
    """How many rows after the first message of its dialog."""
    dialog: int
    """Which dialog of a row."""
    size: int


class Mix:
    """Makes HEP datagrams; `encode` is hep.encode.encode, `run` four octets that set runs apart in Call-IDs."""

    def __init__(
        self, encode: Encode, run: str = "0000", shares: Mapping[str, int] = SHARES, scattered: bool = False
    ) -> None:
        """`scattered`: numbers and Call-IDs follow one another in no order, as those of a telephone network do; an
        index over numbers that grow is no trial."""
        if len(run) != 4:
            raise ValueError("run has four characters")
        self._frames = [
            frame
            for dialog, name in enumerate(name for name, count in shares.items() for _ in range(count))
            for frame in _frames(encode, name, run, dialog)
        ]
        self._shares = dict(shares)
        self._dialogs = sum(shares.values())
        self._multiplier = _SCATTER if scattered else 1

    @property
    def row_size(self) -> int:
        """Messages of a row: after so many, all kinds have been sent in their shares."""
        return len(self._frames)

    @property
    def mean_size(self) -> float:
        """Octets of a datagram."""
        return sum(frame.size for frame in self._frames) / len(self._frames)

    def datagram(self, number: int, time_us: int) -> bytes:
        """Message `number` (from 0, below 10^9) with this time; `number_of` finds the number in its payload."""
        row, column = divmod(number, len(self._frames))
        frame = self._frames[column]
        dialog = (row - frame.row + _FIRST_ROW) * self._dialogs + frame.dialog
        dialog = dialog * self._multiplier % _NUMBERS
        host = dialog % _HOST_COUNT + _HOST_FROM
        values = (_time(time_us), b"%09d" % number, b"%09d" % dialog, _HOST_TEXTS[host], _HOST_OCTETS[host])
        return frame.form % frame.pick(values)

    def place(self, number: int) -> tuple[int, int]:
        """(row in which the dialog of a message began, how many rows after that the message is sent)."""
        row, column = divmod(number, len(self._frames))
        after = self._frames[column].row
        return row - after, after

    def about(self) -> str:
        """One line on what is sent, for the report of the benchmark."""
        shares = ", ".join(f"{count} {name}" for name, count in self._shares.items())
        return (
            f"{self.row_size} messages of {self._dialogs} dialogs ({shares}), {self.mean_size:.0f} octets each in HEP3"
        )


def number_of(payload: bytes) -> int | None:
    """The running number that a payload of the mix carries."""
    found = _NUMBER.search(payload)
    return int(found[1]) if found else None


_NUMBER = re.compile(rb'(?:X-Number: |"number":"|\[)(\d{9})(?:\r\n|"\}\Z|\]\Z)')
_HOST_TEXTS = [b"%03d" % octet for octet in range(256)]
_HOST_OCTETS = [bytes([octet]) for octet in range(256)]
_TIME_CHUNKS = Struct(">6sI6sI")
_SECONDS_HEAD, _MICROSECONDS_HEAD = b"\0\0\0\x09\0\x0a", b"\0\0\0\x0a\0\x0a"


def _time(time_us: int) -> bytes:
    return _TIME_CHUNKS.pack(_SECONDS_HEAD, time_us // 1_000_000, _MICROSECONDS_HEAD, time_us % 1_000_000)


def _frames(encode: Encode, name: str, run: str, dialog: int) -> Iterator[_Frame]:
    text = (files("appliance.capture") / "mix" / f"{name}.txt").read_text(encoding="utf-8")
    heads = list(_HEAD.finditer(text))
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        body = text[head.end() : following.start() if following else len(text)]
        encoded = encode(_packet(head, body, run))
        form, fields = _form(encoded)
        yield _Frame(form, itemgetter(*fields), int(head[7]), dialog, len(encoded))


def _packet(head: re.Match[str], body: str, run: str) -> Packet:
    kind, agent, source_ip, source_port, destination_ip, destination_port, _, leg = head.groups()
    marked = body.replace("{run}", run).encode()
    for name, mark in _MARKS.items():
        marked = marked.replace(b"{%s}" % name.encode(), mark)
    if kind == "sip":
        header, _, content = marked.replace(b"\n", b"\r\n").partition(b"\r\n\r\n")
        marked = header.replace(b"{length}", b"%d" % len(content)) + b"\r\n\r\n" + content
    else:
        marked = marked.rstrip(b"\n")
    return Packet(
        hep_version=3,
        protocol_type=_KINDS[kind],
        ip_protocol=17,
        source_ip=source_ip.replace("{host}", str(_HOST)),
        source_port=int(source_port),
        destination_ip=destination_ip.replace("{host}", str(_HOST)),
        destination_port=int(destination_port),
        time_us=_SECONDS * 1_000_000 + _MICROSECONDS,
        capture_id=_AGENTS[agent],
        node_name=agent.encode(),
        correlation_id=b"%s-%s-%s@mix.example.com" % (_MARKS["dialog"], run.encode(), leg.encode()),
        payload=marked,
    )


_PLACES = re.compile(
    b"(%s)|(%s)|(%s)|(?<=198\\.51\\.10[01]\\.)(177)|(?<=\\x00[\\x03\\x04]\\x00\\x0a\\xc6\\x33[\\x64\\x65])(\\xb1)"
    % (
        re.escape(_SECONDS_HEAD + _SECONDS.to_bytes(4, "big") + _MICROSECONDS_HEAD + _MICROSECONDS.to_bytes(4, "big")),
        _MARKS["number"],
        _MARKS["dialog"],
    ),
)
"""In a frame: time, number, dialog, host in text, host in an address chunk; groups in the order of `_Frame.pick`."""


def _form(encoded: bytes) -> tuple[bytes, list[int]]:
    """A format with %b in each place, and which value goes there."""
    parts, fields, at = [], [], 0
    for place in _PLACES.finditer(encoded):
        parts.append(encoded[at : place.start()].replace(b"%", b"%%"))
        fields.append((place.lastindex or 1) - 1)
        at = place.end()
    parts.append(encoded[at:].replace(b"%", b"%%"))
    assert 0 in fields and 1 in fields and 2 in fields, "each message has a time, a number and a dialog"
    return b"%b".join(parts), fields
