"""What the writers and the settler tell, as rows, by the channel on which they tell it."""

from collections.abc import Iterator

from appliance.buffer.live import Channel
from appliance.matching.filter import Call, Leg, Packet, of_calls, of_lines, of_messages, of_reports, reads_octets
from appliance.model.quality import LogRow, QualityRow
from appliance.model.rows import CallRow, MessageRow
from appliance.query.tree import Node
from appliance.storage import announced, announced_reports
from appliance.storage.search.logs import log_row

Row = MessageRow | CallRow | QualityRow
Shown = Row | LogRow
MESSAGES = frozenset({Channel.ROWS, Channel.TEXTS})
"""What tells of messages: who hears them with their octets needs them not without."""


def channel_of(root: Node | None, view: str) -> Channel:
    """Where the rows are told that a query needs."""
    if view == "calls":
        return Channel.CALLS
    if view == "quality":
        return Channel.REPORTS
    return Channel.TEXTS if view == "logs" or reads_octets(root) else Channel.ROWS


def decoded(site: str, channel: Channel, body: bytes) -> tuple[int, Iterator[Row]]:
    """How many rows there are, and those that are told. Raises announced.Unreadable, also while rows are asked for."""
    match channel:
        case Channel.CALLS:
            return announced.decoded_calls(body)
        case Channel.REPORTS:
            return announced_reports.decoded(site, body)
        case _:
            return announced.decoded(site, body)


class Fulfilment:
    """Whether a row fits a query.

    Of a call each leg is tried by itself: which others it has, nobody knows when its record is written.
    """

    def __init__(self, root: Node | None, view: str) -> None:
        self._message = of_lines(root if view == "logs" else None)
        if view != "logs":
            self._message = of_messages(root if view == "messages" else None)
        self._call = of_calls(root if view == "calls" else None)
        self._report = of_reports(root if view == "quality" else None)

    def __call__(self, row: Row) -> bool:
        match row:
            case MessageRow():
                return self._message(Packet(row))
            case QualityRow():
                return self._report(row)
            case _:
                return self._call(Call((Leg(row),)))


def shown(row: Row, view: str) -> Shown:
    """As the view shows it."""
    return log_row(row, row.raw or b"") if view == "logs" and isinstance(row, MessageRow) else row
