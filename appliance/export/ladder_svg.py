"""The ladder as SVG: a fragment for the page (styled by the page's sheet), its heads alone, and a file of its own.

Everything is drawn by a Jinja2 template with autoescape on; what XML may not contain was replaced in the layout.
No script, no style attribute: the Content-Security-Policy `style-src 'self'` holds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from appliance.calls.labels import printable
from appliance.calls.ladder import GUTTER, HEAD_LINE, HOOK, ROW, ROW_LINE, Arrow, Ladder
from appliance.calls.marks import Mark
from appliance.export import moments
from appliance.export.ladder_style import LEGS, file_css, picture_css

Times = Literal["absolute", "delta", "relative"]
"""What stands large in the time column."""

TIP = 8
"""Length of an arrow's head, px."""


def message_link(message_id: str) -> str:
    """Where a message's page is."""
    return "/messages/" + quote(message_id, safe="")


@dataclass(frozen=True, slots=True)
class Drawn:
    """An arrow with the strings and paths that the template puts in place."""

    arrow: Arrow
    link: str
    css: str
    line: str
    tip: str
    time: str
    delta: str
    long: bool
    title: str
    top: int


@dataclass(frozen=True, slots=True)
class DrawnMark:
    """A mark with its place, its sign and its words."""

    mark: Mark
    link: str
    y: int
    sign: str
    title: str


def svg(ladder: Ladder, link: Callable[[str], str] = message_link, times: Times = "absolute") -> str:
    """The body for the page: no heads (see `heads`), no style; each arrow a link to `link(message id)`."""
    return _render("ladder_body.svg", ladder, link, times)


def heads(ladder: Ladder) -> str:
    """The hosts' heads alone, as wide as the body, for the page to keep in sight."""
    return _render("ladder_heads.svg", ladder, message_link, "absolute")


def svg_file(
    ladder: Ladder,
    link: Callable[[str], str] = message_link,
    times: Times = "absolute",
    title: str = "",
    picture: bool = False,
) -> str:
    """A standalone file with heads and style; as a `picture` for resvg: light only."""
    style = picture_css() if picture else file_css()
    return _render("ladder_file.svg", ladder, link, times, style=style, heading=printable(title))


def _render(template: str, ladder: Ladder, link: Callable[[str], str], times: Times, **more: object) -> str:
    return _TEMPLATES.get_template(template).render(
        ladder=ladder,
        drawn=[_drawn(ladder, arrow, link, times) for arrow in ladder.arrows] if template != "ladder_heads.svg" else [],
        marks=[_mark(mark, link) for mark in ladder.marks] if template != "ladder_heads.svg" else [],
        day=moments.day(ladder.arrows[0].ts) if ladder.arrows else "",
        row=ROW,
        gutter=GUTTER,
        head_line=HEAD_LINE,
        **more,
    )


def _drawn(ladder: Ladder, arrow: Arrow, link: Callable[[str], str], times: Times) -> Drawn:
    line, tip = _hook(arrow) if arrow.to_itself else _straight(arrow)
    first, second = _times(arrow, times)
    marks = [arrow.kind, "odd" if arrow.number % 2 == 0 else "", "again" if arrow.retransmission else ""]
    return Drawn(
        arrow,
        link(arrow.id),
        " ".join(("arrow", *filter(None, marks))),
        line,
        tip,
        first,
        second,
        arrow.delta_us >= 1_000_000,
        _title(ladder, arrow),
        arrow.y - ROW_LINE,
    )


def _mark(mark: Mark, link: Callable[[str], str]) -> DrawnMark:
    """A circle for reports, a square for log lines, a diamond for events: told by shape as by colour."""
    x, y = mark.x, mark.after * ROW + 7
    signs = {
        "report": f"M{x - 4} {y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z",
        "log": f"M{x - 4} {y - 4}h8v8h-8Z",
        "event": f"M{x} {y - 5}l5 5l-5 5l-5 -5Z",
    }
    told = [f"{moments.clock(ts)}  {words}" for ts, words in mark.lines]
    rest = len(mark.ids) - len(told)
    return DrawnMark(mark, link(mark.ids[0]), y, signs[mark.family], "\n".join(told + [f"… {rest} more"] * (rest > 0)))


def _straight(arrow: Arrow) -> tuple[str, str]:
    way = 1 if arrow.x2 > arrow.x1 else -1
    points = [arrow.x2 - way * (TIP - 1) * number for number in range(3 if arrow.retransmission else 1)]
    tips = "".join(f"M{x} {arrow.y}L{x - way * TIP} {arrow.y - 4}V{arrow.y + 4}Z" for x in points)
    return f"M{arrow.x1} {arrow.y}H{points[-1] - way * TIP}", tips


def _hook(arrow: Arrow) -> tuple[str, str]:
    top, out = arrow.y - 12, arrow.x1 + HOOK
    line = (
        f"M{arrow.x1} {top}H{out - 6}Q{out} {top} {out} {top + 6}Q{out} {arrow.y} {out - 6} {arrow.y}H{arrow.x1 + TIP}"
    )
    return line, f"M{arrow.x1} {arrow.y}L{arrow.x1 + TIP} {arrow.y - 4}V{arrow.y + 4}Z"


def _times(arrow: Arrow, times: Times) -> tuple[str, str]:
    delta = moments.span(arrow.delta_us) if arrow.number > 1 else ""
    if times == "delta":
        return delta or "0", moments.clock(arrow.ts)
    if times == "relative":
        return moments.span(arrow.since_us), delta
    return moments.clock(arrow.ts), delta


def _title(ladder: Ladder, arrow: Arrow) -> str:
    seen = f"seen by {arrow.whole.copies}" if arrow.whole.copies > 1 else ""
    parts = [
        f"{arrow.number}  {arrow.whole.text}",
        arrow.sent,
        moments.stamp(arrow.ts),
        f"{moments.span(arrow.delta_us)} after the message above" if arrow.number > 1 else "",
        f"agent {arrow.node}" if arrow.node else "",
        seen,
        "retransmission" if arrow.retransmission else "",
        f"Call-ID {printable(arrow.callid)}" if len(ladder.callids) > 1 else "",
    ]
    return "\n".join(part for part in parts if part)


_TEMPLATES = Environment(
    loader=PackageLoader("appliance.export", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals["legs"] = len(LEGS)
