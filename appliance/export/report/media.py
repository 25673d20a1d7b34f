"""The quality of a call's media in its report: each stream's figures, its intervals and its charts."""

from dataclasses import dataclass

from appliance.calls.labels import printable
from appliance.export import quality_svg, scale
from appliance.export.material import Material
from appliance.export.messages_text import socket
from appliance.export.streams import Figures, Stream, blocks, streams
from appliance.model.quality import Told
from appliance.quality.grade import grade

MOST_STREAMS = 12
TELLERS = {
    Told.RECEIVED: "told by the receiver",
    Told.SENT: "told by the sender",
    Told.OBSERVED: "seen by a probe between",
}


@dataclass(frozen=True, slots=True)
class Media:
    """One stream as one source tells of it."""

    anchor: str
    ends: str
    about: str
    grade: str
    figures: tuple[tuple[str, str], ...]
    model: str
    """What the MOS comes from."""
    in_words: str
    strip: str
    charts: tuple[tuple[str, str], ...]
    """(name with its unit, drawing)."""


def media(call: Material) -> tuple[Media, ...]:
    """Every stream that a receiver or a probe tells of; what senders tell, which is packets only, is left out."""
    heard = [stream for stream in streams(call.quality) if stream.told is not Told.SENT]
    if not heard:
        return ()
    span_us = _span(call, heard)
    return tuple(_media(number, stream, span_us) for number, stream in enumerate(heard[:MOST_STREAMS], 1))


def _span(call: Material, heard: list[Stream]) -> tuple[int, int]:
    """From the answer, or the first report, to the last one."""
    first = min(stream.rows[0].ts for stream in heard)
    last = max(stream.rows[-1].ts for stream in heard)
    begun = first - 1_000_000
    if call.call is not None:
        begun = min(first, call.call.started + (call.call.setup_ms or 0) * 1000)
    return begun, max(last, begun + 1_000_000)


def _media(number: int, stream: Stream, span_us: tuple[int, int]) -> Media:
    anchor = f"stream-{number}"

    def link(_message: str) -> str:
        return f"#{anchor}"

    intervals = [block for block in blocks(stream, span_us[0]) if block.to_us > span_us[0]]
    drawn = ((metric, quality_svg.chart(stream, metric, span_us, link)) for metric in quality_svg.METRICS)
    ends = f"{_end(stream.source)} → {_end(stream.destination)}"
    return Media(
        anchor=anchor,
        ends=ends,
        about=_about(stream),
        grade=grade(stream.mos.worst, stream.loss_percent.worst),
        figures=_figures(stream),
        model=printable(stream.mos_models[0]) if stream.mos_models else "",
        in_words=quality_svg.in_words(intervals),
        strip=quality_svg.strip(intervals, span_us, f"Quality {ends}", link),
        charts=tuple((f"{metric.words} {metric.unit}".strip(), svg) for metric, svg in drawn if svg),
    )


def _about(stream: Stream) -> str:
    parts = [f"{stream.kind.value.upper()}, {TELLERS[stream.told]}"]
    if stream.node:
        parts.append(f"sent by {stream.node}")
    if stream.codecs:
        parts.append(", ".join(stream.codecs))
    if stream.ssrc is not None:
        parts.append(f"SSRC 0x{stream.ssrc:08X}")
    return printable(" · ".join(parts))


def _figures(stream: Stream) -> tuple[tuple[str, str], ...]:
    said = (
        ("Packets", _count(stream.packets)),
        ("Lost", _count(stream.lost)),
        ("Loss, average / worst", _both(stream.loss_percent, " %")),
        ("Jitter, average / most", _both(stream.jitter_ms, " ms")),
        ("Round trip, average / most", _both(stream.round_trip_ms, " ms")),
        ("MOS, average / worst", stream.without_mos or _both(stream.mos, "")),
    )
    return tuple((name, printable(words)) for name, words in said)


def _both(figures: Figures, unit: str) -> str:
    if figures.average is None or figures.worst is None:
        return "not known"
    return f"{scale.written(figures.average)} / {scale.written(figures.worst)}{unit}"


def _count(number: int | None) -> str:
    return "not known" if number is None else f"{number:,}".replace(",", "\u202f")


def _end(end: tuple[str, int]) -> str:
    return socket(end[0], end[1]) if end[1] else printable(end[0]) or "?"
