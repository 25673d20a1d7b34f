"""Messages of one Call-ID that is no call -> its row; and rows of OPTIONS of the same two ends as one.

A row is what became of the first request: a challenge and the request that answers it are one, and what proxies forward
is told as the first hop told it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from appliance.calls.copies import fold_copies
from appliance.model.dialogs import DialogRow
from appliance.model.rows import MessageRow

ANSWERED_US = 40_000_000
"""How long after its request a challenge is answered at most."""
_CHALLENGES = ("401", "407")
OPTIONS = "OPTIONS"


def fold(messages: Iterable[MessageRow]) -> DialogRow | None:
    """None when nothing of it says what it is about."""
    packets = list(messages)
    rows = fold_copies(packets)
    if not rows:
        return None
    requests = [row for row in rows if row.is_request and row.method]
    first = requests[0] if requests else rows[0]
    method = first.method if requests else first.cseq_method
    if not method:
        return None
    source, destination = first.source_ip, first.destination_ip
    if not requests:
        source, destination = destination, source
    asked, final = _outcome(rows, first) if requests else (None, _final(rows, first))
    return DialogRow(
        callid=first.callid,
        method=method,
        event="",
        started=min(row.filed_ts for row in packets),
        ended=max(row.filed_ts for row in packets),
        status=int(final.method) if final else None,
        reply_reason=final.reply_reason if final else "",
        response_ms=max(0, final.ts - asked.ts) // 1000 if final and asked else None,
        from_user=first.from_user,
        to_user=first.to_user,
        source_ip=source,
        destination_ip=destination,
        messages=len(rows),
        nodes=tuple(sorted({row.node for row in packets if row.node})),
        failed=0 if final and final.method < "3" else 1,
    )


def is_ping(row: DialogRow) -> bool:
    """Whether it is one of those that are shown together."""
    return row.method == OPTIONS


def ends(row: DialogRow) -> tuple[str, str]:
    """Whose OPTIONS are shown together."""
    return row.source_ip, row.destination_ip


def together(latest: DialogRow, earlier: DialogRow) -> DialogRow:
    """Both as one row, told as the latest was."""
    return replace(
        latest,
        started=min(latest.started, earlier.started),
        ended=max(latest.ended, earlier.ended),
        messages=latest.messages + earlier.messages,
        nodes=tuple(sorted({*latest.nodes, *earlier.nodes})),
        dialogs=latest.dialogs + earlier.dialogs,
        failed=latest.failed + earlier.failed,
    )


def _outcome(rows: Sequence[MessageRow], first: MessageRow) -> tuple[MessageRow, MessageRow | None]:
    """The request that was answered for good, and its answer."""
    asked, final = first, _final(rows, first)
    while final is not None and final.method in _CHALLENGES:
        again = next((row for row in rows if _answers(row, asked)), None)
        if again is None:
            break
        asked, final = again, _final(rows, again)
    return asked, final


def _answers(row: MessageRow, asked: MessageRow) -> bool:
    return (
        row.method == asked.method
        and (row.cseq or 0) > (asked.cseq or 0)
        and row.source_ip == asked.source_ip
        and 0 <= row.ts - asked.ts <= ANSWERED_US
    )


def _final(rows: Sequence[MessageRow], asked: MessageRow) -> MessageRow | None:
    """The first final response of a request's transaction, that of its own hop before those of others."""
    method = asked.method if asked.is_request else asked.cseq_method
    found = [
        row
        for row in rows
        if not row.is_request and row.method >= "2" and row.cseq == asked.cseq and row.cseq_method == method
        and row.from_tag == asked.from_tag
    ]  # fmt: skip
    here = [row for row in found if row.destination_ip == asked.source_ip]
    return next(iter(here or found), None)
