"""What a report says, as lines of the daily tables of quality; written with the packet that brought it.

Figures come from the network: what no column could hold is unknown, and never an error of the load.
"""

from collections.abc import Container, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from appliance.model.ids import callid_key
from appliance.model.kinds import Kind
from appliance.model.octets import octets
from appliance.model.quality import Measured
from appliance.quality.scored import MODEL, REPORTED
from appliance.storage.bundle import Reports, tail_of
from appliance.storage.media_ends import canonical, end_key

MOST_PARTS = 64
"""Streams of one packet that are kept: an RTCP packet has at most 31 blocks a report."""
_U16, _U32, _U64 = (1 << 16) - 1, (1 << 32) - 1, (1 << 63) - 1
_NULL = "\\N"


class Origin(NamedTuple):
    """What rows of one packet have in common; a stream belongs to `callid`, else to what its report names, else to
    `otherwise`."""

    kind: Kind
    micro_ts: int
    own_ts: int | None
    callid: bytes
    node: bytes
    otherwise: bytes = b""
    calls: Container[bytes] = ()
    """Call-IDs that calls are known to have: what belongs to one is not sought by its addresses."""


def reports(origin: Origin, measured: Sequence[Measured]) -> Reports:
    """The streams of one packet."""
    tails, ends, lowest = [], list[tuple[int, int]](), dict[bytes, int]()
    for part, one in enumerate(measured[:MOST_PARTS]):
        callid = origin.callid or octets(one.callid) or origin.otherwise
        tails.append(_tail(origin, callid, one))
        if callid not in origin.calls:
            ends += [(part, key) for key in _ends(origin.micro_ts, one)]
        if one.mos is not None and 1 <= one.mos <= 5 and callid:
            hundredths = round(one.mos * 100)
            lowest[callid] = min(lowest.get(callid, hundredths), hundredths)
    return Reports(tuple(tails), tuple(ends), tuple(lowest.items()))


def lines_of(micro_ts: int, row_id: int, reports: Reports) -> list[bytes]:
    """Whole lines of the table of quality, once the packet has its row id."""
    return [b"%d\t%d\t%d\t%b\n" % (micro_ts, row_id, part, tail) for part, tail in enumerate(reports.tails)]


def ends_of(micro_ts: int, row_id: int, reports: Reports) -> list[bytes]:
    """Lines of the table by which those rows are found by their ends."""
    return [b"%d\t%d\t%d\t%d\n" % (key, micro_ts, row_id, part) for part, key in reports.ends]


def _ends(micro_ts: int, one: Measured) -> Iterator[int]:
    keys = {
        end_key(one.source_ip, one.source_port, micro_ts),
        end_key(one.destination_ip, one.destination_port, micro_ts),
    }
    return (key for key in keys if key is not None)


def _tail(origin: Origin, callid: bytes, one: Measured) -> bytes:
    """Columns after `part`: first the numbers and words that are ours, then what came from the network."""
    ours = (
        str(callid_key(callid, origin.micro_ts)),
        _count(origin.own_ts, _U64),
        _port(one.source_port),
        _port(one.destination_port),
        _count(one.ssrc, _U32),
        _count(one.clock_rate_hz, _U32),
        _count(one.packets, _U64),
        _count(one.lost, _U64),
        _whole(one.loss_percent, 1000, _U32),
        _whole(one.jitter_ms, 1000, _U64),
        _whole(one.round_trip_ms, 1000, _U64),
        _whole(one.mos, 100, _U16),
        _whole(one.r_factor, 10, _U16) if one.mos_model == REPORTED or one.mos is None else _NULL,
        _count(one.sent_ssrc, _U32),
        _count(one.sent_packets, _U64),
        origin.kind,
        one.kind,
        one.told,
        "" if one.mos is None else REPORTED if one.mos_model == REPORTED else MODEL,
    )
    texts = (callid[:255], _address(one.source_ip), _address(one.destination_ip), octets(one.codec)[:32],
             origin.node[:128])  # fmt: skip
    return b"%b\t%b" % ("\t".join(ours).encode(), tail_of(texts))


@lru_cache(maxsize=4096)
def _address(ip: str) -> bytes:
    return octets(canonical(ip))[:45]


def _port(port: int) -> str:
    return str(port) if 0 <= port <= _U16 else "0"


def _count(value: int | None, most: int) -> str:
    return str(value) if value is not None and 0 <= value <= most else _NULL


def _whole(value: float | None, units: int, most: int) -> str:
    """A number in units of its column; NULL when it is unknown, not a number, or none that the column holds."""
    if value is None or not 0 <= value * units <= most:
        return _NULL
    return str(round(value * units))
