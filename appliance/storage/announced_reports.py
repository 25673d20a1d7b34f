"""Reported streams that were just stored as octets, and back: what a writer tells to whoever watches live.

zstd over  number of streams stored u32, then the lines of those that are told, as the table of quality takes them
"""

import struct
from collections.abc import Iterator, Sequence

from appliance.model.kinds import day_of
from appliance.model.quality import QualityRow
from appliance.storage.announced import Stored, Unreadable, packed, readable, unpacked
from appliance.storage.bundle import fields_of
from appliance.storage.reports import lines_of
from appliance.storage.rows import QUALITY_COLUMNS, quality_row

_COUNT = struct.Struct("<I")
_NUMBERS = 18
"""Columns that come first and hold numbers."""
_TABLE = (
    "micro_ts", "id", "part", "callid_key", "own_ts", "source_port", "destination_port", "ssrc", "clock_rate_hz",
    "packets", "lost", "loss_milli_percent", "jitter_us", "round_trip_us", "mos_hundredths", "r_tenths", "sent_ssrc",
    "sent_packets", "packet_kind", "kind", "told", "mos_model", "callid", "source_ip", "destination_ip", "codec",
    "node",
)  # fmt: skip
"""Columns of daily/quality.sql in their order."""
_PLACES = tuple(_TABLE.index(name) for name in QUALITY_COLUMNS)


def lines(rows: Sequence[Stored], most: int) -> tuple[int, list[bytes]]:
    """How many streams the packets tell of, and lines of them: of more than `most` some from everywhere among them."""
    packets = [(each, each.row.reports) for each in rows if each.row.reports]
    told = [line for each, reports in packets for line in lines_of(each.row.micro_ts, each.id, reports)]
    taken = min(len(told), max(0, most))
    return len(told), [told[number * len(told) // taken] for number in range(taken)]


def encoded(count: int, told: Sequence[bytes]) -> bytes:
    """`count` streams were stored, and these are told."""
    return packed(_COUNT.pack(count) + b"".join(told))


def decoded(site: str, body: bytes) -> tuple[int, Iterator[QualityRow]]:
    """The inverse of `encoded`. Raises Unreadable, also while rows are asked for."""
    plain = unpacked(body)
    if len(plain) < _COUNT.size:
        raise Unreadable("there is no number of reports")
    return _COUNT.unpack_from(plain)[0], readable(_row(site, line) for line in plain[_COUNT.size :].splitlines())


def _row(site: str, line: bytes) -> QualityRow:
    fields: list[bytes | int | None] = [*fields_of(line)]
    for place in range(_NUMBERS):
        held = fields[place]
        fields[place] = None if held is None else int(held)
    values = [fields[place] for place in _PLACES]
    micro_ts = fields[0]
    if not isinstance(micro_ts, int):
        raise Unreadable("a report has no time")
    return quality_row(site, day_of(micro_ts), values)
