"""What a search looked at, in words: one sentence for whoever waited, a line a table for whoever asks."""

from collections.abc import Sequence

from appliance.export import moments
from appliance.model.ids import HOUR_US
from appliance.model.rows import Looked

WORTH_TELLING = 10_000
"""Rows: fewer are read in no time."""


def sentence(plan: Sequence[Looked]) -> str:
    """`read through about 3,412,000 messages of 3 h 00 min: no index for ua`; empty when little was read."""
    through = [each for each in plan if not each.indexes]
    rows = sum(each.rows for each in through)
    if rows < WORTH_TELLING:
        return ""
    about = "" if all(each.exact for each in through) else "about "
    lasted_us = max(each.to_us for each in through) - min(each.from_us for each in through)
    why = "; ".join(dict.fromkeys(each.why for each in through if each.why))
    return f"read through {about}{rows:,} {_nouns(through)} of {_lasting(lasted_us)}" + (f": {why}" if why else "")


def lines(plan: Sequence[Looked]) -> list[str]:
    """`calls_20261123: 14 rows by from_user, pid_user`, `calls_20261122: about 51,000 rows read through, …`."""
    return [_line(each) for each in plan]


def _line(looked: Looked) -> str:
    rows = f"{'' if looked.exact else 'about '}{looked.rows:,} rows"
    if looked.indexes:
        return f"{looked.table}: {rows} by {', '.join(looked.indexes)}"
    since = f"{moments.stamp(looked.from_us)[:19]} to {moments.stamp(looked.to_us)[:19]} UTC"
    return f"{looked.table}: {rows} read through, {since}" + (f" ({looked.why})" if looked.why else "")


def _nouns(through: Sequence[Looked]) -> str:
    return "calls" if all(each.table.startswith("calls_") for each in through) else "messages"


def _lasting(us: int) -> str:
    return f"{us / HOUR_US:.0f} h" if us >= 3 * HOUR_US else moments.span(us).removeprefix("+")
