"""/: what goes on now; on a new appliance, how to see something in a minute."""

import time
from dataclasses import dataclass

from starlette.responses import Response

from appliance.model.aliases import Aliases
from appliance.model.rows import CallState
from appliance.query.times import TimeRange
from appliance.storage import agents, overview
from appliance.storage.agents import Agent
from appliance.storage.connection import Database, DatabaseError
from appliance.storage.overview import MINUTE_US, Minute
from appliance.web import addresses, dashboard_tops, links
from appliance.web.charts import Bars, bars
from appliance.web.dashboard_tops import Hour, Told, Top
from appliance.web.render import page
from appliance.web.state import SOON_SECONDS, Request, now_us
from appliance.web.views.health import Health, health_of

MINUTES = 60
MOST_AGENTS = 12
LOOK_AGAIN_SECONDS = 5
"""How often an empty dashboard looks whether something has come."""
FRESH_US = 5_000_000
"""How long a figure of the dashboard is shown to everybody before it is asked for again."""
ACTIVE = (CallState.SETUP, CallState.RINGING, CallState.ANSWERED)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the tables say; None of a part that took too long."""

    read_at: int
    stored: bool
    messages: dict[int, int] | None
    calls: list[Minute] | None
    agents: list[Agent]
    hour: Hour | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the strip; `address` is the search behind it."""

    name: str
    value: int | float | None
    unit: str
    address: str
    title: str


@dataclass(frozen=True, slots=True)
class DashboardPage:
    """The context of dashboard.html."""

    stored: bool
    strip: list[Figure]
    told: list[Told]
    tops: list[Top]
    messages: Bars | None
    calls: Bars | None
    states: list[tuple[str, int, str]]
    agents: list[Agent]
    health: Health
    hep_address: str
    web_address: str
    hour: tuple[int, int]
    took_ms: float


async def show(request: Request) -> Response:
    """The dashboard: what comes in, what is going on, and three ways to see something at once."""
    begun = time.perf_counter()
    now = now_us()
    figures = await _figures(request, now)
    shown = _context(request, figures, await health_of(request), now, begun)
    headers = {} if figures.stored else {"Refresh": f"{LOOK_AGAIN_SECONDS}"}
    return page(request, "dashboard.html", shown, headers=headers)


async def _figures(request: Request, now: int) -> Figures:
    kept: dict[str, Figures] = request.state["figures"]
    found = kept.get("figures")
    if found is None or now - found.read_at > FRESH_US:
        database, aliases = request.state["database"].within(SOON_SECONDS), request.state["names"].aliases
        found = kept["figures"] = await _read(database, aliases, now)
    return found


async def _read(database: Database, aliases: Aliases, now: int) -> Figures:
    from_us = _hour(now)[0]
    stored = await overview.anything_stored(database)
    messages, calls, hour = None, None, None
    if stored:
        try:
            messages = await overview.messages_by_minute(database, from_us, now)
            calls = await overview.calls_by_minute(database, from_us, now)
            hour = await dashboard_tops.read(database, TimeRange(*_hour(now)), aliases)
        except DatabaseError as error:
            if not overview.took_too_long(error):
                raise
    return Figures(now, stored, messages, calls, await agents.known(database), hour)


def _hour(now: int) -> tuple[int, int]:
    """The last 60 whole minutes and the one that has begun."""
    minute = now // MINUTE_US * MINUTE_US
    return minute - (MINUTES - 1) * MINUTE_US, minute + MINUTE_US


def _context(request: Request, figures: Figures, health: Health, now: int, begun: float) -> DashboardPage:
    hour = _hour(now)
    states = _states(figures.calls or [])
    messages = [(figures.messages or {}).get(start, 0) for start in range(hour[0], hour[1], MINUTE_US)]
    by_minute = {minute.start_us: minute.states for minute in figures.calls or []}
    calls = [by_minute.get(start, {}) for start in range(hour[0], hour[1], MINUTE_US)]
    range_ = {"from_": links.moment(hour[0]), "to": links.moment(hour[1])}
    return DashboardPage(
        stored=figures.stored,
        strip=_strip(figures, states, messages, range_),
        told=dashboard_tops.told(figures.hour) if figures.hour else [],
        tops=dashboard_tops.tops(figures.hour) if figures.hour else [],
        messages=bars("messages", [{"messages": count} for count in messages], hour[0]) if figures.messages else None,
        calls=bars("calls", calls, hour[0]) if figures.calls else None,
        states=[(state, count, links.search(f"state:{state}", view="calls", **range_)) for state, count in states],
        agents=figures.agents[:MOST_AGENTS],
        health=health,
        hep_address=addresses.hep_for_agents(request),
        web_address=str(request.base_url).rstrip("/"),
        hour=hour,
        took_ms=(time.perf_counter() - begun) * 1000,
    )


def _states(minutes: list[Minute]) -> list[tuple[str, int]]:
    """How many calls of each state, in the order of CallState."""
    sums = {state.value: sum(minute.states.get(state.value, 0) for minute in minutes) for state in CallState}
    return [(state, count) for state, count in sums.items() if count]


def _strip(
    figures: Figures, states: list[tuple[str, int]], messages: list[int], range_: dict[str, str]
) -> list[Figure]:
    counts = dict(states)
    total = sum(counts.values())
    active = sum(counts.get(state, 0) for state in ACTIVE)
    known = figures.calls is not None
    lately = messages[-6:-1]
    return [
        Figure("Messages/s", sum(lately) / 300 if figures.messages is not None else None, "",
               links.search(view="messages", from_="-15m"), "mean of the last five whole minutes"),
        Figure("Calls", total if known else None, "", links.search(view="calls", **range_), "begun in the last hour"),
        Figure("In setup or call", active if known else None, "",
               links.search("state:setup;ringing;answered", view="calls", **range_), "of those, not ended yet"),
        Figure("Failed", counts.get(CallState.FAILED, 0) + counts.get(CallState.TIMEOUT, 0) if known else None, "",
               links.search("state:failed;timeout", view="calls", **range_), "5xx, or no final answer"),
    ]  # fmt: skip
