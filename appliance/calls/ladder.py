"""The layout of a call's ladder: hosts as columns, messages as arrows, everything at its place (px).

Plain data that is drawn as SVG, PNG and text. `y` counts from the top of the body, below the heads of the hosts.
Widths follow from the number of characters: the drawings use a monospaced font of 12 px.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from appliance.calls.clock import times
from appliance.calls.copies import retransmitted
from appliance.calls.hosts import Column, Hosts
from appliance.calls.labels import Label, cells, fitted, label, printable
from appliance.calls.marks import Mark, marks, split
from appliance.model.rows import MessageRow

CHAR = 7.23
"""Width of a character: 12 px DejaVu Sans Mono."""
ROW = 30
GUTTER = 172
"""Number and times, left of the first column."""
MARGIN = 24
NARROWEST, WIDEST = 128, 272
"""Limits of the distance of two neighbouring columns by the labels between them."""
HOOK = 34
"""How far an arrow to oneself swings out."""
HEAD_LINE = 17
LINE_CELLS = 22
"""Characters in one line of a head; an IPv6 address takes two."""


@dataclass(frozen=True, slots=True)
class Host:
    """One column."""

    lines: tuple[str, ...]
    """Alias or address, in one or two lines."""
    ports: str
    """`:5060`, `:5060 :5080`, empty when only short-lived ones were used."""
    title: str
    """The address, all ports, the alias."""
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Arrow:
    """One message."""

    id: str
    number: int
    """From 1, over the whole call."""
    callid: str
    leg: int
    """Index into Ladder.callids."""
    source: int
    """Column that it leaves."""
    destination: int
    x1: int
    x2: int
    y: int
    label_x: int
    label: Label
    """Cut to what fits."""
    whole: Label
    kind: str
    """request, r1 … r6 (class of a response), other."""
    retransmission: bool
    sent: str
    """`10.0.0.1:5060 -> 10.0.0.2:5060 udp`."""
    node: str
    ts: int
    """Microseconds UTC, the packet's own time on the call's one time line (calls.clock)."""
    delta_us: int
    """Since the arrow above; 0 for the first."""
    since_us: int
    """Since the first arrow."""

    @property
    def to_itself(self) -> bool:
        return self.source == self.destination

    @property
    def anchor(self) -> str:
        return f"m-{self.id}"


@dataclass(frozen=True, slots=True)
class Ladder:
    """A call drawn, or one page of it."""

    hosts: tuple[Host, ...]
    arrows: tuple[Arrow, ...]
    callids: tuple[str, ...]
    width: int
    head_height: int
    body_height: int
    marks: tuple[Mark, ...] = ()
    """Reports, log lines and events at their times; not drawn as arrows."""


def layout(messages: Sequence[MessageRow], names: Mapping[str, str] | None = None) -> Ladder:
    """Lay out messages that are folded (calls.copies) and ordered (calls.order); `names` are aliases of addresses."""
    messages, aside = split(messages)
    hosts = Hosts(messages)
    again = retransmitted(messages)
    labels = [label(row) for row in messages]
    ends = [hosts.ends(row) for row in messages]
    heads = [_head(column, hosts.ports[column], names or {}) for column in hosts.columns]
    xs, width = _positions(heads, labels, ends)
    heads = [replace(head, x=x) for head, x in zip(heads, xs, strict=True)]
    arrows = tuple(_arrows(messages, labels, ends, xs, width, again))
    at_x = {ip: x for (ip, _), x in zip(reversed(hosts.columns), reversed(xs), strict=True)}
    beside = marks(aside, [arrow.ts for arrow in arrows], at_x, GUTTER - 12)
    return Ladder(
        hosts=tuple(heads),
        arrows=arrows,
        callids=tuple(dict.fromkeys(row.callid for row in messages)),
        width=width,
        head_height=12 + HEAD_LINE * max((len(head.lines) + bool(head.ports) for head in heads), default=1),
        body_height=ROW * len(messages) + (14 if beside else 8),
        marks=beside,
    )


def pages(ladder: Ladder, size: int = 200) -> list[Ladder]:
    """The ladder cut into pages of at most `size` arrows under the same heads; one empty page of an empty call."""
    cuts = range(0, max(1, len(ladder.arrows)), size)
    return [_page(ladder, ladder.arrows[cut : cut + size]) for cut in cuts]


def _page(ladder: Ladder, arrows: tuple[Arrow, ...]) -> Ladder:
    above = arrows[0].y - ROW_LINE if arrows else 0
    first = arrows[0].number if arrows else 1
    moved = tuple(replace(arrow, y=arrow.y - above) for arrow in arrows)
    beside = tuple(
        replace(mark, after=mark.after - first + 1)
        for mark in ladder.marks
        if first - (first == 1) <= mark.after < first + len(arrows)
    )
    return replace(ladder, arrows=moved, marks=beside, body_height=ROW * len(arrows) + (14 if beside else 8))


ROW_LINE = 22
"""Where in its row an arrow's line runs; the label stands above it."""


