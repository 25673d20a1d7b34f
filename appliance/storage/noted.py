"""Messages of calls as writers noted them for the settler: a line of columns -> MessageRow, without asking a table."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import count

from appliance.model.kinds import Kind
from appliance.model.rows import MessageRow

_NULL = "\\N"
_CALL = Kind.CALL


def noted_row(line: bytes, number: int) -> MessageRow:
    """The row of `storage.bundle.note_line`, the number-th of its call. Its id only tells it from those: it is no
    message's id.

    The columns after the three times are those of daily/sip.sql from `method` on, in that order.
    """
    columns = line.decode("utf-8", "surrogateescape").split("\t")
    if b"\\" in line:
        columns = [_plain(column) for column in columns]
    (
        micro_ts, own_ts, arrival_ts,
        method, reply_reason, cseq, cseq_method, ruri_user, ruri_domain, from_user, from_domain, from_tag, to_user,
        to_domain, to_tag, contact_user, pid_user, auth_user, callid, callid_aleg, via_branch, user_agent, reason,
        diversion, content_type, leg_keys, sdp, source_ip, source_port, destination_ip, destination_port, proto, node,
        correlation_id, protocol_type, size, payload_hash, _problems,
    ) = columns  # fmt: skip
    filed_us = int(micro_ts)
    return MessageRow(
        _id(number), _CALL, filed_us if own_ts == micro_ts else int(own_ts), filed_us, int(arrival_ts), callid,
        source_ip, int(source_port), destination_ip, int(destination_port), proto, node, correlation_id,
        int(payload_hash), int(size), int(protocol_type), (), method, reply_reason,
        None if cseq == _NULL else int(cseq), cseq_method, ruri_user, ruri_domain, from_user, from_domain, from_tag,
        to_user, to_domain, to_tag, contact_user, pid_user, auth_user, callid_aleg, via_branch, user_agent, reason,
        diversion, content_type, leg_keys, sdp,
    )  # fmt: skip


class NotedRows(Iterable[MessageRow]):
    """The rows of a call's lines, in their order, made only while somebody looks at them: a turn's calls would be
    megabytes that no cache of a processor holds."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = lines

    def __iter__(self) -> Iterator[MessageRow]:
        return map(noted_row, self._lines, count())


@lru_cache(maxsize=4096)
def _id(number: int) -> str:
    return f"{number:08}"


def _plain(column: str) -> str:
    if column == _NULL or "\\" not in column:
        return column
    pieces = column.split("\\\\")
    return "\\".join(piece.replace("\\t", "\t").replace("\\n", "\n") for piece in pieces)
