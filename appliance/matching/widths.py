"""How many octets of a value the tables keep: a longer one was cut there, and is looked for as it was cut."""

DEFAULT_WIDTH = 160
WIDTHS = {
    "callid": 255,
    "leg_facts": 512,
    "callid_aleg": 255,
    "correlation_id": 255,
    "user_agent": 255,
    "reason": 255,
    "diversion": 255,
    "leg_keys": 255,
    "sdp": 255,
    "from_tag": 128,
    "to_tag": 128,
    "reply_reason": 128,
    "content_type": 128,
    "node": 128,
    "method": 64,
    "aor": 255,
    "contact": 255,
    "cseq_method": 32,
    "measured.codec": 32,
}
"""By column; every other text has DEFAULT_WIDTH."""


def width(column: str) -> int:
    """Octets that a column holds."""
    return WIDTHS.get(column, DEFAULT_WIDTH)
