"""A call of two hosts as it looks with a B2BUA between them: each message twice, under two Call-IDs."""

import re
from collections.abc import Sequence
from dataclasses import replace

from appliance.model.ids import payload_hash
from appliance.model.rows import MessageRow

B2BUA = "10.0.0.16"
DELAY_US = 5_000


def two_hosts(rows: Sequence[MessageRow]) -> tuple[str, str] | None:
    """Client and server of the first request; None when there are more hosts, Call-IDs or reports."""
    first = next((row for row in rows if row.is_request), None)
    hosts = {ip for row in rows for ip in (row.source_ip, row.destination_ip)}
    if first is None or len(hosts) != 2 or len({row.callid for row in rows}) > 1:
        return None
    return first.source_ip, first.destination_ip


def in_two_legs(rows: Sequence[MessageRow]) -> list[MessageRow]:
    """In the order of time; what passes the B2BUA comes out of it a little later."""
    ends = two_hosts(rows)
    assert ends is not None
    near = [_through(row, ends[1], "near@b2bua", number) for number, row in enumerate(rows)]
    far = [_through(row, ends[0], "far@b2bua", number + 1000) for number, row in enumerate(rows)]
    return sorted([*near, *far], key=lambda row: row.ts)


def _through(row: MessageRow, hidden: str, callid: str, number: int) -> MessageRow:
    """One leg of it: the B2BUA stands in for the host that the leg does not see, and passes on what that says."""
    address = rb"(?<![\d.])" + re.escape(hidden.encode()) + rb"(?![\d.])"
    raw = re.sub(address, B2BUA.encode(), (row.raw or b"").replace(row.callid.encode(), callid.encode()))
    later = DELAY_US if row.source_ip == hidden else 0
    return replace(
        row,
        id=f"test-call-20261123-{number:06d}",
        callid=callid,
        source_ip=B2BUA if row.source_ip == hidden else row.source_ip,
        destination_ip=B2BUA if row.destination_ip == hidden else row.destination_ip,
        via_branch=row.via_branch.replace(hidden, B2BUA),
        sdp=row.sdp.replace(hidden, B2BUA),
        raw=raw,
        payload_hash=payload_hash(raw),
        ts=row.ts + later,
        filed_ts=row.filed_ts + later,
        arrival_ts=row.arrival_ts + later,
    )
