"""/agents: for each program the lines that make it send here, and every agent that was seen (FEATURES O1)."""

import csv as csv_format
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, Response

from appliance.export.as_csv import defused
from appliance.export.moments import moment
from appliance.model.octets import shown
from appliance.storage import agents
from appliance.storage.agents import AgentFigures
from appliance.storage.connection import DatabaseError
from appliance.web import addresses, programs
from appliance.web.agent_warnings import is_silent, warnings
from appliance.web.api import v1
from appliance.web.programs import Program
from appliance.web.render import page
from appliance.web.state import SOON_SECONDS, Request, now_us

_FIRST_BY = "last"
_KEYS: dict[str, tuple[str, str, Callable[["SeenAgent"], Any]]] = {
    "node": ("Node", "The name it gives itself, its capture id, or its address", lambda a: a.figures.agent.node),
    "address": ("Address", "Where its packets come from", lambda a: a.figures.agent.sender_ip),
    "rate": ("Packets/s", "In this minute and the one before", lambda a: -a.figures.per_second),
    "packets": ("Packets", "Since it was first seen", lambda a: -a.figures.agent.packets),
    "last": ("Last seen", "Receipt of its last packet", lambda a: -a.figures.agent.last_seen),
    "kinds": ("Kinds", "What it ever sent", lambda a: a.kinds),
    "version": ("HEP", "Version of HEP, or HTTP", lambda a: a.figures.agent.hep_version),
    "clock": (
        "Clock",
        "How far its clock is behind ours, the way here included",
        lambda a: -abs(a.figures.clock_us or 0),
    ),
    "malformed": ("Malformed", "SIP messages of the last hour with problems", lambda a: -a.figures.malformed),
}
"""Column: heading, title, what it is sorted by."""


@dataclass(frozen=True, slots=True)
class SeenAgent:
    """A line of the table."""

    figures: AgentFigures
    program: str
    """Title of the program whose lines give it its name, or empty."""
    warnings: list[str]
    silent: bool

    @property
    def kinds(self) -> str:
        return ", ".join(kind for kind, _ in self.figures.kinds)

    @property
    def version(self) -> str:
        return str(self.figures.agent.hep_version) if self.figures.agent.hep_version else "HTTP"


@dataclass(frozen=True, slots=True)
class ProgramPart:
    """A program with its lines filled in, and who was seen that uses them."""

    program: Program
    seen: list[SeenAgent]
    open: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A heading that sorts; `order` is `ascending` or `descending` where it does now."""

    heading: str
    title: str
    address: str
    order: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class AgentsPage:
    """The context of agents.html; `seen` is None when the database does not answer."""

    parts: list[ProgramPart]
    seen: list[SeenAgent] | None
    columns: list[Column]
    hep_address: str
    key_wanted: bool
    tls_address: str
    now: int


async def show(request: Request) -> Response:
    """For each program the lines that make it send here, and every agent that was seen."""
    settings, hep = request.state["settings"], addresses.hep_for_agents(request)
    try:
        seen = await _seen(request)
    except (DatabaseError, OSError):
        seen = None
    url = settings.web.url or str(request.base_url)
    chosen = request.query_params.get("program", "")
    filled = [programs.filled(program, hep, url) for program in programs.programs()]
    shown_page = AgentsPage(
        parts=[ProgramPart(each, _of(each, seen or []), each.name == chosen) for each in filled],
        seen=seen,
        columns=_columns(request),
        hep_address=hep,
        key_wanted=bool(settings.hep.auth_key),
        tls_address=settings.hep.tls_listen or "",
        now=now_us(),
    )
    return page(request, "agents.html", shown_page, block="parts")


async def csv(request: Request) -> Response:
    """The table of agents as CSV."""
    rows = [_row(each) for each in await _seen(request)]
    written = io.StringIO(newline="")
    table = csv_format.writer(written)
    table.writerow(FIELDS)
    table.writerows([_cell(name, row[name]) for name in FIELDS] for row in rows)
    headers = {"Content-Disposition": 'attachment; filename="hepbox-agents.csv"'}
    return Response(written.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


async def json(request: Request) -> Response:
    """The same as JSON."""
    rows = [_row(each) for each in await _seen(request)]
    return Response(v1.dump({"agents": rows}), media_type=JSONResponse.media_type)


async def _seen(request: Request) -> list[SeenAgent]:
    """Sorted as asked. Raises DatabaseError."""
    now = now_us()
    found = await agents.figures(request.state["database"].within(SOON_SECONDS), now)
    rows = [SeenAgent(each, _program_of(each), warnings(each), is_silent(each, now)) for each in found]
    sort, backwards = _sorting(request)
    return sorted(rows, key=_KEYS[sort][2], reverse=backwards)


def _sorting(request: Request) -> tuple[str, bool]:
    sort = request.query_params.get("sort", _FIRST_BY)
    return sort if sort in _KEYS else _FIRST_BY, request.query_params.get("order") == "reverse"


def _columns(request: Request) -> list[Column]:
    sort, backwards = _sorting(request)
    found = []
    for name, (heading, title, _) in _KEYS.items():
        again = name == sort and not backwards
        order = "" if name != sort else ("descending" if backwards != (name in _LARGEST_FIRST) else "ascending")
        address = f"/agents?sort={name}" + ("&order=reverse" if again else "") + "#seen"
        found.append(Column(heading, title, address, order, name in _NUMBERS))
    return found


_LARGEST_FIRST = frozenset({"rate", "packets", "last", "clock", "malformed"})
_NUMBERS = frozenset({"rate", "packets", "clock", "malformed"})


def _program_of(figures: AgentFigures) -> str:
    return next((each.title for each in programs.programs() if each.is_sender(figures.agent.node)), "")


def _of(program: Program, seen: Sequence[SeenAgent]) -> list[SeenAgent]:
    return [each for each in seen if program.is_sender(each.figures.agent.node)]


FIELDS = (
    "node", "source_ip", "program", "packets_per_second", "packets", "first_seen", "last_seen", "kinds",
    "hep_version", "clock_ms", "requests_1h", "responses_1h", "repeated_1h", "malformed_1h", "warnings",
)  # fmt: skip
"""Of a row in both files; times are epoch microseconds in JSON."""


def _row(seen: SeenAgent) -> dict[str, Any]:
    figures, agent = seen.figures, seen.figures.agent
    clock_ms = None if figures.clock_us is None else round(figures.clock_us / 1000)
    values = (
        shown(agent.node), agent.sender_ip, seen.program or None, round(figures.per_second, 2), agent.packets,
        agent.first_seen, agent.last_seen, [kind for kind, _ in figures.kinds], agent.hep_version or None, clock_ms,
        figures.requests, figures.responses, figures.repeated, figures.malformed, seen.warnings,
    )  # fmt: skip
    return dict(zip(FIELDS, values, strict=True))


def _cell(name: str, value: Any) -> str:
    if name in ("first_seen", "last_seen"):
        return f"{moment(value):%Y-%m-%dT%H:%M:%S.%fZ}"
    text = ",".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return text if isinstance(value, int | float) else defused(text.replace("\x00", "\u2400"))
