"""X-RTP-Stat, P-RTP-Stat and their kin: what a phone or gateway says of its media in the headers of a BYE or its 200.

    X-RTP-Stat    PS=…;PR=…;PL=received,sent;JI=received,sent;DL=mean,min,max;EN=…;DE=…;IP=own,other
    P-RTP-Stat    PS=…,PR=…,PL=…,JI=ms,LA=round trip ms,DU=s
    RTP-RxStat, RTP-TxStat    Dur=…,Pkt=…,LostPkt=…,AvgJit=ms,VQMetrics="MLQK=4.5;…"

X-NG-RTP-Stats, X-Siemens-RTP-Stats, X-RTP-Stat-Add and -T38 are read with the same names. All of a message's headers
together tell of two streams: what its sender received, and what it sent.
"""

from collections.abc import Iterable
from dataclasses import replace

from appliance.model.quality import Measured, ReportKind, Told
from appliance.quality import figures
from appliance.quality.addresses import host_port
from appliance.quality.codecs import codec
from appliance.quality.scored import Ends, scored, stream, tells_something

HEADERS = frozenset(
    (
        "x-rtp-stat",
        "x-rtp-stat-add",
        "x-rtp-stat-t38",
        "p-rtp-stat",
        "x-siemens-rtp-stats",
        "x-ng-rtp-stats",
        "rtp-rxstat",
        "rtp-txstat",
    )
)
"""Names in lower case."""
MAX_PAIRS = 100

Pairs = list[tuple[str, str]]


def pairs(value: str) -> Pairs:
    """`KEY=value` of one header, in its order; split at commas when each piece has its `=`, else at semicolons."""
    pieces = value.split(",", MAX_PAIRS)
    if len(pieces) == 1 or not all("=" in piece for piece in pieces):
        pieces = value.split(";", MAX_PAIRS)
    found: Pairs = []
    for piece in pieces[:MAX_PAIRS]:
        key, equals, told = piece.partition("=")
        told = told.strip().strip('"')
        if "=" in told:
            inner = (one.partition("=") for one in told.split(";", MAX_PAIRS))
            found += [(name.strip(), text.strip()) for name, equals, text in inner if equals]
        elif equals:
            found.append((key.strip(), told))
    return found[:MAX_PAIRS]


def measured(headers: Iterable[tuple[str, str]], ends: Ends) -> tuple[Measured, ...]:
    """Names in lower case with values; `ends` are those of the SIP packet, whose ports are not the media's."""
    told: dict[str, str] = {}
    for name, value in headers:
        prefix = {"rtp-rxstat": "RX_", "rtp-txstat": "TX_"}.get(name, "")
        for key, text in pairs(value):
            told.setdefault(prefix + key.upper(), text)
    own, other = _ends(told.get("IP", ""), ends)
    both = (_received(told, (other, own)), _sent(told, (own, other)))
    return tuple(scored(one) for one in both if tells_something(one))


def _ends(told: str, ends: Ends) -> Ends:
    own, comma, other = told.partition(",")
    if not comma:
        return (ends[0][0], 0), (ends[1][0], 0)
    (own_ip, own_port), (other_ip, other_port) = host_port(own), host_port(other)
    return (figures.address(own_ip), own_port), (figures.address(other_ip), other_port)


def _received(told: dict[str, str], ends: Ends) -> Measured:
    packets = figures.count(_first(told, "PR", "RX_PKT", "RX_TOTAL_RX_PKTS", "RX_RX_PKTS"))
    missing = figures.lost(_item(_first(told, "PL", "RX_LOSTPKT", "RX_RX_PKTS_LOST"), 0))
    return replace(
        stream(ReportKind.RTP_STAT, Told.RECEIVED, ends),
        codec=codec(_item(told.get("DE"), 0)),
        packets=packets,
        lost=missing,
        loss_percent=_loss(packets, missing),
        jitter_ms=figures.jitter_ms(_item(_first(told, "JI", "RX_AVGJIT"), 0)),
        round_trip_ms=figures.round_trip_ms(_item(_first(told, "DL", "LA"), 0)),
        mos=figures.opinion(_first(told, "RX_MLQKAV", "RX_MLQK")),
    )


def _sent(told: dict[str, str], ends: Ends) -> Measured:
    """What the other side missed is known from its RTCP; only X-RTP-Stat tells it, and Yealink."""
    packets = figures.count(_first(told, "PS", "TX_PKT", "TX_TOTAL_TX_PKTS", "TX_TX_PKTS"))
    missing = figures.lost(_item(told.get("PL"), 1) or told.get("RX_REMOTE_RX_PKTS_LOST"))
    received = packets - missing if packets is not None and missing is not None else None
    return replace(
        stream(ReportKind.RTP_STAT, Told.SENT, ends),
        codec=codec(_item(told.get("EN"), 0)),
        packets=packets,
        lost=missing,
        loss_percent=_loss(received, missing),
        jitter_ms=figures.jitter_ms(_item(told.get("JI"), 1)),
    )


def _loss(received: int | None, missing: int | None) -> float | None:
    if received is None or missing is None or received < 0:
        return None
    return figures.share_percent(missing, received + missing)


def _first(told: dict[str, str], *names: str) -> str | None:
    return next((told[name] for name in names if name in told), None)


def _item(value: str | None, place: int) -> str | None:
    """One of the values between commas."""
    items = (value or "").split(",", 8)
    return items[place].strip() if place < len(items) else None
