"""Which fields may be asked in a view; what may not is said with the reason."""

from collections.abc import Mapping

from appliance.query.tree import Node, Term, leaves
from appliance.storage.search import columns, raw
from appliance.storage.search.question import Unsearchable

_NOT_YET = {
    "country": "countries of addresses are not known yet",
    "group": "there are no aliases and groups yet",
    "attest": "Identity headers are not read yet",
    "aor": "registrations are no view of their own yet",
    "expires": "registrations are no view of their own yet",
    "custom1": "no headers of choice can be set yet; use header.NAME:",
    "custom2": "no headers of choice can be set yet; use header.NAME:",
    "custom3": "no headers of choice can be set yet; use header.NAME:",
}
_NO_MEDIA = "media addresses are not kept apart yet; look for the address with text:"
_OF_CALLS = frozenset(columns.CALL) - frozenset(columns.SIP)
"""What only a call has: asked of the call that a log line or an event belongs to."""
FIELDS: Mapping[str, frozenset[str]] = {
    "quality": frozenset(columns.QUALITY) | frozenset(columns.CALL),
    "logs": frozenset(columns.PACKET) | _OF_CALLS | frozenset(columns.OF_REPORTS) | {"kind", "text"},
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
    if term.field in _NOT_YET:
        return f"{name} cannot be searched yet: {_NOT_YET[term.field]}"
    if view in FIELDS and term.field not in FIELDS[view]:
        return f"{name} cannot be searched in the view {view}: its rows are found by {_listed(view)}"
    if term.field == "media" and view not in FIELDS:
        return f"{name} cannot be searched yet: {_NO_MEDIA}"
    if view == "calls" and raw.is_raw(term):
        return f"{name} is read from the messages themselves: search it in the view messages"
    return None


def _listed(view: str) -> str:
    own = columns.QUALITY if view == "quality" else {*columns.PACKET, "kind", "text"}
    return ", ".join(sorted(own)) + ", and what a call has"