def _head(column: Column, ports: Sequence[int], names: Mapping[str, str]) -> Host:
    address, _ = column
    name = printable(names.get(address, ""))
    lines = tuple(_lines(name)) if name else tuple(_lines(printable(address) or "?"))
    own = " ".join(f":{port}" for port in ports[:3]) + (" …" if len(ports) > 3 else "")
    title = " ".join(part for part in (name, printable(address), *(f":{port}" for port in ports[:50])) if part)
    width = max(cells(line) for line in (*lines, own))
    return Host(lines, own, title, 0, round(width * CHAR) + 20)


def _lines(text: str) -> list[str]:
    if cells(text) <= LINE_CELLS:
        return [text]
    cut = max(text.rfind(":", 0, LINE_CELLS), text.rfind(" ", 0, LINE_CELLS), text.rfind("-", 0, LINE_CELLS))
    cut = cut + 1 if cut > 3 else LINE_CELLS
    return [text[:cut], text[cut : cut + LINE_CELLS + 2]]


def _positions(
    heads: Sequence[Host], labels: Sequence[Label], ends: Sequence[tuple[int, int]]
) -> tuple[list[int], int]:
    """Where the columns stand, and the width of all: as near together as labels and heads allow."""
    gaps = [max(NARROWEST, (one.width + other.width) // 2 + 12) for one, other in pairwise(heads)]
    right = max((heads[-1].width // 2 if heads else 0), 40)
    for text, (source, destination) in zip(labels, ends, strict=True):
        wide = min(WIDEST, round(cells(text.text) * CHAR) + 30)
        first = min(source, destination)
        if source == destination and first == len(heads) - 1:
            right = max(right, HOOK + wide)
        elif abs(source - destination) <= 1:
            gaps[first] = max(gaps[first], wide + HOOK * (source == destination))
    x = GUTTER + (heads[0].width // 2 if heads else 0)
    xs = [x]
    for gap in gaps:
        xs.append(xs[-1] + gap)
    return xs[: len(heads)], xs[-1] + right + MARGIN


def _arrows(
    messages: Sequence[MessageRow],
    labels: Sequence[Label],
    ends: Sequence[tuple[int, int]],
    xs: Sequence[int],
    width: int,
    again: frozenset[str],
) -> list[Arrow]:
    at_us = times(messages)
    legs = {callid: leg for leg, callid in enumerate(dict.fromkeys(row.callid for row in messages))}
    arrows: list[Arrow] = []
    for place, (row, whole, (source, destination)) in enumerate(zip(messages, labels, ends, strict=True)):
        now_us = at_us[row.id]
        x1, x2 = xs[source], xs[destination]
        room = _room(xs, width, source, destination)
        arrows.append(
            Arrow(
                id=row.id,
                number=place + 1,
                callid=row.callid,
                leg=legs[row.callid],
                source=source,
                destination=destination,
                x1=x1,
                x2=x2,
                y=place * ROW + ROW_LINE,
                label_x=x1 + HOOK + 8 if source == destination else (x1 + x2) // 2,
                label=fitted(whole, int(room / CHAR)),
                whole=whole,
                kind=_kind(row),
                retransmission=row.id in again,
                sent=_sent(row),
                node=printable(row.node),
                ts=now_us,
                delta_us=now_us - arrows[-1].ts if arrows else 0,
                since_us=now_us - arrows[0].ts if arrows else 0,
            )
        )
    return arrows


def _room(xs: Sequence[int], width: int, source: int, destination: int) -> int:
    """Pixels that a label may take."""
    if source != destination:
        return abs(xs[destination] - xs[source]) - 22
    until = xs[source + 1] if source + 1 < len(xs) else width - MARGIN // 2
    return until - xs[source] - HOOK - 12


def _kind(row: MessageRow) -> str:
    if row.is_request:
        return "request"
    return f"r{row.method[0]}" if row.method[:1] in tuple("123456") else "other"


def _sent(row: MessageRow) -> str:
    return (
        f"{_socket(row.source_ip, row.source_port)} -> {_socket(row.destination_ip, row.destination_port)} {row.proto}"
    )


def _socket(ip: str, port: int) -> str:
    return f"[{printable(ip)}]:{port}" if ":" in ip else f"{printable(ip)}:{port}"
