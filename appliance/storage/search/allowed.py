"""Which fields may be asked in a view; what may not is said with the reason."""

from collections.abc import Mapping

from appliance.matching import raw
from appliance.model.registrations import RegistrationState
from appliance.model.rows import CallState
from appliance.query import custom
from appliance.query.addresses import dotted_prefix
from appliance.query.tree import Addresses, Exact, Node, Term, Value, alternatives, leaves
from appliance.storage.search import binding_columns, columns
from appliance.storage.search.question import Unsearchable

_NOT_YET = {
    "attest": "Identity headers are not read yet",
}
_NO_HEADER = "name up to three headers in [sip] custom_headers, or use header.NAME:"
_OF_CALLS = frozenset(columns.CALL) - frozenset(columns.SIP)
"""What only a call has: asked of the call that a log line or an event belongs to."""
_OF_REGISTRATIONS = binding_columns.NAMES - frozenset(columns.SIP) - frozenset(columns.CALL)
_STATES = (tuple(state.value for state in CallState), tuple(state.value for state in RegistrationState))
FIELDS: Mapping[str, frozenset[str]] = {
    "quality": frozenset(columns.QUALITY) | frozenset(columns.CALL),
    "logs": frozenset(columns.PACKET) | _OF_CALLS | frozenset(columns.OF_REPORTS) | {"kind", "text"},
    "registrations": binding_columns.NAMES,
    "dialogs": frozenset(columns.SIP) | raw.FIELDS,
}
"""Views that have fewer fields than calls and messages."""


def check(root: Node | None, view: str) -> None:
    """Raises Unsearchable for the first field that cannot be searched in this view."""
    for leaf in leaves(root):
        if isinstance(leaf, Term):
            reason = _reason(leaf, view)
            if reason:
                raise Unsearchable(reason, leaf.position)


def _reason(term: Term, view: str) -> str | None:
    name = f"header.{term.header}" if term.header else term.field
    if term.field in custom.FIELDS:
        return f"there is no header for {name}: {_NO_HEADER}"
    if term.field in _NOT_YET:
        return f"{name} cannot be searched yet: {_NOT_YET[term.field]}"
    if view in FIELDS and term.field not in FIELDS[view]:
        return f"{name} cannot be searched in the view {view}: its rows are found by {_listed(view)}"
    if term.field in _OF_REGISTRATIONS and view != "registrations":
        return f"{name} is of registrations: search it in the view registrations"
    if term.field == "state":
        return _state_of_another(term, view)
    if term.field == "media" and view not in FIELDS and not _is_of_octets(term.value):
        return f"{name} is told in words: give an address, with a port if wanted, or a network of whole octets"
    return None


def _is_of_octets(value: Value) -> bool:
    """Whether all addresses of it are single ones, or networks that a dotted beginning names."""
    several = alternatives(value)
    ranges = [one for one in several if isinstance(one, Addresses)]
    return all(one.first == one.last or dotted_prefix(one.first, one.last) is not None for one in ranges)


def _state_of_another(term: Term, view: str) -> str | None:
    """Calls and registrations have states of their own."""
    of_registrations = view == "registrations"
    states = _STATES[of_registrations]
    values = alternatives(term.value)
    for value in values:
        if isinstance(value, Exact) and value.text not in states:
            whose = "a registration" if of_registrations else "a call"
            return f"{value.text} is no state of {whose}: those are {', '.join(states)}"
    return None


def _listed(view: str) -> str:
    if view in ("registrations", "dialogs"):
        return ", ".join(sorted(FIELDS[view]))
    own = columns.QUALITY if view == "quality" else {*columns.PACKET, "kind", "text"}
    return ", ".join(sorted(own)) + ", and what a call has"
