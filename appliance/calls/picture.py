"""How a ladder is drawn, and what of it: the choices that addresses of pages and files hold (FEATURES E3, E7)."""

from dataclasses import dataclass
from enum import StrEnum

from appliance.calls.labels import printable

RETRANSMISSIONS = "retransmissions"
MARKS = ("reports", "logs", "events")
"""Words that `hide` knows beside methods and codes."""


class Times(StrEnum):
    """What stands large in the time column."""

    ABSOLUTE = "absolute"
    DELTA = "delta"
    RELATIVE = "relative"


class Colours(StrEnum):
    """What the colour of an arrow means."""

    CLASS = "class"
    TRANSACTION = "transaction"
    CALL = "callid"


@dataclass(frozen=True, slots=True)
class Picture:
    """All of it by default."""

    time: Times = Times.ABSOLUTE
    colour: Colours = Colours.CLASS
    sdp: bool = False
    """Codecs and RTP addresses stand under the arrows."""
    media: bool = True
    hide: frozenset[str] = frozenset()
    """Methods in upper case, codes (`100`, `1xx`), `retransmissions`, and MARKS."""
    hidden_hosts: frozenset[str] = frozenset()
    """Keys of columns (`hosts.key`)."""
    merged_hosts: tuple[tuple[str, ...], ...] = ()
    """Keys of columns that are drawn as one."""
    apart: bool = False
    """Addresses with the same alias keep columns of their own."""
    legs: tuple[str, ...] = ()
    """Call-IDs that are drawn; all when there is none."""
    mark: str = ""
    """Id of the message that relative times count from; the first when there is none."""

    def shows_leg(self, callid: str) -> bool:
        return not self.legs or callid in self.legs


def host_key(address: str, port: int | None = None) -> str:
    """What names a column in an address: `10.0.0.1`, `10.0.0.1:5060`, `[2001:db8::1]:5060`."""
    if port is None:
        return printable(address)
    return f"[{printable(address)}]:{port}" if ":" in address else f"{printable(address)}:{port}"


WHOLE = Picture()
"""As it is drawn when nobody chooses anything."""
