"""Which messages belong to one transaction, for the ladder's light and colours (FEATURES E3).

Two kinds of belonging: the transaction of RFC 3261 17 is that of one hop (one branch of a client); the exchange is
the same request with its answers over all hops, the ACK of an INVITE and its CANCEL included.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from appliance.model.rows import MessageRow

_OF_INVITE = {"ACK": "INVITE", "CANCEL": "INVITE"}


@dataclass(frozen=True, slots=True)
class Belongs:
    """Two numbers from 0, each equal for messages that belong together."""

    exchange: int
    transaction: int


def transactions(rows: Sequence[MessageRow]) -> list[Belongs]:
    """Those of each message, in order."""
    numbers: dict[Hashable, int] = {}
    exchanges: dict[Hashable, int] = {}
    found = []
    for row in rows:
        method = _OF_INVITE.get(row.cseq_method, row.cseq_method) or row.id
        exchange = row.callid, row.cseq, method, row.from_tag
        number = exchanges.setdefault(exchange, len(exchanges))
        found.append(Belongs(number, numbers.setdefault(_hop(row, exchange), len(numbers))))
    return found


def _hop(row: MessageRow, exchange: Hashable) -> Hashable:
    """The branch names the transaction, but CANCEL has its INVITE's and is one of its own (17.1.3, 9.1)."""
    of_cancel = row.cseq_method == "CANCEL"
    if row.via_branch:
        return exchange, row.via_branch, of_cancel
    return (
        exchange,
        frozenset(((row.source_ip, row.source_port), (row.destination_ip, row.destination_port))),
        of_cancel,
    )
