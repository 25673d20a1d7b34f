"""/calls/KEY/quality: loss, jitter, round trip and MOS of each stream over time, its reports, and the same as files."""

from dataclasses import dataclass

from markupsafe import Markup
from starlette.responses import Response

from appliance.export import as_csv, quality_svg
from appliance.export.answer import row as as_row
from appliance.export.streams import Block, Stream, blocks, sent_of, streams
from appliance.model.ids import call_key
from appliance.model.octets import octets, shown
from appliance.model.quality import QualityRow, ReportKind, Told
from appliance.storage.audit import Action
from appliance.web import audit_trail, call_reports, found_call, links
from appliance.web.api import v1
from appliance.web.call_download import SANDBOX, file_name
from appliance.web.call_head import TABS, Head, head_of
from appliance.web.found_call import FoundCall
from appliance.web.render import page
from appliance.web.state import Request

MOST_STREAMS = 24
LEAST_US = 1_000_000
"""The shortest time that is drawn."""
MOST_LISTED = 500
"""Reports in the table of one stream; the files have all of them."""
KINDS = {
    ReportKind.RTCP: "RTCP",
    ReportKind.RTCP_XR: "RTCP XR",
    ReportKind.RTP_STAT: "X-RTP-Stat",
    ReportKind.RTP_AGENT: "RTP agent",
    ReportKind.HORACLIFIX: "horaclifix",
    ReportKind.VQ_RTCPXR: "vq-rtcpxr",
    ReportKind.HEP: "HEP",
}
TELLERS = {
    Told.RECEIVED: "told by the receiver",
    Told.SENT: "told by the sender",
    Told.OBSERVED: "seen by a probe between",
}


@dataclass(frozen=True, slots=True)
class Chart:
    """One figure; `svg` is empty when no report has it."""

    name: str
    words: str
    unit: str
    svg: Markup


@dataclass(frozen=True, slots=True)
class Shown:
    """A stream and what is drawn of it."""

    stream: Stream
    kind: str
    teller: str
    anchor: str
    charts: tuple[Chart, ...]
    strip: Markup
    in_words: str
    sent: int | None
    """Packets, as the stream's sender tells."""
    listed: tuple[QualityRow, ...]
    not_listed: int


@dataclass(frozen=True, slots=True)
class QualityPage:
    """The context of call_quality.html."""

    head: Head
    streams: list[Shown]
    not_shown: int
    reports: int
    span_us: tuple[int, int]
    closer: bool
    """Whether only a part of the time is drawn."""
    tab: str = "quality"
    tabs: tuple[tuple[str, str], ...] = TABS


@dataclass(frozen=True, slots=True)
class Line:
    """One direction on the ladder's page: its worst and average MOS, and its strip."""

    stream: Stream
    strip: Markup


async def show(request: Request) -> Response:
    """Every stream of the call; `?since=` and `?until=` (microseconds) bring a part of its time closer."""
    found = await found_call.find(request)
    rows = await call_reports.quality_of(request, found)
    await audit_trail.write(request, Action.CALL_OPENED, links.call(found.callid, "quality"))
    known = streams(rows)
    whole_us = span(known, found)
    span_us = _part(request, whole_us)
    drawn = [_shown(stream, number, span_us, known) for number, stream in enumerate(known[:MOST_STREAMS], 1)]
    shown_page = QualityPage(
        head_of(found, request), drawn, max(0, len(known) - MOST_STREAMS), len(rows), span_us, span_us != whole_us
    )
    return page(request, "call_quality.html", shown_page)


async def csv(request: Request) -> Response:
    """The reports' figures as CSV, in the words of the API."""
    found, rows = await _for_file(request, "quality.csv")
    return _file(found, "quality.csv", "text/csv; charset=utf-8", as_csv.text("quality", rows))


