"""The ladder as SVG: a fragment for the page (styled by the page's sheet), its heads alone, and a file of its own.

Everything is drawn by a Jinja2 template with autoescape on; what XML may not contain was replaced in the layout.
No script, no style attribute: the Content-Security-Policy `style-src 'self'` holds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from appliance.calls.labels import printable, shortened
from appliance.calls.ladder import CHAR, HOOK, ROW, Arrow, Ladder, MediaArrow
from appliance.calls.layout import HEAD_LINE
from appliance.calls.marks import Mark
from appliance.calls.picture import Picture, Times
from appliance.export import moments
from appliance.export.hues import hue, hue_of
from appliance.export.ladder_style import file_css, picture_css

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
    leg: int
    line: str
    tip: str
    time: str
    delta: str
    long: bool
    title: str
    described: str


@dataclass(frozen=True, slots=True)
class DrawnMedia:
    """A media arrow with its paths."""

    media: MediaArrow
    css: str
    line: str
    tip: str
    label_x: int


@dataclass(frozen=True, slots=True)
class DrawnMark:
    """A mark with its place, its sign and its words."""

    mark: Mark
    link: str
    sign: str
    title: str


def svg(ladder: Ladder, link: Callable[[str], str] = message_link) -> str:
    """The body for the page: no heads (see `heads`), no style; each arrow a link to `link(message id)`."""
    return _render("ladder_body.svg", ladder, link)


def heads(ladder: Ladder) -> str:
    """The hosts' heads alone, as wide as the body, for the page to keep in sight."""
    return _TEMPLATES.get_template("ladder_heads.svg").render(ladder=ladder, **_corner(ladder))


def svg_file(ladder: Ladder, link: Callable[[str], str] = message_link, title: str = "", picture: bool = False) -> str:
    """A standalone file with heads and style; as a `picture` for resvg: light only."""
    style = picture_css() if picture else file_css()
    return _render("ladder_file.svg", ladder, link, style=style, heading=printable(title), plain=picture)


def _render(template: str, ladder: Ladder, link: Callable[[str], str], **more: object) -> str:
    return _TEMPLATES.get_template(template).render(
        ladder=ladder,
        drawn=[_drawn(ladder, arrow, link) for arrow in ladder.arrows],
        media=[_media(one) for one in ladder.media],
        marks=[_mark(mark, link) for mark in ladder.marks],
        row=ROW,
        **_corner(ladder),
        **more,
    )


def _corner(ladder: Ladder) -> dict[str, object]:
    """What stands left of the heads."""
    began = ladder.arrows[0].ts if ladder.arrows else 0
    agents = {arrow.node for arrow in ladder.arrows if arrow.node}
    return {
        "day": f"{moments.day(began)} {moments.zone_name(began)}" if ladder.arrows else "",
        "agent": shortened(agents.pop(), 22) if len(agents) == 1 else "",
        "head_line": HEAD_LINE,
    }


def _drawn(ladder: Ladder, arrow: Arrow, link: Callable[[str], str]) -> Drawn:
    line, tip = _hook(arrow) if arrow.to_itself else _straight(arrow)
    first, second = _times(ladder.picture, arrow)
    most = int((abs(arrow.x2 - arrow.x1) - 16) / CHAR) if not arrow.to_itself else 40
    colour = arrow.kind if arrow.colour is None else f"own-{hue(arrow.colour)}"
    flags = ("odd", arrow.number % 2 == 0), ("again", arrow.retransmission), ("marked", arrow.marked)
    return Drawn(
        arrow,
        link(arrow.id),
        " ".join(("arrow", colour, *(name for name, holds in flags if holds))),
        hue_of(arrow.callid),
        line,
        tip,
        first,
        second,
        (arrow.delta_us or 0) >= 1_000_000,
        _title(ladder, arrow),
        shortened(arrow.described, most),
    )


