"""When an answered call is over although nobody hung up: its session timer (RFC 4028) ran out. Pure.

Each 2xx to an INVITE or UPDATE sets the timer anew, by its Session-Expires; one without it switches the timer off
(section 7.2). Whoever is left sends BYE before it runs out (section 10); when none was seen the call is lost.
"""

from collections.abc import Iterable, Sequence

from appliance.model.rows import MessageRow
from appliance.sip.headers import headers
from appliance.sip.values import leading_number

LEAST_SECONDS = 90
"""Less nobody may ask for (section 4)."""
GRACE_US = 32_000_000
"""So long a BYE sent at the last moment may be repeated (RFC 3261, timer F: 64 * T1)."""
_MOST_PACKETS = 16
"""Of one answer: hops and copies."""


def last_refresh(rows: Iterable[MessageRow]) -> list[MessageRow]:
    """The packets of the last 2xx that set the timer, on whichever hops it was seen; `rows` are those of a call."""
    found: list[MessageRow] = []
    for row in sorted(rows, key=lambda row: row.filed_ts):
        if row.method[:1] == "2" and row.cseq_method in ("INVITE", "UPDATE") and not row.is_request:
            found = [*found, row] if found and _same(found[-1], row) else [row]
    return found[-_MOST_PACKETS:]


def _same(one: MessageRow, other: MessageRow) -> bool:
    return (one.cseq, one.cseq_method, one.from_tag) == (other.cseq, other.cseq_method, other.from_tag)


def runs_out_us(answer: Sequence[MessageRow]) -> int | None:
    """When the session of these packets, with their octets, is over unless it is refreshed; None without a timer."""
    seconds = interval_seconds(answer)
    if not seconds:
        return None
    return max(row.filed_ts for row in answer) + max(seconds, LEAST_SECONDS) * 1_000_000 + GRACE_US


def interval_seconds(answer: Sequence[MessageRow]) -> int:
    """Session-Expires of these packets, 0 for none; a proxy may have added it on the way, so one that has it counts."""
    return max((_seconds(row) for row in answer), default=0)


def _seconds(row: MessageRow) -> int:
    found = (header.value for header in headers(row.raw or b"") if header.canonical == b"session-expires")
    return leading_number(next(found, b"")) or 0
