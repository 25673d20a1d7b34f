"""The dashboard's lists of the last hour: where most calls come from and go to, and what the figures of all are."""

from collections.abc import Mapping
from dataclasses import dataclass

from appliance.calls.measures import ACD, ASR, NER, PDD, Measure, Tally
from appliance.model.aliases import Aliases
from appliance.query.times import TimeRange
from appliance.storage import call_groups
from appliance.storage.connection import Database
from appliance.storage.search import Question
from appliance.web import links, statistics
from appliance.web.call_figures import shown, title
from appliance.web.statistics import Line

LISTS = {"source": "Top sources", "destination": "Top destinations", "user_agent": "Top user agents",
         "to_country": "Called countries"}  # fmt: skip
MOST_LINES = 6
SECONDS = 1.0
"""For one list: what takes longer is left out, and said."""
FIGURES: tuple[tuple[Measure, str], ...] = (
    (ASR, "state:answered;completed;lost"),
    (NER, ""),
    (ACD, "talk:*"),
    (PDD, "pdd:*"),
)
"""Of all calls of the hour, each with the search behind it."""


@dataclass(frozen=True, slots=True)
class Top:
    """One list; None of lines when it took too long."""

    by: str
    title: str
    lines: list[Line] | None
    address: str
    """Of the whole table."""


@dataclass(frozen=True, slots=True)
class Told:
    """A figure of the strip."""

    name: str
    value: str
    title: str
    note: str
    address: str


@dataclass(frozen=True, slots=True)
class Hour:
    """What the lists of an hour are made of: tallies by list and name, None where it took too long."""

    range_: TimeRange
    tallies: Mapping[str, Mapping[str, Tally] | None]


async def read(database: Database, range_: TimeRange, aliases: Aliases) -> Hour:
    """Raises DatabaseError."""
    question, found = Question("", range_.from_us, range_.to_us, aliases=aliases), {}
    for by in LISTS:
        namer = statistics.namer(by, aliases)
        groups = await call_groups.counted(database, question, statistics.column_of(by), namer, SECONDS)
        found[by] = None if groups.notes else groups.tallies
    return Hour(range_, found)


def tops(hour: Hour) -> list[Top]:
    """The lists, longest first in each."""
    absolute = links.absolute(hour.range_)
    return [_top(by, words, hour.tallies.get(by), absolute) for by, words in LISTS.items()]


def told(hour: Hour) -> list[Told]:
    """The figures of all calls, joined legs being one; unknown ones are told as such."""
    absolute = links.absolute(hour.range_)
    whole = statistics.whole(hour.tallies.get("to_country") or {})
    return [
        Told(measure.name, shown(measure, whole), title(measure, whole), measure.title,
             links.search(q, absolute["from"], absolute["to"], "calls"))
        for measure, q in FIGURES
    ]  # fmt: skip


def _top(by: str, words: str, tallies: Mapping[str, Tally] | None, absolute: Mapping[str, str]) -> Top:
    lines = None if tallies is None else statistics.lines(by, tallies, "", absolute)[:MOST_LINES]
    return Top(by, words, lines, links.with_query("/statistics", {**absolute, "by": by}))
