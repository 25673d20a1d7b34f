"""A comparison of two messages as text for a ticket: what differs, each line with a sign in front.

< only in the first, > only in the second; a change is both, the one above the other; = the same
"""

from collections.abc import Iterator

from appliance.calls.labels import printable
from appliance.export.messages_text import envelope
from appliance.model.octets import shown
from appliance.model.rows import MessageRow
from appliance.sip.compare import Comparison
from appliance.sip.pairs import Pair, Status


def text(one: MessageRow, other: MessageRow, comparison: Comparison, noise: bool = False, same: bool = False) -> str:
    """The differences, with `noise` those that every hop makes too, with `same` all of both."""
    lines = [f"< {envelope(one)}", f"> {envelope(other)}"]
    left_out = 0
    for section in comparison.sections:
        told: list[str] = []
        for pair in section.pairs:
            wanted = same if pair.status is Status.SAME else noise or not pair.noise
            left_out += not wanted
            told += _told(pair) if wanted else []
        if told:
            lines += ["", f"{printable(section.title)}:", *told]
    if not comparison.differences:
        lines += ["", "no difference" + (" but in what every hop changes" if comparison.noises else "")]
    lines += ["", f"{left_out} left out: the same, or new on every hop (Via, branch, tag, Call-ID)"] * (left_out > 0)
    return "\n".join(lines) + "\n"


def _told(pair: Pair) -> Iterator[str]:
    if pair.status is Status.SAME:
        yield _line("=", pair.name, pair.left or "")
        return
    if pair.left is not None:
        yield _line("<", pair.name, pair.left)
    if pair.right is not None:
        yield _line(">", pair.name, pair.right)


def _line(sign: str, name: str, value: str) -> str:
    between = "" if not name or name.endswith("=") else ": "
    return f"{sign} {printable(name)}{between}{printable(shown(value))}"
