"""What a report of a call says, as data for its template: a call in, words, drawings and coloured texts out.

Everything from the network has become text without controls here; the template escapes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from appliance.calls.attempts import is_initial_invite
from appliance.calls.labels import label, printable
from appliance.calls.ladder import pages
from appliance.export import ladder_svg, moments
from appliance.export.facts import facts, title
from appliance.export.material import Material
from appliance.export.messages_text import socket
from appliance.export.prepared import ladder_of
from appliance.export.report.media import Media, media
from appliance.model.octets import text
from appliance.model.quality import LogRow
from appliance.model.rows import MessageRow
from appliance.sip.highlight import tokens

ARROWS = 14
"""Of one part of the ladder: with their heads, two fit on a page of paper, one below the facts."""
MOST_DRAWN = 1000
MOST_TEXTS = 1000
MOST_LINES = 500
MOST_COLOURED_OCTETS = 200_000


@dataclass(frozen=True, slots=True)
class Leg:
    """One Call-ID of the call."""

    callid: str
    parties: str
    began: str
    ends: str
    """Between which addresses it began."""
    messages: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A part of the ladder: two drawings, one under the other."""

    heads: str
    body: str


@dataclass(frozen=True, slots=True)
class Text:
    """A message with its envelope."""

    number: int
    anchor: str
    kind: str
    """Class of its colour: request, r1 … r6."""
    name: str
    reason: str
    clock: str
    since: str
    """After the message before."""
    way: str
    envelope: tuple[tuple[str, str], ...]
    problems: str
    tokens: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A log line or an event."""

    clock: str
    kind: str
    node: str
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    """The context of report.html."""

    title: str
    state: str
    began: str
    sentences: tuple[str, ...]
    """Why the call went as it did."""
    facts: tuple[tuple[str, str], ...]
    legs: tuple[Leg, ...]
    ladder: tuple[Drawn, ...]
    not_drawn: int
    media: tuple[Media, ...]
    lines: tuple[Line, ...]
    lines_left: int
    texts: tuple[Text, ...]
    texts_left: int
    made: str


def content(call: Material, made_us: int) -> Content:
    """The report of a call, made at `made_us`."""
    sip = call.sip
    numbered = {row.id: number for number, row in enumerate(sip[:MOST_TEXTS], 1)}
    return Content(
        title=title(call),
        state=call.call.state.value if call.call else "",
        began="" if call.started is None else moments.stamp(call.started)[:19] + " UTC",
        sentences=tuple(printable(sentence) for sentence in call.sentences),
        facts=tuple((name, words) for name, words in facts(call) if name != "State"),
        legs=tuple(_leg(callid, sip) for callid in call.callids),
        ladder=_ladder(call, numbered),
        not_drawn=max(0, len(sip) - MOST_DRAWN),
        media=media(call),
        lines=tuple(_line(row) for row in call.logs[:MOST_LINES]),
        lines_left=max(0, len(call.logs) - MOST_LINES),
        texts=tuple(_text(number, row, sip[max(0, number - 2)].ts) for number, row in enumerate(sip[:MOST_TEXTS], 1)),
        texts_left=max(0, len(sip) - MOST_TEXTS),
        made=moments.stamp(made_us)[:19] + " UTC",
    )


def _leg(callid: str, sip: Sequence[MessageRow]) -> Leg:
    rows = [row for row in sip if row.callid == callid]
    first = next((row for row in rows if is_initial_invite(row)), rows[0] if rows else None)
    if first is None:
        return Leg(printable(callid), "", "", "", 0)
    return Leg(
        printable(callid),
        f"{printable(first.from_user or first.from_domain)} → {printable(first.to_user or first.to_domain)}",
        moments.clock(first.ts),
        f"{printable(first.source_ip)} → {printable(first.destination_ip)}",
        len(rows),
    )


def _ladder(call: Material, numbered: dict[str, int]) -> tuple[Drawn, ...]:
    """In parts, each under its heads; an arrow leads to the text of its message."""
    beside = tuple(row for row in call.messages if not row.kind.is_sip)
    whole = ladder_of((*call.sip[:MOST_DRAWN], *beside), call.names, quality=call.quality)

    def link(message: str) -> str:
        return f"#message-{numbered[message]}" if message in numbered else "#lines"

    return tuple(Drawn(ladder_svg.heads(part), ladder_svg.svg(part, link)) for part in pages(whole, ARROWS))


def _line(row: LogRow) -> Line:
    words = "\n".join(printable(line) for line in row.text.replace("\r\n", "\n").strip().split("\n"))
    return Line(moments.clock(row.ts), row.kind.value, printable(row.node), words)


def _text(number: int, row: MessageRow, before_us: int) -> Text:
    whole = label(row)
    return Text(
        number=number,
        anchor=f"message-{number}",
        kind="request" if row.is_request else f"r{row.method[:1]}" if row.method else "other",
        name=whole.name,
        reason=whole.reason,
        clock=moments.clock(row.ts),
        since=moments.span(row.ts - before_us) if number > 1 else "",
        way=f"{socket(row.source_ip, row.source_port)} → {socket(row.destination_ip, row.destination_port)}",
        envelope=_envelope(row),
        problems=printable(", ".join(row.problems)),
        tokens=_tokens(row),
    )


def _envelope(row: MessageRow) -> tuple[tuple[str, str], ...]:
    """What the agent said around the message."""
    said = (
        ("Time", moments.stamp(row.ts)),
        ("Received", moments.stamp(row.arrival_ts)),
        ("Transport", row.proto),
        ("Agent", row.node),
        ("HEP protocol type", str(row.protocol_type)),
        ("Correlation id", row.correlation_id),
        ("Octets", str(row.size)),
        ("Seen by", str(row.copies) if row.copies > 1 else ""),
        ("Id", row.id),
    )
    return tuple((name, printable(value)) for name, value in said if value)


def _tokens(row: MessageRow) -> tuple[tuple[str, str], ...]:
    raw = row.raw or b""
    lines = text(raw.replace(b"\r\n", b"\n").rstrip(b"\n"))
    pieces = tokens(lines) if len(raw) <= MOST_COLOURED_OCTETS else [("text", lines)]
    return tuple((kind, _visible(piece)) for kind, piece in pieces)


def _visible(piece: str) -> str:
    """Without controls, but with the ends of lines and tabs."""
    return "\n".join("\t".join(printable(cell) for cell in line.split("\t")) for line in piece.split("\n"))
