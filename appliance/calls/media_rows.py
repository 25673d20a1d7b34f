"""Where media stands in a ladder: which columns its ends have, behind which arrow, and how the rows stack up."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from appliance.calls.heads import room
from appliance.calls.hosts import Column, Hosts, key
from appliance.calls.labels import cells, printable, shortened
from appliance.calls.ladder import CHAR, ROW, Arrow, MediaArrow
from appliance.calls.media import End, Session, socket
from appliance.calls.picture import Picture
from appliance.model.rows import MessageRow


@dataclass(frozen=True, slots=True)
class Placed:
    """A session with its columns, left to right, and how many drawn arrows stand above it."""

    session: Session
    left: Column
    right: Column
    forward: bool
    """The offer's end is the left one."""
    above: int

    @property
    def words(self) -> str:
        return labels(self.session, self.forward)[0]


def placed(
    media: Sequence[Session], rows: Sequence[MessageRow], shown: Sequence[int], hosts: Hosts, picture: Picture
) -> list[Placed]:
    """The sessions of legs and hosts that are drawn; a host that only media goes to gets a column here."""
    numbers = {row.id: number for number, row in enumerate(rows)}
    ends: list[tuple[Session, Column, Column]] = []
    for session in media:
        if not picture.shows_leg(session.callid) or session.after not in numbers:
            continue
        one, other = _columns(session, hosts)
        if picture.hidden_hosts.isdisjoint((key(one), key(other))):
            ends.append((session, one, other))
    found = []
    for session, one, other in ends:
        forward = hosts.columns.index(one) <= hosts.columns.index(other)
        left, right = (one, other) if forward else (other, one)
        found.append(Placed(session, left, right, forward, bisect_right(shown, numbers[session.after])))
    return sorted(found, key=lambda one: one.above)


def stacked(
    arrows: Sequence[Arrow],
    media: Sequence[Placed],
    ends: Sequence[tuple[int, int]],
    xs: Sequence[int],
    width: int,
) -> tuple[list[Arrow], list[MediaArrow], list[int]]:
    """Everything at its height, and the bounds between the arrows, from that above the first on."""
    top, bounds = 0, [0]
    waiting = list(zip(media, ends, strict=True))
    rows, drawn = [], []
    for number in range(len(arrows) + 1):
        if number:
            arrow = replace(arrows[number - 1], top=top)
            rows.append(arrow)
            top += arrow.height
            bounds.append(top)
        while waiting and waiting[0][0].above == number:
            one, (left, right) = waiting.pop(0)
            most = int(room(xs, width, left, right) / CHAR)
            above = arrows[number - 1].number if number else 0
            drawn.append(_arrow(one, above, (left, right), xs, top, most))
            top += ROW
    return rows, drawn, bounds


def labels(session: Session, forward: bool) -> list[str]:
    """The label in full and shorter and shorter."""
    left, right = session.ends if forward else session.ends[::-1]
    to_right, to_left = (session.there, session.back) if forward else (session.back, session.there)
    name = " ".join(part for part in (session.type if session.type != "audio" else "", session.codec) if part)
    state = " ".join(part for part in (name or "media", "early" if session.early else "", session.hold) if part)
    mos = [f"{way} {heard.mos:.1f}" for way, heard in (("→", to_right), ("←", to_left)) if heard]
    quality = f"MOS {' '.join(mos)}" if mos else ""
    ports = f":{left[1]} ↔ :{right[1]}" + (f" at {printable(session.relay)}" if session.relay else "")
    full = [state, ports, quality], [state, quality], [state], [name]
    return [" · ".join(part for part in parts if part) for parts in full]


def _arrow(one: Placed, above: int, ends: tuple[int, int], xs: Sequence[int], top: int, most: int) -> MediaArrow:
    known = labels(one.session, one.forward)
    fitting = next((text for text in known if cells(text) <= most), shortened(known[-1], most))
    return MediaArrow(
        session=one.session,
        after=above,
        left=ends[0],
        right=ends[1],
        x1=xs[ends[0]],
        x2=xs[ends[1]],
        forward=one.forward,
        top=top,
        label=fitting,
        whole=f"{known[0]}\n{socket(one.session.ends[0])} ↔ {socket(one.session.ends[1])}",
    )


def _columns(session: Session, hosts: Hosts) -> tuple[Column, Column]:
    """Those of both ends; of who told them when both are one relay, which both send to."""
    if session.relay and hosts.of_address(session.relay) is None:
        return hosts.column(session.tellers[0]), hosts.column(session.tellers[1])
    one, other = (_column(end, teller, hosts) for end, teller in zip(session.ends, session.tellers, strict=True))
    return one, other


def _column(end: End, teller: End, hosts: Hosts) -> Column:
    """That of who told it when the address is the same, else of the address, else a new one beside who told it."""
    beside = hosts.column(teller)
    if end[0] == teller[0]:
        return beside
    return hosts.of_address(end[0]) or hosts.add((end[0], None), beside)
