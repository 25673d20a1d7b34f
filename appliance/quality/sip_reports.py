"""Reports inside SIP messages: statistics headers of a BYE or its answer, vq-rtcpxr bodies of PUBLISH and NOTIFY."""

import re
from collections.abc import Iterator

from appliance.model.quality import Measured
from appliance.quality import stat_headers, vq

MAX_HEADERS = 512
_MARK = re.compile(
    rb"^(?:[a-z]-)?(?:siemens-|ng-)?rtp-(?:rx|tx)?stat|vq-rtcpxr|^vq(?:session|interval|alert)report", re.I | re.M
)


def may_report(payload: bytes) -> bool:
    """Is it worth reading for figures? Nearly every message is told from its octets alone that it is not."""
    if b"RTP-" not in payload and b"VQ" not in payload and b"vq-" not in payload and b"rtp-" not in payload:
        return False
    return _MARK.search(payload) is not None


def measured(payload: bytes, source: tuple[str, int], destination: tuple[str, int]) -> tuple[Measured, ...]:
    """The streams that the message tells of; () when it holds no figures. Never raises.

    Headers belong to the call of the message itself (callid is ""), a body to the call that it names.
    """
    if not may_report(payload):
        return ()
    told = [(name, value) for name, value in _headers(payload) if name in stat_headers.HEADERS]
    found = stat_headers.measured(told, (source, destination)) if told else ()
    body = _body(payload)
    return found + vq.measured(body, (source, destination)) if vq.looks_like_vq(body) else found


def fields(payload: bytes) -> list[tuple[str, str]]:
    """The raw values of the headers and the body, named with the header or line that they stand in."""
    found: list[tuple[str, str]] = []
    for name, value in _headers(payload):
        if name in stat_headers.HEADERS:
            found += [(f"{name} {key}", told) for key, told in stat_headers.pairs(value)]
    body = _body(payload)
    return found + vq_fields(body) if vq.looks_like_vq(body) else found


def vq_fields(body: bytes) -> list[tuple[str, str]]:
    """The lines of a vq-rtcpxr body, each of their parameters by itself, those of the sides told apart."""
    found: list[tuple[str, str]] = []
    side = ""
    for line in body.decode("utf-8", "replace").splitlines()[: vq.MAX_LINES]:
        name, rest = vq.named(line[: vq.MAX_LINE].strip())
        if name.lower() in ("localmetrics", "remotemetrics"):
            side = name + " "
        elif pairs := [(key, value) for key, value in vq.parameters(rest) if key in vq.METRICS]:
            found += [(" ".join(f"{side}{name} {key}".split()), value) for key, value in pairs]
        elif name:
            found.append((name, rest))
    return found


def _head_end(payload: bytes) -> tuple[int, int]:
    """Where the head ends and the body begins."""
    ends = [(at, size) for mark, size in ((b"\r\n\r\n", 4), (b"\n\n", 2)) if (at := payload.find(mark)) >= 0]
    at, size = min(ends, default=(len(payload), 0))
    return at, at + size


def _headers(payload: bytes) -> Iterator[tuple[str, str]]:
    """Names in lower case and values, folded lines joined (RFC 3261 section 7.3.1)."""
    head = payload[: _head_end(payload)[0]].decode("utf-8", "replace").replace("\r", "")
    lines: list[list[str]] = []
    for line in head.split("\n", MAX_HEADERS)[1 : MAX_HEADERS + 1]:
        if line[:1] in (" ", "\t") and lines:
            lines[-1].append(line.strip())
        else:
            lines.append([line.strip()])
    for pieces in lines:
        name, _, value = " ".join(pieces).partition(":")
        yield name.strip().lower(), value.strip()


def _body(payload: bytes) -> bytes:
    return payload[_head_end(payload)[1] :]
