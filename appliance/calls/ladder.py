"""A call's ladder as plain data: hosts as columns, messages as arrows, everything at its place (px).

Made by calls.layout, drawn as SVG, PNG and text. `y` counts from the top of the body, below the heads of the hosts.
Widths follow from the number of characters: the drawings use a monospaced font of 12 px.
"""

from dataclasses import dataclass, replace

from appliance.calls.labels import Label
from appliance.calls.marks import Mark
from appliance.calls.media import Session
from appliance.calls.picture import WHOLE, Picture

CHAR = 7.23
"""Width of a character: 12 px DejaVu Sans Mono."""
ROW = 30
DESCRIBED = 15
"""What a row is higher with a description under its arrow."""
ROW_LINE = 22
"""Where in its row an arrow's line runs; the label stands above it."""
HOOK = 34
"""How far an arrow to oneself swings out."""
BELOW = 8
MARKED = 14
"""Left free below the last row, the latter when marks may stand there."""


@dataclass(frozen=True, slots=True)
class Host:
    """One column."""

    lines: tuple[str, ...]
    """Alias or address, in one or two lines."""
    ports: str
    """`:5060`, `:5060 :5080`, with the address where an alias stands above; empty when there is nothing to tell."""
    title: str
    """The addresses, all ports, the alias, the agents."""
    x: int
    width: int
    keys: tuple[str, ...] = ()
    """What `hosts` in an address names: several where columns were merged."""
    agents: str = ""
    """Who tells of this host, where not one agent tells everything."""
    media_only: bool = False
    """No SIP comes from here or goes here, only RTP."""

    @property
    def height_lines(self) -> int:
        return len(self.lines) + bool(self.ports) + bool(self.agents)


@dataclass(frozen=True, slots=True)
class Arrow:
    """One message."""

    id: str
    number: int
    """From 1, over the whole call, hidden ones counted."""
    callid: str
    leg: int
    """Index into Ladder.callids."""
    source: int
    """Column that it leaves."""
    destination: int
    x1: int
    x2: int
    top: int
    height: int
    label_x: int
    label: Label
    """Cut to what fits."""
    whole: Label
    kind: str
    """request, r1 … r6 (class of a response), other."""
    colour: int | None
    """Number of its transaction or Call-ID when these are told by colour."""
    retransmission: bool
    sent: str
    """`10.0.0.1:5060 -> 10.0.0.2:5060 udp`."""
    node: str
    ts: int
    """Microseconds UTC, the packet's own time on the call's one time line (calls.clock)."""
    delta_us: int | None
    """Since the arrow above; None for the first."""
    since_us: int
    """Since the first message of the call, or since the marked one."""
    exchange: int
    transaction: int
    """Numbers of calls.transactions."""
    described: str = ""
    """Codecs and RTP addresses, whole, where they are asked for."""
    marked: bool = False

    @property
    def y(self) -> int:
        return self.top + ROW_LINE

    @property
    def to_itself(self) -> bool:
        return self.source == self.destination

    @property
    def anchor(self) -> str:
        return f"m-{self.id}"


@dataclass(frozen=True, slots=True)
class MediaArrow:
    """Media between two ends."""

    session: Session
    after: int
    """Number of the arrow above it; 0 is none."""
    left: int
    """Column; that of the offer's end when `forward`."""
    right: int
    x1: int
    x2: int
    forward: bool
    top: int
    label: str
    """Cut to what fits."""
    whole: str

    @property
    def y(self) -> int:
        return self.top + ROW_LINE


@dataclass(frozen=True, slots=True)
class Ladder:
    """A call drawn, or one page of it."""

    hosts: tuple[Host, ...]
    arrows: tuple[Arrow, ...]
    callids: tuple[str, ...]
    width: int
    head_height: int
    body_height: int
    gutter: int
    """Number and times, left of the first column."""
    media: tuple[MediaArrow, ...] = ()
    marks: tuple[Mark, ...] = ()
    """Reports, log lines and events at their times; not drawn as arrows."""
    hidden: int = 0
    """Messages, reports, logs and events that the picture leaves out."""
    picture: Picture = WHOLE


def pages(ladder: Ladder, size: int = 200) -> list[Ladder]:
    """The ladder cut into pages of at most `size` arrows under the same heads; one empty page of an empty call."""
    cuts = range(0, max(1, len(ladder.arrows)), size)
    return [ladder] if len(cuts) == 1 else [page(ladder, cut, size) for cut in cuts]


def page(ladder: Ladder, start: int, size: int) -> Ladder:
    """At most `size` arrows from place `start` on, with what stands between and behind them."""
    arrows = ladder.arrows[start : start + size]
    if not arrows:
        return replace(ladder, arrows=(), media=(), marks=(), body_height=BELOW)
    first, last = start == 0, start + size >= len(ladder.arrows)
    above = 0 if first else arrows[0].top
    numbers = {arrow.number for arrow in arrows} | ({0} if first else set())
    media = tuple(replace(one, top=one.top - above) for one in ladder.media if one.after in numbers)
    marks = tuple(
        replace(mark, after=mark.after - start, y=mark.y - above)
        for mark in ladder.marks
        if start - first < mark.after <= start + len(arrows)
    )
    bottom = max(arrows[-1].top + arrows[-1].height, *(one.top + ROW + above for one in media), 0) - above
    height = ladder.body_height if first and last else bottom + (MARKED if marks else BELOW)
    moved = tuple(replace(arrow, top=arrow.top - above) for arrow in arrows)
    return replace(ladder, arrows=moved, media=media, marks=marks, body_height=height)
