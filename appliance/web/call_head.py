"""What stands above every tab of a call: parties, state, times, and the tabs themselves."""

from dataclasses import dataclass, field

from appliance.model.country import country_name
from appliance.model.rows import CallRow, MessageRow
from appliance.storage.found_legs import FoundLeg
from appliance.storage.notes import Note
from appliance.storage.pins import Pin
from appliance.web import links
from appliance.web.call_hops import Crossed, crossed
from appliance.web.found_call import FoundCall
from appliance.web.state import Request, now_us
from appliance.why.explain import explain

TABS = (
    ("flow", "Flow"),
    ("messages", "Messages"),
    ("why", "Why"),
    ("quality", "Quality"),
    ("logs", "Logs"),
    ("export", "Export"),
)


@dataclass(frozen=True, slots=True)
class Head:
    """The context of parts/_call_head.html."""

    callid: str
    call: CallRow | None
    first: MessageRow | None
    messages: int
    copies: int
    ended: int | None
    others: tuple[int, ...]
    at: int | None
    cut: bool
    legs: tuple[FoundLeg, ...] = ()
    possible: tuple[FoundLeg, ...] = ()
    chosen: tuple[str, ...] = ()
    one: bool = False
    notes: tuple[Note, ...] = ()
    pins: tuple[Pin, ...] = ()
    rows: tuple[MessageRow, ...] = field(default=(), repr=False)

    def link(self, tab: str = "", message: str = "") -> str:
        """Another part of this call, of the same legs."""
        return links.call(self.callid, tab, self.at, message, self.chosen, self.one)

    @property
    def hidden_legs(self) -> int:
        return sum(not leg.shown for leg in self.legs)

    @property
    def why(self) -> str:
        """What happened, in a sentence; made when the head is drawn, which it is not for htmx's parts of the page."""
        return explain(self.rows, self.call, now_us()).sentence if self.rows else ""

    @property
    def crossed(self) -> Crossed:
        return crossed(self.rows)

    @property
    def countries(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Code and name of the caller's and the called number's country; blank when it is not known."""
        codes = (self.call.from_country, self.call.to_country) if self.call else ("", "")
        return (codes[0], country_name(codes[0])), (codes[1], country_name(codes[1]))

    @property
    def from_user(self) -> str:
        return _party(self.call or self.first, "from")

    @property
    def to_user(self) -> str:
        return _party(self.call or self.first, "to")


def head_of(found: FoundCall, request: Request) -> Head:
    at = request.query_params.get("at")
    return Head(
        callid=found.callid,
        call=found.call,
        first=found.messages[0] if found.messages else None,
        messages=len(found.messages),
        copies=found.stored - len(found.messages),
        ended=found.call.ended if found.call else found.messages[-1].ts if found.messages else None,
        others=found.others,
        at=int(at) if at else None,
        cut=found.cut,
        legs=found.legs,
        possible=found.possible,
        chosen=found.chosen,
        one=found.one,
        notes=found.notes,
        pins=found.pins,
        rows=found.messages,
    )


def _party(row: CallRow | MessageRow | None, side: str) -> str:
    if row is None:
        return ""
    if side == "from":
        return row.from_user or row.from_domain
    return row.to_user or row.to_domain