def _media(one: MediaArrow) -> DrawnMedia:
    """A thick line with a head at each end; a hook where both ends are one column."""
    known = [heard.grade for heard in (one.session.there, one.session.back) if heard]
    worst = max(known, key=("unknown", "good", "fair", "bad").index, default="unknown")
    css = " ".join(("media", f"heard-{worst}", "early" if one.session.early else "", "hold" * bool(one.session.hold)))
    if one.x1 == one.x2:
        top, out = one.y - 12, one.x1 + HOOK
        line = f"M{one.x1 + TIP} {top}H{out - 6}Q{out} {top} {out} {top + 6}Q{out} {one.y} {out - 6} {one.y}"
        tip = _tip(one.x1, top, 1) + _tip(one.x1, one.y, 1)
        return DrawnMedia(one, css, f"{line}H{one.x1 + TIP}", tip, out + 8)
    line = f"M{one.x1 + TIP} {one.y}H{one.x2 - TIP}"
    return DrawnMedia(one, css, line, _tip(one.x1, one.y, 1) + _tip(one.x2, one.y, -1), (one.x1 + one.x2) // 2)


def _mark(mark: Mark, link: Callable[[str], str]) -> DrawnMark:
    """A circle for reports, a square for log lines, a diamond for events: told by shape as by colour."""
    x, y = mark.x, mark.y
    signs = {
        "report": f"M{x - 4} {y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z",
        "log": f"M{x - 4} {y - 4}h8v8h-8Z",
        "event": f"M{x} {y - 5}l5 5l-5 5l-5 -5Z",
    }
    told = [f"{moments.clock(ts)}  {words}" for ts, words in mark.lines]
    rest = len(mark.ids) - len(told)
    return DrawnMark(mark, link(mark.ids[0]), signs[mark.family], "\n".join(told + [f"… {rest} more"] * (rest > 0)))


def _straight(arrow: Arrow) -> tuple[str, str]:
    way = 1 if arrow.x2 > arrow.x1 else -1
    points = [arrow.x2 - way * (TIP - 1) * number for number in range(3 if arrow.retransmission else 1)]
    return f"M{arrow.x1} {arrow.y}H{points[-1] - way * TIP}", "".join(_tip(x, arrow.y, -way) for x in points)


def _hook(arrow: Arrow) -> tuple[str, str]:
    top, out = arrow.y - 12, arrow.x1 + HOOK
    line = (
        f"M{arrow.x1} {top}H{out - 6}Q{out} {top} {out} {top + 6}Q{out} {arrow.y} {out - 6} {arrow.y}H{arrow.x1 + TIP}"
    )
    return line, _tip(arrow.x1, arrow.y, 1)


def _tip(x: int, y: int, way: int) -> str:
    """A head whose point is at (x, y); `way` 1 when its base is to the right."""
    return f"M{x} {y}L{x + way * TIP} {y - 4}V{y + 4}Z"


def _times(picture: Picture, arrow: Arrow) -> tuple[str, str]:
    delta = "" if arrow.delta_us is None else moments.span(arrow.delta_us)
    if picture.time is Times.DELTA:
        return delta or "0", moments.clock(arrow.ts)
    if picture.time is Times.RELATIVE:
        return moments.span(arrow.since_us), delta
    return moments.clock(arrow.ts), delta


def _title(ladder: Ladder, arrow: Arrow) -> str:
    parts = [
        f"{arrow.number}  {arrow.whole.text}",
        arrow.described,
        arrow.sent,
        moments.stamp(arrow.ts),
        "" if arrow.delta_us is None else f"{moments.span(arrow.delta_us)} after the message above",
        f"agent {arrow.node}" if arrow.node else "",
        f"seen by {arrow.whole.copies}" if arrow.whole.copies > 1 else "",
        "retransmission" if arrow.retransmission else "",
        f"branch {arrow.whole.fork} of a forked INVITE" if arrow.whole.fork else "",
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
