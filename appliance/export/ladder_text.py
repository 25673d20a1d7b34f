"""The ladder as plain text that fits a ticket: 100 columns where the hosts allow it.

2026-11-23 UTC        10.0.0.1:5060      10.0.0.2:5060
 1 10:11:12.000123          |-----INVITE (SDP)----->|
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from appliance.calls.labels import cells, fitted, printable, shortened
from appliance.calls.ladder import Arrow, Host, Ladder
from appliance.calls.marks import Mark
from appliance.export import moments

WIDTH = 100
LEFT = 23
"""Number, time, blank."""
BEFORE, AFTER = 9, 12
"""From the times to the first host, and from the last one to the end."""
NARROWEST, WIDEST = 16, 30
"""Characters from one host to the next."""


def text(ladder: Ladder, width: int = WIDTH) -> str:
    """Heads and one line an arrow; wider than `width` only when the hosts would stand nearer than 16 characters."""
    if not ladder.hosts:
        return "no messages\n"
    canvas = _Canvas(len(ladder.hosts), width)
    lines = [*_heads(ladder, canvas), *_body(ladder, canvas), *_foot(ladder)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


@dataclass(frozen=True, slots=True)
class _Canvas:
    """Where the hosts' lines stand."""

    hosts: int
    width: int

    @property
    def gap(self) -> int:
        room = (self.width - LEFT - BEFORE - AFTER) // max(1, self.hosts - 1)
        return max(NARROWEST, min(WIDEST, room))

    def at(self, host: int) -> int:
        return LEFT + BEFORE + host * self.gap

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
        text = "".join(lines)
        lines = [text[start : start + most] for start in range(0, len(text), most)]
    if host.ports:
        lines += [host.ports[:most]]
    return lines


def _body(ladder: Ladder, canvas: _Canvas) -> Iterator[str]:
    """A line an arrow, and one for what stands beside it."""
    for number in range(len(ladder.arrows) + 1):
        if number:
            yield _line(ladder.arrows[number - 1], canvas)
        # arrows of a page keep their numbers, marks count from the page's first
        for mark in ladder.marks:
            if mark.after == number:
                yield _beside(mark)


def _beside(mark: Mark) -> str:
    more = f" and {len(mark.ids) - 1} more" if len(mark.ids) > 1 else ""
    return shortened(f"   * {moments.clock(mark.ts)} {mark.lines[0][1]}", WIDTH - len(more)) + more


def _line(arrow: Arrow, canvas: _Canvas) -> str:
    left = f"{arrow.number:>4} {moments.clock(arrow.ts)}"
    line = canvas.bare()
    line[: len(left)] = left
    if arrow.to_itself:
        return _hook(arrow, line, canvas)
    low, high = sorted((canvas.at(arrow.source), canvas.at(arrow.destination)))
    label = fitted(arrow.whole, high - low - (9 if arrow.retransmission else 5)).text
    pad = high - low - 1 - cells(label)
    shaft = "-" * (pad // 2) + label + "-" * (pad - pad // 2)
    tips = 3 if arrow.retransmission else 1
    tip = shaft[:-tips] + ">" * tips if arrow.destination > arrow.source else "<" * tips + shaft[tips:]
    return "".join(line[: low + 1]) + tip + "".join(line[high:])


def _hook(arrow: Arrow, line: list[str], canvas: _Canvas) -> str:
    at = canvas.at(arrow.source)
    last = arrow.source == canvas.hosts - 1
    text = f"<-.{fitted(arrow.whole, 40 if last else canvas.gap - 5).text}"
    return "".join(line[: at + 1]) + text + "".join(line[at + 1 + cells(text) :])


def _foot(ladder: Ladder) -> Sequence[str]:
    if len(ladder.callids) == 1:
        return ["", f"Call-ID {_callid(ladder.callids[0])}"]
    return [""] + [f"Call-ID {leg + 1}: {_callid(callid)}" for leg, callid in enumerate(ladder.callids)]


def _callid(callid: str) -> str:
    return printable(callid)
