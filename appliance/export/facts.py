"""The facts of a call in words, for its report and for text that goes into a ticket."""

from appliance.calls.labels import printable
from appliance.export import moments, scale
from appliance.export.material import Material
from appliance.model.rows import CallRow

HUNG_UP = {"caller": "the caller", "callee": "the callee", "network": "the network", "both": "both at once"}


def title(call: Material) -> str:
    """`100 → 200`"""
    source, destination = (printable(party) or "unknown" for party in call.parties)
    return f"{source} → {destination}"


def facts(call: Material) -> list[tuple[str, str]]:
    """(name, words) of all that is known."""
    found = [("Call-ID", printable(call.callid) or "(none)")]
    if call.started is not None and call.ended is not None:
        found.append(("Started", moments.stamp(call.started)))
        found.append(
            (
                "Last message",
                f"{moments.stamp(call.ended)}, {moments.span(call.ended - call.started).removeprefix('+')} later",
            )
        )
    if call.call is not None:
        found += _of_record(call.call)
    found.append(("Messages", _messages(call)))
    return [(name, words) for name, words in found if words]


def _of_record(call: CallRow) -> list[tuple[str, str]]:
    return [
        ("State", call.state.value),
        ("Final response", printable(f"{call.status or ''} {call.reply_reason}".strip())),
        ("Post-dial delay", _milliseconds(call.pdd_ms)),
        ("Setup", _milliseconds(call.setup_ms)),
        ("Talk", _milliseconds(call.talk_ms)),
        ("Hung up by", HUNG_UP.get(call.hung_up_by or "", "")),
        ("Causes", printable(", ".join(call.causes))),
        ("Codecs", printable(", ".join(call.codecs))),
        ("MOS", "" if call.mos is None else scale.written(call.mos)),
        ("User agent", printable(call.user_agent)),
        ("Told by", printable(", ".join(call.nodes))),
    ]


def _messages(call: Material) -> str:
    parts = [f"{len(call.messages)}"]
    if call.stored > len(call.messages):
        parts.append(f"{call.stored - len(call.messages)} copies")
    if call.call is not None and call.call.retransmissions:
        parts.append(f"{call.call.retransmissions} retransmissions")
    if call.cut:
        parts.append("there are more than are read at once")
    return ", ".join(parts)


def _milliseconds(value: int | None) -> str:
    return "" if value is None else moments.span(value * 1000).removeprefix("+")
