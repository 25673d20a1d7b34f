"""Lays out a call's ladder: from messages, aliases and a picture's choices to places (calls.ladder).

Called by export.prepared for pages, files and commands. What the network sent is drawn as text only (labels.printable).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from appliance.calls import hiding, media_rows
from appliance.calls.clock import times
from appliance.calls.copies import retransmitted
from appliance.calls.forks import letters
from appliance.calls.heads import heads, positions, room
from appliance.calls.hosts import Column, Hosts
from appliance.calls.labels import Label, fitted, label, printable
from appliance.calls.ladder import BELOW, CHAR, DESCRIBED, HOOK, MARKED, ROW, Arrow, Ladder
from appliance.calls.marks import marks, split
from appliance.calls.media import Description, Session, socket
from appliance.calls.picture import WHOLE, Colours, Picture
from appliance.calls.transactions import Belongs, transactions
from appliance.model.ids import callid_hash
from appliance.model.octets import octets
from appliance.model.rows import MessageRow

GUTTER = 172
"""Number and times, left of the first column."""
LEG_GUTTER = 18
"""More on the left where legs are numbered."""
HEAD_LINE = 17


def layout(
    messages: Sequence[MessageRow],
    names: Mapping[str, str] | None = None,
    picture: Picture = WHOLE,
    descriptions: Mapping[str, Description] | None = None,
    media: Sequence[Session] = (),
) -> Ladder:
    """Lay out messages that are folded (calls.copies) and ordered (calls.order); `names` are aliases of addresses.

    `descriptions` are what the SDP of each message says (by id), `media` the sessions that came out of it.
    """
    arrows, aside = split(messages)
    hosts = Hosts(arrows, _merged(arrows, names or {}, picture))
    again = retransmitted(arrows)
    shown = hiding.visible(arrows, hosts, again, picture)
    kept = media_rows.placed(media, arrows, shown, hosts, picture) if picture.media else []
    columns = _columns(hosts, [arrows[place] for place in shown], kept)
    call = _Call(arrows, shown, again, picture, descriptions or {}, columns, hosts)
    beside = hiding.marks_shown(aside, picture)
    drawn = _drawn(call, beside, kept, names or {})
    return replace(drawn, hidden=len(arrows) - len(shown) + len(aside) - len(beside))


@dataclass(slots=True)
class _Call:
    """What the steps of a layout share."""

    rows: Sequence[MessageRow]
    shown: Sequence[int]
    again: frozenset[str]
    picture: Picture
    descriptions: Mapping[str, Description]
    columns: Sequence[Column]
    hosts: Hosts

    def ends(self, row: MessageRow) -> tuple[int, int]:
        source, destination = self.hosts.ends(row)
        return self.place(self.hosts.columns[source]), self.place(self.hosts.columns[destination])

    def place(self, column: Column) -> int:
        return self.columns.index(column)


def _drawn(
    call: _Call, aside: Sequence[MessageRow], media: Sequence[media_rows.Placed], names: Mapping[str, str]
) -> Ladder:
    rows = [call.rows[place] for place in call.shown]
    forks = letters(call.rows)
    labels = [label(row, forks.get(row.id, "")) for row in rows]
    ends = [call.ends(row) for row in rows]
    callids = tuple(dict.fromkeys(row.callid for row in call.rows))
    gutter = GUTTER + LEG_GUTTER * (len(callids) > 1)
    blank = heads(call.columns, call.hosts, names, rows)
    media_ends = [(call.place(one.left), call.place(one.right)) for one in media]
    wanted = [*(text.text for text in labels), *_described(call, rows), *(one.words for one in media)]
    wanted_ends = [*ends, *(ends if call.picture.sdp else []), *media_ends]
    xs, width = positions(blank, wanted, wanted_ends, gutter)
    arrows = _arrows(call, rows, labels, ends, xs, width, callids)
    arrows, drawn, bounds = media_rows.stacked(arrows, media, media_ends, xs, width)
    at_x = {ip: x for (ip, _), x in zip(reversed(call.columns), reversed(xs), strict=True)}
    beside = marks(aside, [arrow.ts for arrow in arrows], at_x, gutter - 12, bounds)
    hosts = tuple(replace(head, x=x) for head, x in zip(blank, xs, strict=True))
    return Ladder(
        hosts=hosts,
        arrows=tuple(arrows),
        callids=callids,
        width=width,
        head_height=12 + HEAD_LINE * max((head.height_lines for head in hosts), default=1),
        body_height=max([bounds[-1], *(one.top + ROW for one in drawn)]) + (MARKED if beside else BELOW),
        gutter=gutter,
        media=tuple(drawn),
        marks=beside,
        picture=call.picture,
    )


def _described(call: _Call, rows: Sequence[MessageRow]) -> list[str]:
    if not call.picture.sdp:
        return []
    return [call.descriptions[row.id].words if row.id in call.descriptions else "" for row in rows]


def _arrows(
    call: _Call,
    rows: Sequence[MessageRow],
    labels: Sequence[Label],
    ends: Sequence[tuple[int, int]],
    xs: Sequence[int],
    width: int,
    callids: Sequence[str],
) -> list[Arrow]:
    """Without their heights, which follow from what stands between them."""
    at_us = times(call.rows)
    legs = {callid: leg for leg, callid in enumerate(callids)}
    belongs = transactions(call.rows)
    told = _described(call, rows)
    zero_us = at_us[call.picture.mark] if call.picture.mark in at_us else at_us[call.rows[0].id] if call.rows else 0
    arrows: list[Arrow] = []
    for place, row, whole, (source, destination) in zip(call.shown, rows, labels, ends, strict=True):
        now_us = at_us[row.id]
        most = int(room(xs, width, source, destination) / CHAR)
        described = told[len(arrows)] if told else ""
        arrows.append(
            Arrow(
                id=row.id,
                number=place + 1,
                callid=row.callid,
                leg=legs[row.callid],
                source=source,
                destination=destination,
                x1=xs[source],
                x2=xs[destination],
                top=0,
                height=ROW + DESCRIBED * bool(described),
                label_x=xs[source] + HOOK + 8 if source == destination else (xs[source] + xs[destination]) // 2,
                label=fitted(whole, most),
                whole=whole,
                kind=_kind(row),
                colour=_colour(call.picture.colour, row, belongs[place]),
                retransmission=row.id in call.again,
                sent=f"{socket((row.source_ip, row.source_port))} -> "
                f"{socket((row.destination_ip, row.destination_port))} {row.proto}",
                node=printable(row.node),
                ts=now_us,
                delta_us=now_us - arrows[-1].ts if arrows else None,
                since_us=now_us - zero_us,
                exchange=belongs[place].exchange,
                transaction=belongs[place].transaction,
                described=described,
                marked=row.id == call.picture.mark,
            )
        )
    return arrows


def _colour(colours: Colours, row: MessageRow, belongs: Belongs) -> int | None:
    if colours is Colours.TRANSACTION:
        return belongs.exchange
    return callid_hash(octets(row.callid)) if colours is Colours.CALL else None


def _kind(row: MessageRow) -> str:
    if row.is_request:
        return "request"
    return f"r{row.method[0]}" if row.method[:1] in tuple("123456") else "other"


def _columns(hosts: Hosts, rows: Sequence[MessageRow], media: Sequence[media_rows.Placed]) -> list[Column]:
    """Those that something is drawn at."""
    used = {hosts.columns[end] for row in rows for end in hosts.ends(row)}
    used |= {column for one in media for column in (one.left, one.right)}
    return [column for column in hosts.columns if column in used]


def _merged(rows: Sequence[MessageRow], names: Mapping[str, str], picture: Picture) -> list[tuple[str, ...]]:
    """What somebody merged, and addresses of one alias unless they are to stand apart."""
    by_alias: dict[str, dict[str, None]] = {}
    if not picture.apart and names:
        for row in rows:
            for address in (row.source_ip, row.destination_ip):
                if names.get(address):
                    by_alias.setdefault(names[address], {})[printable(address)] = None
    return [*picture.merged_hosts, *(tuple(known) for known in by_alias.values() if len(known) > 1)]
