"""A call's flow as its page and its files show it: the ladder by the address's choices, a page of it, and its links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from appliance.calls import hiding
from appliance.calls import ladder as ladders
from appliance.calls.copies import retransmitted
from appliance.calls.hosts import Hosts
from appliance.calls.ladder import Ladder
from appliance.calls.marks import split
from appliance.calls.picture import WHOLE, Picture
from appliance.export.prepared import ladder_of
from appliance.model.quality import QualityRow
from appliance.model.rows import MessageRow
from appliance.web import links
from appliance.web.found_call import FoundCall
from appliance.web.picture_query import arguments, picture_of, query_string, usual_of
from appliance.web.state import Request

MOST_DRAWN = 2000
"""Arrows on one page."""
RAW = ("normal", "wide", "off", "narrow")
"""How large the docked message is."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What an address asks of a call's flow."""

    callid: str
    at: str
    """As in the address."""
    picture: Picture
    usual: Picture
    raw: str
    body: str
    """`open` where the docked message shows its body unfolded."""

    def address(self, picture: Picture | None = None, message: str = "", page: int = 1, raw: str = "") -> str:
        """The page of the call with other choices."""
        chosen = arguments(picture or self.picture, self.usual, self.callid)
        more = {"raw": raw or self.raw, "body": self.body, "page": str(page) if page > 1 else "", "message": message}
        if more["raw"] == RAW[0]:
            more["raw"] = ""
        return links.call(self.callid) + query_string(self._with_at(chosen | more))

    def file(self, name: str, **more: str) -> str:
        """A file with the same choices."""
        chosen = arguments(self.picture, WHOLE, self.callid)
        return links.call(self.callid, name) + query_string(self._with_at(chosen | more))

    def kept(self, message: str) -> dict[str, str]:
        """What a form of choices sends along."""
        raw = "" if self.raw == RAW[0] else self.raw
        known = {"at": self.at, "raw": raw, "body": self.body, "message": message, "mark": self.picture.mark}
        return {name: value for name, value in known.items() if value}

    def _with_at(self, values: Mapping[str, str]) -> dict[str, str]:
        return {name: value for name, value in {"at": self.at, **values}.items() if value}


def flow_of(request: Request, found: FoundCall) -> Flow:
    """What this request asks. Raises HTTPException 422."""
    query, cookies = request.query_params, request.cookies
    raw = query.get("raw", "")
    return Flow(
        callid=found.callid,
        at=query.get("at", ""),
        picture=_of_call(picture_of(query, cookies, found.callid), found),
        usual=usual_of(cookies),
        raw=raw if raw in RAW else RAW[0],
        body=query.get("body", "") if query.get("body") in ("open", "folded") else "",
    )


def for_file(request: Request, found: FoundCall, quality: list[QualityRow]) -> Ladder:
    """The ladder of a file: as its address says, whatever is usual in a browser."""
    picture = _of_call(picture_of(request.query_params, {}, found.callid), found)
    return ladder_of(found.messages, found.names, picture, quality)


def _of_call(picture: Picture, found: FoundCall) -> Picture:
    """With those of the chosen legs that are this call's; when none is, all are shown."""
    return replace(picture, legs=tuple(leg for leg in picture.legs if leg in found.callids))


def shown_order(rows: Sequence[MessageRow], picture: Picture) -> list[MessageRow]:
    """The messages that a picture shows, reports and logs among them, in the order of the call."""
    arrows, aside = split(rows)
    hosts = Hosts(arrows, picture.merged_hosts)
    shown = {arrows[place].id for place in hiding.visible(arrows, hosts, retransmitted(arrows), picture)}
    shown |= {row.id for row in hiding.marks_shown(aside, picture)}
    return [row for row in rows if row.id in shown]


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """One page of a long ladder."""

    ladder: Ladder
    number: int
    of: int


def page_of(ladder: Ladder, wanted: str, message: str) -> DrawnPage:
    """The page that was asked for, else that of the chosen message, else the first."""
    count = max(1, -(-len(ladder.arrows) // MOST_DRAWN))
    if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted[:6]) <= count:
        number = int(wanted)
    else:
        place = next((n for n, arrow in enumerate(ladder.arrows) if arrow.id == message), 0)
        number = place // MOST_DRAWN + 1
    if count == 1:
        return DrawnPage(ladder, 1, 1)
    return DrawnPage(ladders.page(ladder, (number - 1) * MOST_DRAWN, MOST_DRAWN), number, count)


def anchored(address: str, message: str) -> str:
    """The same place with one message beside the ladder; the fragment marks and finds its arrow."""
    return f"{address}{'&' if '?' in address else '?'}message={quote(message)}#m-{quote(message)}"
