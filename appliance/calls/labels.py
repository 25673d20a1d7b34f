"""What stands on an arrow of a ladder, and how much of it fits."""

import unicodedata
from dataclasses import dataclass, replace

from appliance.model.kinds import Kind
from appliance.model.octets import shown
from appliance.model.rows import MessageRow

OTHER_LABELS = {
    Kind.RTCP: "RTCP",
    Kind.REPORT: "report",
    Kind.LOG: "log",
    Kind.WEBRTC: "event",
    Kind.ISUP: "ISUP",
    Kind.OTHER: "packet",
}


@dataclass(frozen=True, slots=True)
class Label:
    """`200 INVITE`, `OK`, `[A]` of a fork, whether it carries SDP, `×2`: the parts of an arrow's text, cut to fit."""

    name: str
    reason: str
    sdp: bool
    copies: int
    fork: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        fork, sdp = f"[{self.fork}]" if self.fork else "", "(SDP)" if self.sdp else ""
        marks = self.name, self.reason, fork, sdp, f"×{self.copies}" if self.copies > 1 else ""
        return tuple(part for part in marks if part)

    @property
    def text(self) -> str:
        return " ".join(self.parts)


def label(row: MessageRow, fork: str = "") -> Label:
    """The whole label of a message."""
    return Label(_name(row), printable(row.reply_reason), has_sdp(row), row.copies, fork)


def fitted(whole: Label, most: int) -> Label:
    """The same label in at most `most` cells: the reason gives way first, then the marks, the name at last."""
    room = most - cells(whole.text) + cells(whole.reason)
    if room >= cells(whole.reason):
        return whole
    shorter = (
        replace(whole, reason=shortened(whole.reason, room) if room >= 4 else ""),
        replace(whole, reason="", copies=1),
        replace(whole, reason="", copies=1, sdp=False),
        Label(whole.name, "", False, 1),
    )
    fitting = (label for label in shorter if cells(label.text) <= most)
    return next(fitting, Label(shortened(whole.name, most), "", False, 1))


def has_sdp(row: MessageRow) -> bool:
    """Whether the body is or contains a session description (a multipart only where the text is at hand)."""
    kind = row.content_type.lower()
    if "application/sdp" in kind:
        return True
    return kind.lstrip().startswith("multipart/") and row.raw is not None and b"application/sdp" in row.raw.lower()


def printable(value: str) -> str:
    """Text of the network for drawing: no lone surrogates, controls and invisible reordering as U+FFFD."""
    if value.isascii() and value.isprintable():
        return value
    return "".join("\ufffd" if unicodedata.category(char) in _UNDRAWN else char for char in shown(value))


_UNDRAWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def cells(value: str) -> int:
    """Columns of a monospaced font that a text takes: wide characters two, combining ones none."""
    if value.isascii():
        return len(value)
    return sum(_cell(char) for char in value)


def _cell(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def shortened(value: str, most: int) -> str:
    """At most `most` cells, the last one an ellipsis when something was cut."""
    if cells(value) <= most:
        return value
    kept, room = "", most - 1
    for char in value:
        room -= _cell(char)
        if room < 0:
            break
        kept += char
    return kept.rstrip() + "…"


def _name(row: MessageRow) -> str:
    if not row.method:
        return "malformed SIP" if row.kind.is_sip else OTHER_LABELS[row.kind]
    if row.is_request:
        return printable(row.method)
    return printable(f"{row.method} {row.cseq_method}".rstrip())
