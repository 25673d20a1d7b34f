"""What stands above every tab of a call: parties, state, times, and the tabs themselves."""

from dataclasses import dataclass

from appliance.model.rows import CallRow, MessageRow
from appliance.storage.found_legs import FoundLeg
from appliance.web import links
from appliance.web.found_call import FoundCall
from appliance.web.state import Request

TABS = (("flow", "Flow"), ("messages", "Messages"), ("quality", "Quality"), ("logs", "Logs"), ("export", "Export"))


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

    def link(self, tab: str = "", message: str = "") -> str:
        """Another part of this call, of the same legs."""
        return links.call(self.callid, tab, self.at, message, self.chosen, self.one)

    @property
    def hidden_legs(self) -> int:
        return sum(not leg.shown for leg in self.legs)

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
    )


def _party(row: CallRow | MessageRow | None, side: str) -> str:
    if row is None:
        return ""
    if side == "from":
        return row.from_user or row.from_domain
    return row.to_user or row.to_domain
