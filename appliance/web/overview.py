"""What stands above a search's rows: its figures and its histogram, for the page and the fragment that htmx fetches."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from appliance.storage.search import FOLDED
from appliance.storage.search.histogram import counted
from appliance.web import asking, ranges
from appliance.web.asking import Asked
from appliance.web.call_figures import Figure, figures
from appliance.web.histogram import Chart, chart_of, narrowed, slots_of
from appliance.web.state import Request


@dataclass(frozen=True, slots=True)
class Overview:
    """`chart` is None when it was not counted, and `why` says so; `beside` are links to other ranges."""

    chart: Chart | None
    figures: list[Figure]
    beside: dict[str, str]
    why: str = ""


async def overview_of(request: Request, asked: Asked, query: Mapping[str, str]) -> Overview:
    """Of an asked search whose range is resolved. Raises QueryError, DatabaseError."""
    slots = slots_of(asked.from_us, asked.to_us)
    question = replace(asking.question_of(request, asked), cursor=None)
    beside = {name: narrowed(query, *range_) for name, range_ in ranges.beside(asked.from_us, asked.to_us).items()}
    if asked.view in FOLDED:
        return Overview(None, [], beside, "not counted over time: a row is made of many messages")
    found = await counted(request.state["database"], question, slots)
    if found is None:
        reads = asking.reads_texts(asked.q)
        why = "the query reads the messages themselves" if reads else "there was not enough time"
        return Overview(None, [], beside, f"not counted over time: {why}")
    shown = figures(asked, query, found) if asked.view == "calls" else []
    return Overview(chart_of(asked, query, slots, found), shown, beside)
