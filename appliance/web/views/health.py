"""/health: each process, the buffer, drops, lag, tables, disk, agents, what was put aside (FEATURES J5).

Every part is asked for by itself, so that the page opens whatever is away and says what.
"""

import shutil
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from starlette.responses import Response

from appliance.buffer import counters, history
from appliance.buffer import status as buffer_status
from appliance.buffer.connection import BufferError
from appliance.buffer.status import BufferStatus
from appliance.metrics import COUNTERS
from appliance.storage import agents, daily_tables
from appliance.storage import status as store_status
from appliance.storage.agents import Agent
from appliance.storage.connection import DatabaseError
from appliance.storage.daily_tables import StoredTable
from appliance.storage.status import PutAside, StoreStatus
from appliance.web import addresses
from appliance.web.hour import LastHour, last_hour
from appliance.web.render import page
from appliance.web.state import SOON_SECONDS, Request, now_us
from appliance.web.wording import UNKNOWN, size, stamp

Part = TypeVar("Part")
DISK_WARNING = 0.9


@dataclass(frozen=True, slots=True)
class Disk:
    """The file system that the data lie on, octets."""

    path: str
    total: int
    free: int

    @property
    def used_percent(self) -> float:
        return 100 * (1 - self.free / self.total) if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Process:
    """A process that gave a sign of life lately."""

    name: str
    pid: int | None
    age_us: int | None
    facts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DayTables:
    """The tables of one day."""

    day: str
    rows: int
    size: int
    tables: list[StoredTable]


@dataclass(frozen=True, slots=True)
class Health:
    """`problems` are sentences, the worst first; None is what could not be asked."""

    problems: list[str]
    buffer: BufferStatus | None
    oldest_us: int | None
    processes: list[Process]
    counters: list[tuple[str, str, list[tuple[str, int]]]]
    drops: int
    store: StoreStatus | None
    disk: Disk | None

    @property
    def fine(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class HealthPage:
    """The context of health.html."""

    health: Health
    days: list[DayTables]
    agents: list[Agent] | None
    put_aside: list[PutAside] | None
    hep_address: str
    now: int
    last_hour: LastHour | None = None
    away: list[str] = field(default_factory=list)


async def show(request: Request) -> Response:
    """How the appliance is: processes, buffer, tables, disk, agents."""
    database = request.state["database"].within(SOON_SECONDS)
    health = await health_of(request)
    tables = await _unless_away(daily_tables.existing(database)) if health.store else None
    known = await _unless_away(agents.known(database)) if health.store else None
    aside = await _unless_away(store_status.put_aside(database)) if health.store else None
    samples = await _unless_away(history.last_hour(request.state["buffer"])) if health.buffer else None
    now = now_us()
    shown = HealthPage(
        health=health,
        days=_by_day(tables or []),
        agents=known,
        put_aside=aside,
        hep_address=addresses.hep_for_agents(request),
        now=now,
        last_hour=last_hour(samples or [], now),
    )
    return page(request, "health.html", shown, block="parts")


async def health_of(request: Request) -> Health:
    """Ask everything that is asked on the dashboard as well."""
    now = now_us()
    client = request.state["buffer"]
    store = await _unless_away(store_status.read(request.state["database"].within(SOON_SECONDS)))
    buffer = await _unless_away(buffer_status.read(client))
    sums = await _unless_away(counters.read(client)) if buffer else None
    signs = await _unless_away(counters.life_signs(client)) if buffer else None
    oldest = buffer.oldest_us(now) if buffer else None
    disk = _disk(request)
    drops = sum(count for key, count in (sums or {}).items() if "drop" in key[0])
    problems = _problems(store, buffer, oldest, disk, drops)
    return Health(
        problems=problems,
        buffer=buffer,
        oldest_us=oldest,
        processes=[_process(name, facts, now) for name, facts in (signs or {}).items()],
        counters=_counters(sums or {}),
        drops=drops,
        store=store,
        disk=disk,
    )


async def _unless_away(asked: Awaitable[Part]) -> Part | None:
    try:
        return await asked
    except (DatabaseError, BufferError, OSError):
        return None


def _problems(
    store: StoreStatus | None, buffer: BufferStatus | None, oldest_us: int | None, disk: Disk | None, drops: int
) -> list[str]:
    problems = []
    if store is None:
        problems.append("The database does not answer: packets wait in the buffer, searches fail until it is back.")
    if buffer is None:
        problems.append("Redis does not answer: receivers write to files on disk until it is back.")
    if oldest_us is not None and oldest_us > buffer_status.LATE_US:
        problems.append(f"Storing lags behind: the oldest batch has waited {oldest_us // 1_000_000} s.")
    if disk is not None and disk.used_percent > 100 * DISK_WARNING:
        problems.append(f"The disk of {disk.path} is {disk.used_percent:.0f} % full.")
    if drops:
        problems.append(f"{drops} packets were dropped since counting began: see the reasons below.")
    if store is not None and store.quarantined:
        problems.append(f"{store.quarantined} packets could not be stored and were put aside.")
    return problems


def _process(name: str, facts: dict[str, Any], now: int) -> Process:
    at = facts.get("at_us")
    rest = [_fact(key, value) for key, value in facts.items() if key not in ("pid", "at_us")]
    pid = facts.get("pid")
    return Process(
        name=name,
        pid=pid if isinstance(pid, int) else None,
        age_us=now - at if isinstance(at, int) else None,
        facts=rest,
    )


def _fact(key: str, value: Any) -> tuple[str, str]:
    """A name and value in words; the name's end says the unit."""
    name = key.removesuffix("_us").removesuffix("_bytes").replace("_", " ")
    if isinstance(value, int) and key.endswith("_us"):
        return name, stamp(value) if value else UNKNOWN
    if isinstance(value, int) and key.endswith("_bytes"):
        return name, size(value)
    return name, ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)


def _counters(sums: dict[tuple[str, ...], int]) -> list[tuple[str, str, list[tuple[str, int]]]]:
    """(name, help, [(labels, sum)]) in the order in which they are declared."""
    found = []
    for declared in COUNTERS:
        rows = sorted((", ".join(key[1:]), count) for key, count in sums.items() if key[0] == declared.name)
        found.append((declared.name, declared.help, rows or ([] if declared.labels else [("", 0)])))
    return found


def _disk(request: Request) -> Disk | None:
    path = request.state["settings"].paths.data
    try:
        usage = shutil.disk_usage(path)
    except OSError:
        return None
    return Disk(str(path), usage.total, usage.free)


def _by_day(tables: list[StoredTable]) -> list[DayTables]:
    days: dict[str, list[StoredTable]] = {}
    for table in tables:
        days.setdefault(f"{table.table.day:%Y-%m-%d}", []).append(table)
    found = [
        DayTables(day, sum(t.rows for t in those if "_texts_" not in t.table.name), sum(t.size for t in those), those)
        for day, those in days.items()
    ]
    return sorted(found, key=lambda each: each.day, reverse=True)
