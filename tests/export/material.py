"""A made-up call with reports and lines, for tests of what is made of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from appliance.calls.fold import fold
from appliance.export.material import Material
from appliance.export.prepared import in_order
from appliance.model.kinds import Kind
from appliance.model.quality import LogRow
from appliance.model.rows import MessageRow
from appliance.why.finding import Explanation, Finding, Severity
from tests.calls.made import START_US
from tests.export.reports import report
from tests.export.sipp.made import answered, call

REPORTS = tuple(report(n, mos=4.3 - n * 0.3, loss_percent=n / 2, mos_model="E-model") for n in range(6))
HOSTILE = '<script>alert("1")</script>'


def told(*sentences: str) -> Explanation:
    """What happened, in these words."""
    first, *others = (Finding("made", Severity.INFO, sentence, "", (), "") for sentence in sentences)
    return Explanation(first, tuple(others))


def material(rows: Sequence[MessageRow] | None = None, **changes: Any) -> Material:
    """Alice calls 200, who hangs up; `changes` replace fields."""
    found = in_order(call(*answered()) if rows is None else rows)
    records = fold(found, START_US)
    whole = Material(found[0].callid if found else "", records[0] if records else None, found, len(found))
    return replace(whole, **changes)


def reported(**changes: Any) -> Material:
    """The same with six reports of a stream and a line of a log."""
    lines = (LogRow(START_US, "made@10.0.0.1", "10.0.0.1", HOSTILE, Kind.LOG, f"a\r\nb \x1b {HOSTILE}\n", "x"),)
    return material(quality=REPORTS, logs=lines, **changes)
