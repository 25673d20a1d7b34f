"""/calls/KEY/logs: log lines and events of a call in order of time (FEATURES F2)."""

from dataclasses import dataclass

from starlette.responses import Response

from appliance.model.kinds import DAY_US
from appliance.model.quality import LogRow
from appliance.storage.audit import Action
from appliance.web import audit_trail, call_reports, found_call, links
from appliance.web.call_head import TABS, Head, head_of
from appliance.web.render import page
from appliance.web.shown_message import pretty
from appliance.web.state import Request

MOST_LISTED = 1000
MOST_CHARACTERS = 20_000
"""Of one line on this page; its own page has all."""
WORDS = {"log": "log", "webrtc": "event", "isup": "ISUP", "other": "packet"}


@dataclass(frozen=True, slots=True)
class ShownLog:
    """A line, its JSON in lines, how long after the call began, and whether some was cut off."""

    row: LogRow
    text: str
    lines: int
    since_us: int | None
    """After the call began; None of a clock that is off by days."""
    cut: bool

    @property
    def words(self) -> str:
        return WORDS[self.row.kind.value]


@dataclass(frozen=True, slots=True)
class LogsPage:
    """The context of call_logs.html."""

    head: Head
    logs: list[ShownLog]
    not_listed: int
    tab: str = "logs"
    tabs: tuple[tuple[str, str], ...] = TABS


async def show(request: Request) -> Response:
    """Every line that names the call's Call-ID."""
    found = await found_call.find(request)
    await audit_trail.write(request, Action.CALL_OPENED, links.call(found.callid, "logs"))
    rows = call_reports.logs_of(found)
    begun = found.started or 0
    shown = [shown_log(row, begun) for row in rows[:MOST_LISTED]]
    return page(request, "call_logs.html", LogsPage(head_of(found, request), shown, max(0, len(rows) - MOST_LISTED)))


def shown_log(row: LogRow, begun_us: int) -> ShownLog:
    whole = pretty(row.text).rstrip()
    text = whole[:MOST_CHARACTERS]
    since_us = row.ts - begun_us if abs(row.ts - begun_us) < DAY_US else None
    return ShownLog(row, text, text.count("\n") + 1, since_us, len(whole) > MOST_CHARACTERS)
