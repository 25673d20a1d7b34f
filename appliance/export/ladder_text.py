"""The ladder as plain text that fits a ticket: 100 columns where the hosts allow it, else 120, else what they need.

2026-11-23 UTC        10.0.0.1:5060      10.0.0.2:5060
 1 10:11:12.000123          |-----INVITE (SDP)----->|
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from appliance.calls.labels import cells, fitted, printable, shortened
from appliance.calls.ladder import Arrow, Host, Ladder, MediaArrow
from appliance.calls.marks import Mark
from appliance.calls.media_rows import labels
from appliance.calls.picture import Times
from appliance.export import moments

WIDTH = 100
WIDEST_TICKET = 120
LEFT = 23
"""Number, time, blank."""
LEG = 4
"""More for the number of the leg where there are several."""
BEFORE, AFTER = 9, 12
"""From the times to the first host, and from the last one to the end."""
NARROWEST, WIDEST = 16, 30
"""Characters from one host to the next."""
MOST_TOLD = 60
"""Characters of what is described under an arrow."""
CRAMPED = 12
"""The same where many hosts are to fit a ticket."""


def text(ladder: Ladder, width: int = WIDTH) -> str:
    """Heads and one line an arrow; wider than `width` only when the hosts would stand nearer than 16 characters."""
    if not ladder.hosts:
        return "\n".join(["no messages", *_hidden(ladder)]).strip() + "\n"
    canvas = _Canvas(len(ladder.hosts), width, LEFT + LEG * (len(ladder.callids) > 1))
    lines = [*_heads(ladder, canvas), *_body(ladder, canvas), *_foot(ladder)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


@dataclass(frozen=True, slots=True)
class _Canvas:
    """Where the hosts' lines stand."""

    hosts: int
    width: int
    left: int

    @property
    def gap(self) -> int:
        between = max(1, self.hosts - 1)
        room = (self.width - self.left - BEFORE - AFTER) // between
        if room >= NARROWEST:
            return min(WIDEST, room)
        room = (WIDEST_TICKET - self.left - BEFORE - AFTER) // between
        return room if room >= CRAMPED else NARROWEST

    def at(self, host: int) -> int:
        return self.left + BEFORE + host * self.gap

    def bare(self) -> list[str]:
        line = [" "] * (self.at(self.hosts - 1) + 1)
        for host in range(self.hosts):
            line[self.at(host)] = "|"
        return line


