"""vq-rtcpxr (RFC 6035): session, interval and alert reports, as phones write them.

`Name:KEY=value KEY=value` per line, with metrics of the own side after `LocalMetrics:` and of the other after
`RemoteMetrics:`. Read too: lines without a name, CallID before the first line, blanks after `=`, `:` for `=`.
"""

from dataclasses import dataclass, field, replace

from appliance.model.quality import Measured, ReportKind, Told
from appliance.quality import figures
from appliance.quality.addresses import host_port
from appliance.quality.codecs import codec
from appliance.quality.scored import Ends, scored, stream, tells_something

MAX_LINES = 300
MAX_LINE = 2000
REPORTS = {
    "vqsessionreport": "VQSessionReport",
    "vqintervalreport": "VQIntervalReport",
    "vqalertreport": "VQAlertReport",
}
_METRICS = """
START STOP PT PD SR FD FO FPP PPS FMTP PLC SSUP JBA JBR JBN JBM JBX NLR JDR BLD BD GLD GD GMIN RTD ESD OWD IAJ MAJ SOWD
SL NL RERL RLQ RLQESTALG RCQ RCQESTALG EXTRI EXTRO EXTRIESTALG EXTROUTESTALG MOSLQ MOSLQESTALG MOSCQ MOSCQESTALG
QOEESTALG
"""
METRICS = frozenset(_METRICS.split())
"""Parameters of section 4.6; others are left out."""


@dataclass(slots=True)
class Report:
    """A report's lines and metrics, as written."""

    kind: str = ""
    lines: dict[str, str] = field(default_factory=dict)
    """Lines outside the metrics by their name in lower case: callid, localaddr …"""
    local: dict[str, str] = field(default_factory=dict)
    remote: dict[str, str] = field(default_factory=dict)
    """Metrics by parameter in upper case."""

    @property
    def callid(self) -> str:
        """The call that the report is of: CallID, else the beginning of DialogID."""
        return figures.words(self.lines.get("callid") or self.lines.get("dialogid", "").partition(";")[0])


def looks_like_vq(payload: bytes) -> bool:
    head = payload[:MAX_LINE].lower()
    return any(name.encode() in head for name in REPORTS)


def report(payload: bytes) -> Report | None:
    """None when no line says that it is a report."""
    found = Report()
    metrics = found.local
    for line in payload.decode("utf-8", "replace").splitlines()[:MAX_LINES]:
        name, rest = named(line[:MAX_LINE].strip())
        if name.lower() in REPORTS:
            found.kind = REPORTS[name.lower()]
        elif name.lower() in ("localmetrics", "remotemetrics"):
            metrics = found.local if name.lower() == "localmetrics" else found.remote
        elif pairs := {key: value for key, value in parameters(rest) if key in METRICS}:
            metrics.update(pairs)
        elif name:
            found.lines.setdefault(name.lower(), rest)
    return found if found.kind else None


def named(line: str) -> tuple[str, str]:
    """The name of a line and what follows its colon; no name when `=` comes first."""
    name, colon, rest = line.partition(":")
    if "=" in name or " " in name.strip():
        return "", line
    return (name.strip(), rest.strip()) if colon else (line, "")


def parameters(text: str) -> list[tuple[str, str]]:
    """`KEY=value` pairs; words without `=` belong to the value before."""
    found: list[tuple[str, list[str]]] = []
    for word in text.split():
        key, equals, value = word.partition("=")
        if equals and key.isalnum():
            found.append((key.upper(), [value] if value else []))
        elif found:
            found[-1][1].append(word)
    return [(key, " ".join(values)) for key, values in found]


def measured(payload: bytes, ends: Ends) -> tuple[Measured, ...]:
    """The stream that the phone receives, and, with RemoteMetrics, the one that it sends.

    `ends` are those of the packet: they stand in, without ports, where the body tells no address.
    """
    told = report(payload)
    if told is None:
        return ()
    local, local_ssrc = _end(told.lines.get("localaddr"), ends[0][0])
    remote, remote_ssrc = _end(told.lines.get("remoteaddr"), ends[1][0])
    both = (
        _stream(told.local, (remote, local), remote_ssrc, told.callid),
        _stream(told.remote, (local, remote), local_ssrc, told.callid),
    )
    return tuple(scored(one) for one in both if tells_something(one))


def _end(line: str | None, otherwise: str) -> tuple[tuple[str, int], int | None]:
    if not line:
        return (otherwise, 0), None
    ip, port = host_port(line)
    marked = line.upper().partition("SSRC")[2].lstrip("=: ").split(" ")[0]
    return (figures.address(ip), port), figures.hex_ssrc(marked) if marked else None


def _stream(told: dict[str, str], ends: Ends, ssrc: int | None, callid: str) -> Measured:
    opinion = figures.opinion(told.get("MOSCQ"))
    return replace(
        stream(ReportKind.VQ_RTCPXR, Told.RECEIVED, ends),
        ssrc=ssrc,
        codec=codec(told.get("PD"), told.get("PT")),
        loss_percent=figures.percent(told.get("NLR")),
        jitter_ms=figures.jitter_ms(told.get("IAJ")),
        round_trip_ms=figures.round_trip_ms(told.get("RTD")),
        mos=opinion if opinion is not None else figures.opinion(told.get("MOSLQ")),
        r_factor=figures.r_factor(told.get("RCQ") if opinion is not None else told.get("RLQ")),
        callid=callid,
    )
