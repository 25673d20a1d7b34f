"""What of a tree its own tables answer row by row, so that they can be read slice by slice. Pure."""

from appliance.matching.fields import WHOLE_CALL
from appliance.query.tree import And, Exact, Node, Or, Term, alternatives, asks_for_a_port, leaves
from appliance.storage.search import columns

_OWN_OF_MESSAGES = frozenset(columns.SIP) | {"kind"}


def asks_messages(root: Node | None) -> bool:
    """Whether a tree, asked of calls, reads messages or reports too."""
    return any(isinstance(leaf, Term) and _is_of_messages(leaf) for leaf in leaves(root))


def reads_messages(root: Node | None) -> bool:
    """Whether a tree, asked of messages, is answered by reading through them: nothing in it is a question to other
    tables, and no Call-ID that must be theirs leads to them."""
    if root is None or _names_a_callid(root):
        return False
    return not any(isinstance(leaf, Term) and leaf.field not in _OWN_OF_MESSAGES for leaf in leaves(root))


def _names_a_callid(node: Node) -> bool:
    match node:
        case And(operands):
            return any(map(_names_a_callid, operands))
        case Or(operands):
            return all(map(_names_a_callid, operands))
        case Term("callid", value):
            return all(isinstance(one, Exact) for one in alternatives(value))
        case _:
            return False


def _is_of_messages(node: Term) -> bool:
    if node.field in WHOLE_CALL or node.field not in columns.CALL:
        return True
    return node.field != "callid" and asks_for_a_port(node.value)
