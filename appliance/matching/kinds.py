"""Which kinds of packets a query speaks of."""

from appliance.matching.raw import is_like
from appliance.model.kinds import Kind
from appliance.model.octets import octets
from appliance.query.tree import AnyOf, Exact, Node, Pattern, Term, Value, leaves

KINDS_OF_CALLS = (Kind.CALL, Kind.REST)
"""Where messages of a call lie: with its Call-ID, REGISTER apart, everything else is one of these."""

LINES = (Kind.LOG, Kind.WEBRTC, Kind.ISUP, Kind.OTHER)
"""What the view `logs` shows."""


def kinds_asked(root: Node | None) -> list[Kind]:
    """SIP, and the other kinds that `kind:` names."""
    named = [leaf for leaf in leaves(root) if isinstance(leaf, Term) and leaf.field == "kind"]
    return [kind for kind in Kind if kind.is_sip or any(names(leaf.value, kind) for leaf in named)]


def names(value: Value, word: str) -> bool:
    """Whether the value of `kind:` is this kind, or that of `state:` this state."""
    match value:
        case AnyOf(values):
            return any(names(each, word) for each in values)
        case Exact(text):
            return text == word
        case Pattern(pieces):
            return is_like(word.encode("ascii"), [octets(piece) for piece in pieces])
        case _:
            return False
