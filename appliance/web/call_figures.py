"""Figures of the calls that a search found, each with its formula (FEATURES H2, H5): pure, from what was counted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from appliance.model.rows import CallState
from appliance.storage.search.histogram import Counted
from appliance.web.asking import Asked
from appliance.web.histogram import with_term
from appliance.web.wording import UNKNOWN, number, span

ANSWERED = (CallState.ANSWERED, CallState.COMPLETED, CallState.LOST)
_NO_OUTCOME = (CallState.SETUP, CallState.RINGING, CallState.CHALLENGED, CallState.PARTIAL)
_REACHED = (CallState.BUSY, CallState.NOANSWER, CallState.CANCELLED)
_DECLINED = 603


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the strip; `title` is its formula with the numbers in it, `address` the search behind it."""

    name: str
    value: str
    title: str
    address: str = ""


def figures(asked: Asked, query: Mapping[str, str], counted: Counted) -> list[Figure]:
    """Calls, ASR, NER, ACD, PDD."""
    states: Counter[str] = Counter()
    for (state, _), count in counted.statuses.items():
        states[state] += count
    total = sum(states.values())
    answered = _sum(states, ANSWERED)
    seized = total - _sum(states, _NO_OUTCOME)
    declined = counted.statuses[CallState.REJECTED.value, _DECLINED]
    effective = answered + _sum(states, _REACHED) + declined
    left_out = f"Left out: {_words(_NO_OUTCOME)}."

    def link(*terms: str) -> str:
        return with_term(asked, query, " ".join(terms))

    reached = f"state:{';'.join((*ANSWERED, *_REACHED))} OR (state:rejected status:{_DECLINED})"
    return [
        Figure("Calls", number(total), "Rows of this result that began in its range."),
        Figure("ASR", _share(answered, seized), f"Answer-seizure ratio (ITU-T E.425): answered ÷ calls that came to "
               f"something × 100 = {answered} ÷ {seized}. Answered: {_words(ANSWERED)}. {left_out}",
               link(f"state:{';'.join(ANSWERED)}")),
        Figure("NER", _share(effective, seized), "Network effectiveness ratio (ITU-T E.425): (answered + busy + no "
               "answer + cancelled by the caller + declined by 603) ÷ calls that came to something × 100 = "
               f"{effective} ÷ {seized}. {left_out}", link(f"({reached})")),
        Figure("ACD", span(counted.talked_ms / counted.talks) if counted.talks else UNKNOWN,
               "Average call duration: time from answer to BYE ÷ calls that have both = "
               f"{counted.talked_ms / 1000:.0f} s ÷ {counted.talks}.", link("talk:*")),
        *(Figure(f"PDD p{part}", *_delay(counted, part), link(_waited(counted, part))) for part in (50, 95)),
    ]  # fmt: skip


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


def _sum(states: Counter[str], which: tuple[CallState, ...]) -> int:
    return sum(states[state.value] for state in which)


def _words(states: tuple[CallState, ...]) -> str:
    return ", ".join(state.value for state in states)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else UNKNOWN