async def json(request: Request) -> Response:
    """The same as JSON."""
    found, rows = await _for_file(request, "quality.json")
    body = {"callid": shown(found.callid), "quality": [as_row(row) for row in rows]}
    return _file(found, "quality.json", "application/json", v1.dump(body))


def lines(rows: list[QualityRow], found: FoundCall, most: int = 4) -> list[Line]:
    """The strips that stand above the ladder: what receivers and probes say, the directions beside each other."""
    known = streams(rows)
    heard = [stream for stream in known if stream.told is not Told.SENT]
    span_us = span(known, found)
    return [_line(stream, span_us) for stream in heard[:most]]


def _line(stream: Stream, span_us: tuple[int, int]) -> Line:
    return Line(stream, _strip(stream, _blocks(stream, span_us), span_us))


def span(known: list[Stream], found: FoundCall) -> tuple[int, int]:
    """The time that all charts of a call show: from its answer, or its start, to the last report."""
    last = max((stream.rows[-1].ts for stream in known), default=0)
    first = min((stream.rows[0].ts for stream in known), default=0)
    begun = first - 1_000_000
    if found.call is not None:
        begun = min(first, found.call.started + (found.call.setup_ms or 0) * 1000)
    return begun, max(last, begun + 1_000_000)


def _part(request: Request, whole_us: tuple[int, int]) -> tuple[int, int]:
    """The time that was asked for, within that of the call; the whole when it is none."""
    texts = (request.query_params.get("since", ""), request.query_params.get("until", ""))
    if not all(text.isascii() and text.isdigit() and len(text) <= 17 for text in texts):
        return whole_us
    since, until = max(int(texts[0]), whole_us[0]), min(int(texts[1]), whole_us[1])
    return (since, until) if until - since >= LEAST_US else whole_us


def _shown(stream: Stream, number: int, span_us: tuple[int, int], known: list[Stream]) -> Shown:
    heard = stream.told is not Told.SENT  # of what senders tell only their counts are shown
    intervals = _blocks(stream, span_us) if heard else []
    seen = Stream(tuple(row for row in stream.rows if span_us[0] <= row.ts <= span_us[1]))
    charts = tuple(
        Chart(metric.name, metric.words, metric.unit, _drawn(quality_svg.chart(seen, metric, span_us, links.message)))
        for metric in quality_svg.METRICS
        if heard
    )
    return Shown(
        stream=stream,
        kind=KINDS[stream.kind],
        teller=TELLERS[stream.told],
        anchor=f"stream-{number}",
        charts=charts,
        strip=_strip(stream, intervals, span_us) if heard else Markup(),
        in_words=quality_svg.in_words(intervals),
        sent=sent_of(stream, known) if heard else None,
        listed=stream.rows[:MOST_LISTED],
        not_listed=max(0, len(stream.rows) - MOST_LISTED),
    )


def _blocks(stream: Stream, span_us: tuple[int, int]) -> list[Block]:
    found = blocks(stream, span_us[0])
    return [block for block in found if block.to_us > span_us[0] and block.from_us < span_us[1]]


def _strip(stream: Stream, intervals: list[Block], span_us: tuple[int, int]) -> Markup:
    name = f"Quality from {stream.source[0]} to {stream.destination[0]}"
    return _drawn(quality_svg.strip(intervals, span_us, shown(name), links.message))


def _drawn(svg: str) -> Markup:
    """Drawings come out of templates that escape everything (export/templates): they are markup already."""
    return Markup(svg)  # noqa: S704


async def _for_file(request: Request, what: str) -> tuple[FoundCall, list[QualityRow]]:
    found = await found_call.find(request)
    await audit_trail.write(request, Action.EXPORTED, f"{what} {call_key(octets(found.callid))}")
    return found, await call_reports.quality_of(request, found)


def _file(found: FoundCall, suffix: str, kind: str, body: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{file_name(found, suffix)}"',
        "Content-Security-Policy": SANDBOX,
    }
    return Response(body.encode("utf-8", "replace"), media_type=kind, headers=headers)
