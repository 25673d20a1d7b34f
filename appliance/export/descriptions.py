"""What the session descriptions of a call's messages say, read once for its ladder: for calls.media and calls.layout.

The text of a description that many messages repeat is read once.
"""

from collections.abc import Iterable

from appliance.calls.media import Description, Line
from appliance.model.rows import MessageRow
from appliance.sip import sdp
from appliance.sip.headers import body

MOST_LINES = 8
"""m= lines of one message that a ladder tells."""


def descriptions(messages: Iterable[MessageRow]) -> dict[str, Description]:
    """By the id of each message that has one with a media line."""
    read: dict[bytes, Description] = {}
    found = {}
    for row in messages:
        if not row.kind.is_sip or not row.raw or b"m=" not in row.raw:
            continue
        text = body(row.raw)
        if text not in read:
            read[text] = _description(text)
        if read[text].lines:
            found[row.id] = read[text]
    return found


def _description(text: bytes) -> Description:
    return Description(
        tuple(
            Line(media.type, (media.address, media.port), media.codecs, media.direction)
            for media in sdp.parse(text).media[:MOST_LINES]
        )
    )