def _heads(ladder: Ladder, canvas: _Canvas) -> list[str]:
    titles = [_title_lines(host, canvas.gap - 1) for host in ladder.hosts]
    height = max(len(lines) for lines in titles)
    day = moments.day(ladder.arrows[0].ts) + " UTC" if ladder.arrows else ""
    heads = []
    for number in range(height):
        line = day if number == height - 1 else ""
        for host, lines in enumerate(titles):
            part = lines[number] if number < len(lines) else ""
            line = line.ljust(max(len(line) + (host > 0), canvas.at(host) - cells(part) // 2)) + part
        heads.append(line)
    return heads


def _title_lines(host: Host, most: int) -> list[str]:
    lines = list(host.lines)
    if any(cells(line) > most for line in lines):
        whole = "".join(lines)
        lines = [whole[start : start + most] for start in range(0, len(whole), most)]
    return [*lines, *(part[:most] for part in (host.ports, host.agents) if part)]


def _body(ladder: Ladder, canvas: _Canvas) -> Iterator[str]:
    """A line an arrow, and one for what is described by it, stands behind it or beside it."""
    media = list(ladder.media)
    marks = list(ladder.marks)
    for number in range(len(ladder.arrows) + 1):
        arrow = ladder.arrows[number - 1] if number else None
        if arrow:
            yield _line(ladder, arrow, canvas)
            if arrow.described:
                yield _between(arrow.described, arrow.source, arrow.destination, canvas)
        above = arrow.number if arrow else 0
        while media and media[0].after == above:
            yield _media(media.pop(0), canvas)
        # arrows of a page keep their numbers, marks count from the page's first
        while marks and marks[0].after <= number:
            yield _beside(marks.pop(0))


def _beside(mark: Mark) -> str:
    more = f" and {len(mark.ids) - 1} more" if len(mark.ids) > 1 else ""
    return shortened(f"   * {moments.clock(mark.ts)} {mark.lines[0][1]}", WIDTH - len(more)) + more


def _line(ladder: Ladder, arrow: Arrow, canvas: _Canvas) -> str:
    leg = f" [{arrow.leg + 1}]" if len(ladder.callids) > 1 else ""
    left = f"{arrow.number:>4} {_time(ladder, arrow):<15}{leg}"
    line = canvas.bare()
    line[: len(left)] = left
    if arrow.to_itself:
        return _hook(arrow, line, canvas)
    low, high = sorted((canvas.at(arrow.source), canvas.at(arrow.destination)))
    label = fitted(arrow.whole, high - low - (9 if arrow.retransmission else 5)).text
    tips = 3 if arrow.retransmission else 1
    ends = ("", ">" * tips) if arrow.destination > arrow.source else ("<" * tips, "")
    return "".join(line[: low + 1]) + _shaft(label, high - low - 1, "-", ends) + "".join(line[high:])


def _time(ladder: Ladder, arrow: Arrow) -> str:
    if ladder.picture.time is Times.DELTA:
        return "0" if arrow.delta_us is None else moments.span(arrow.delta_us)
    return moments.span(arrow.since_us) if ladder.picture.time is Times.RELATIVE else moments.clock(arrow.ts)


def _shaft(label: str, room: int, stroke: str, ends: tuple[str, str]) -> str:
    """A label in the middle of a line of strokes with tips at its ends."""
    pad = room - cells(label)
    line = stroke * (pad // 2) + label + stroke * (pad - pad // 2)
    return ends[0] + line[len(ends[0]) : len(line) - len(ends[1])] + ends[1]


def _media(one: MediaArrow, canvas: _Canvas) -> str:
    line = canvas.bare()
    words = labels(one.session, one.forward)
    low, high = canvas.at(one.left), canvas.at(one.right)
    if low == high:
        return _put(line, low + 1, f"<=.{words[0]}")
    label = next((text for text in words if cells(text) <= high - low - 5), shortened(words[-1], high - low - 5))
    return "".join(line[: low + 1]) + _shaft(label, high - low - 1, "=", ("<", ">")) + "".join(line[high:])


def _between(words: str, source: int, destination: int, canvas: _Canvas) -> str:
    """Words under an arrow: between its hosts, over the lines of others where they are longer."""
    low, high = sorted((canvas.at(source), canvas.at(destination)))
    line = canvas.bare()
    if low == high or cells(words) > high - low - 3:
        return _put(line, low + 2, f"{shortened(words, MOST_TOLD)} ")
    return "".join(line[: low + 1]) + _shaft(words, high - low - 1, " ", ("", "")) + "".join(line[high:])


def _put(line: Sequence[str], at: int, words: str) -> str:
    return "".join(line[:at]) + words + "".join(line[at + cells(words) :])


def _hook(arrow: Arrow, line: Sequence[str], canvas: _Canvas) -> str:
    last = arrow.source == canvas.hosts - 1
    words = f"<-.{fitted(arrow.whole, 40 if last else canvas.gap - 5).text}"
    return _put(line, canvas.at(arrow.source) + 1, words)


def _foot(ladder: Ladder) -> Sequence[str]:
    if len(ladder.callids) == 1:
        return ["", f"Call-ID {printable(ladder.callids[0])}", *_hidden(ladder)]
    legs = [f"Call-ID {leg + 1}: {printable(callid)}" for leg, callid in enumerate(ladder.callids)]
    return ["", *legs, *_hidden(ladder)]


def _hidden(ladder: Ladder) -> list[str]:
    if not ladder.hidden:
        return []
    return ["1 message is hidden" if ladder.hidden == 1 else f"{ladder.hidden} messages are hidden"]
