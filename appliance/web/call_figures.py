"""Figures of the calls that a search found, each with its formula (FEATURES H2, H5): pure, from what was counted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from appliance.calls.measures import ACD, ANSWERED, ASR, DECLINED, NER, REACHED, Measure, Tally, Unit
from appliance.storage.search.histogram import Counted
from appliance.web.asking import Asked
from appliance.web.histogram import with_term
from appliance.web.wording import UNKNOWN, number, span


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the strip; `title` is its formula with the numbers in it, `address` the search behind it."""

    name: str
    value: str
    title: str
    address: str = ""


def figures(asked: Asked, query: Mapping[str, str], counted: Counted) -> list[Figure]:
    """Calls, ASR, NER, ACD, PDD."""
    tally = Tally(counted.statuses, counted.talked_ms, counted.talks)

    def link(*terms: str) -> str:
        return with_term(asked, query, " ".join(terms))

    reached = f"state:{';'.join((*ANSWERED, *REACHED))} OR (state:rejected status:{DECLINED})"
    return [
        Figure("Calls", number(tally.total), "Rows of this result that began in its range."),
        Figure("ASR", shown(ASR, tally), title(ASR, tally), link(f"state:{';'.join(ANSWERED)}")),
        Figure("NER", shown(NER, tally), title(NER, tally), link(f"({reached})")),
        Figure("ACD", shown(ACD, tally), title(ACD, tally), link("talk:*")),
        *(Figure(f"PDD p{part}", *_delay(counted, part), link(_waited(counted, part))) for part in (50, 95)),
    ]


def shown(measure: Measure, tally: Tally) -> str:
    """A figure with its unit."""
    value = measure.of(tally)
    if value is None:
        return UNKNOWN
    return f"{value:.1f} %" if measure.unit is Unit.PERCENT else span(value)


def title(measure: Measure, tally: Tally) -> str:
    """Its formula with the numbers in it."""
    part, whole = measure.parts(tally)
    counts = f"{part} ÷ {whole}" if measure.unit is Unit.PERCENT else f"{part / 1000:.0f} s ÷ {whole}"
    source = f" ({measure.source})" if measure.source else ""
    return f"{measure.title}{source}: {measure.formula} = {counts}."


def percentile(values: Counter[int], percent: int) -> int | None:
    """The least value that at least so many of a hundred do not exceed; None of none."""
    wanted = -(-sum(values.values()) * percent // 100)
    seen = 0
    for value in sorted(values):
        seen += values[value]
        if seen >= max(1, wanted):
            return value
    return None


def _delay(counted: Counted, percent: int) -> tuple[str, str]:
    calls = sum(counted.pdds_ms.values())
    return span(percentile(counted.pdds_ms, percent)), (
        f"Post-dial delay, from the INVITE to the first ringing, else to the final response: {percent} of a hundred of "
        f"{calls} calls waited no longer."
    )


def _waited(counted: Counted, percent: int) -> str:
    """Those that waited at least so long."""
    delay = percentile(counted.pdds_ms, percent)
    return "pdd:*" if delay is None else f"pdd:>={delay}ms"
