"""What can be watched: messages, lines of logs and reports, by what they say themselves before anybody knows their
call; and calls, by what their record says."""

from appliance.matching import fields
from appliance.model.aliases import NONE, Aliases
from appliance.query.aliased import with_aliases
from appliance.query.fields import FIELDS
from appliance.query.parse import parse
from appliance.query.tree import Node, Term, asks_for_a_port, leaves
from appliance.storage.search import Unsearchable, allowed

VIEWS = ("messages", "calls", "quality", "logs")
_OF_CALLS = (frozenset(fields.CALL) - frozenset(fields.SIP)) | frozenset(fields.OF_REPORTS)
"""What only the call knows, some seconds after its messages."""
_OF_RECORDS = frozenset(fields.CALL) - fields.WHOLE_CALL


def read(line: str, view: str, aliases: Aliases = NONE) -> Node | None:
    """The tree of a line. Raises QueryError."""
    root = with_aliases(parse(line), aliases, view).root
    allowed.check(root, view)
    for leaf in leaves(root):
        if isinstance(leaf, Term) and (reason := _unwatched(leaf, view)):
            raise Unsearchable(f"{leaf.field} cannot be watched here: {reason}", leaf.position)
    return root


def _unwatched(term: Term, view: str) -> str:
    about = FIELDS[term.field].help
    if view in ("messages", "logs") and term.field in _OF_CALLS:
        return f"{about} That is known of a call, some seconds later: watch calls, or search"
    if view == "quality" and term.field not in fields.QUALITY:
        return f"{about} That is known of a call, not of a report: watch calls, or search"
    if view == "calls" and (term.field not in _OF_RECORDS or asks_for_a_port(term.value)):
        return f"{about} That is known of messages: watch messages, or search"
    return ""
