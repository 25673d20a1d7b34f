"""SDP bodies and RTCP reports of made-up calls (RFC 8866; RTCP as JSON, the way rtpengine and captagent tell it)."""

import json
import random
from collections.abc import Iterator

CODECS = {0: "PCMU/8000", 8: "PCMA/8000", 9: "G722/8000", 18: "G729/8000"}
INTERVAL_US = 5_000_000
_PACKETS_PER_SECOND = 50
_NTP_EPOCH = 2_208_988_800

End = tuple[str, int]


def sdp(rng: random.Random, ip: str, direction: str = "sendrecv", only: int | None = None) -> str:
    """An offer of several codecs, or an answer with `only` one; telephone-event in both."""
    family = "IP6" if ":" in ip else "IP4"
    formats = [only] if only is not None else rng.choice(([8, 0], [9, 8, 0], [8, 0, 18], [0, 8, 9, 18]))
    session = rng.randrange(10**9, 10**10)
    lines = ["v=0", f"o=- {session} {session} IN {family} {ip}", "s=-", f"c=IN {family} {ip}", "t=0 0"]
    lines.append(f"m=audio {rng.randrange(10000, 30000, 2)} RTP/AVP {' '.join(map(str, formats))} 101")
    lines += [f"a=rtpmap:{number} {CODECS[number]}" for number in formats]
    lines += ["a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=ptime:20", f"a={direction}", ""]
    return "\r\n".join(lines)


def reports(rng: random.Random, relay: str, phone: str, length_us: int) -> Iterator[tuple[int, End, End, str]]:
    """(offset, source, destination, JSON) of both directions while a talk lasts; now and then a bad line."""
    ends = (phone, rng.randrange(10001, 30000, 2)), (relay, rng.randrange(30001, 40000, 2))
    ssrcs = rng.getrandbits(32), rng.getrandbits(32)
    loss, jitter = rng.choice(((0, 40), (0, 60), (1, 120), (12, 420)))
    lost = [0, 0]
    for round_, offset_us in enumerate(range(INTERVAL_US, length_us, INTERVAL_US), 1):
        for way in (0, 1):
            fraction = max(0, round(rng.gauss(loss, loss / 3)))
            lost[way] += fraction * INTERVAL_US // 1_000_000 * _PACKETS_PER_SECOND // 256
            payload = _report(rng, ssrcs[way], ssrcs[1 - way], round_, fraction, lost[way], jitter)
            yield offset_us + way * 2_100, ends[way], ends[1 - way], payload


def _report(rng: random.Random, ssrc: int, of: int, round_: int, fraction: int, lost: int, jitter: int) -> str:
    packets = round_ * INTERVAL_US // 1_000_000 * _PACKETS_PER_SECOND
    sender = {
        "ntp_timestamp_sec": _NTP_EPOCH + rng.randrange(1_700_000_000, 1_900_000_000),
        "ntp_timestamp_usec": rng.getrandbits(32),
        "rtp_timestamp": packets * 160,
        "packets": packets,
        "octets": packets * 160,
    }
    block = {
        "source_ssrc": of,
        "fraction_lost": fraction,
        "packets_lost": lost,
        "highest_seq_no": packets % 65536,
        "ia_jitter": max(0, round(rng.gauss(jitter, jitter / 5))),
        "lsr": rng.getrandbits(32),
        "dlsr": rng.randrange(65536),
    }
    report = {"sender_information": sender, "ssrc": ssrc, "type": 200, "report_count": 1, "report_blocks": [block]}
    return json.dumps(report, separators=(",", ":"))
