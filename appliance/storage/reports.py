"""What a report says, as lines of the daily table of quality; written with the packet that brought it.

Figures come from the network: what no column could hold is unknown, and never an error of the load.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from appliance.model.ids import callid_key
from appliance.model.kinds import Kind
from appliance.model.octets import octets
from appliance.model.quality import Measured
from appliance.storage.bundle import tail_of
from appliance.storage.media_ends import canonical, end_key

MOST_PARTS = 64
"""Streams of one packet that are kept: an RTCP packet has at most 31 blocks a report."""
_U16, _U32, _U64 = (1 << 16) - 1, (1 << 32) - 1, (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Origin:
    """What rows of one packet have in common; a stream belongs to `callid`, else to what its report names, else to
    `otherwise`."""

    kind: Kind
    micro_ts: int
    own_ts: int | None
    callid: bytes
    node: bytes
    otherwise: bytes = b""


class Reports(NamedTuple):
    """What goes with the packet's row (`NewRow`)."""

    tails: tuple[bytes, ...] = ()
    """The columns after `part`, of each stream."""
    opinions: tuple[tuple[bytes, int], ...] = ()
    """Call-IDs with the lowest MOS in hundredths."""


NOTHING = Reports()


def reports(origin: Origin, measured: Sequence[Measured]) -> Reports:
    """The streams of one packet."""
    tails, lowest = [], dict[bytes, int]()
    for one in measured[:MOST_PARTS]:
        callid = origin.callid or octets(one.callid) or origin.otherwise
        tails.append(_tail(origin, callid, one))
        if one.mos is not None and 1 <= one.mos <= 5 and callid:
            hundredths = round(one.mos * 100)
            lowest[callid] = min(lowest.get(callid, hundredths), hundredths)
    return Reports(tuple(tails), tuple(lowest.items()))


def lines_of(micro_ts: int, row_id: int, tails: Sequence[bytes]) -> list[bytes]:
    """Whole lines, once the packet has its row id."""
    return [b"%d\t%d\t%d\t%b\n" % (micro_ts, row_id, part, tail) for part, tail in enumerate(tails)]


def _tail(origin: Origin, callid: bytes, one: Measured) -> bytes:
    source_key = end_key(one.source_ip, one.source_port, origin.micro_ts)
    destination_key = end_key(one.destination_ip, one.destination_port, origin.micro_ts)
    return tail_of(
        (
            b"%d" % callid_key(callid, origin.micro_ts),
            _whole(source_key, 1, _U64 * 2 + 1),
            _whole(destination_key, 1, _U64 * 2 + 1),
            _whole(origin.own_ts, 1, _U64),
            origin.kind.encode(),
            callid[:255],
            one.kind.encode(),
            one.told.encode(),
            octets(canonical(one.source_ip))[:45],
            _whole(one.source_port, 1, _U16) or b"0",
            octets(canonical(one.destination_ip))[:45],
            _whole(one.destination_port, 1, _U16) or b"0",
            _whole(one.ssrc, 1, _U32),
            octets(one.codec)[:32],
            _whole(one.clock_rate_hz, 1, _U32),
            _whole(one.packets, 1, _U64),
            _whole(one.lost, 1, _U64),
            _whole(one.loss_percent, 1000, _U32),
            _whole(one.jitter_ms, 1000, _U64),
            _whole(one.round_trip_ms, 1000, _U64),
            _whole(one.mos, 100, _U16),
            octets(one.mos_model)[:255],
            origin.node[:128],
        )
    )


def _whole(value: float | None, units: int, most: int) -> bytes | None:
    """A number in units of its column; None when it is unknown, not a number, or none that the column holds."""
    if value is None or not 0 <= value * units <= most:
        return None
    return b"%d" % round(value * units)
