"""A call as one text that fits a ticket: its facts, its ladder, its messages as they were on the wire.

Call 100 → 200
  Call-ID         a84b4c76e66710@pc33
  …
"""

from collections.abc import Iterator

from appliance.calls.labels import printable
from appliance.export import ladder_text, messages_text
from appliance.export.facts import facts, title
from appliance.export.material import Material
from appliance.export.prepared import ladder_of

RULE = "-" * 100


def text(call: Material) -> str:
    """The whole text."""
    return "\n".join(_parts(call))


def _parts(call: Material) -> Iterator[str]:
    yield f"Call {title(call)}"
    yield from (f"  {name:<15} {words}" for name, words in facts(call))
    yield ""
    for sentence in call.sentences:
        yield printable(sentence)
    if call.sentences:
        yield ""
    yield ladder_text.text(ladder_of(call.messages, call.names, quality=call.quality))
    yield RULE
    yield ""
    yield messages_text.text(call.messages)
