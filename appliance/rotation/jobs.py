"""What rotation does: plans, makes and drops tables, closes days, prunes small old rows. The clock is an argument."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from appliance.model.kinds import DAY_US, day_of
from appliance.rotation.plan import Close, Drop, Plan, make_plan
from appliance.rotation.policy import Policy
from appliance.storage import closed_days, daily_tables, retention
from appliance.storage.connection import Database

LEDGER_DAYS = 7
"""Longer than any batch waits to come again."""
SIGN_IN_DAYS = 2
"""Sessions end after half a day, throttles are forgotten sooner."""
SHARE_DAYS = 30
"""How long a link that has expired is still listed, with who opened it."""
NOTE_DAYS = 367
"""Longer than a pinned call is kept."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a plan: names of tables."""

    made: tuple[str, ...]
    dropped: tuple[str, ...]
    busy: tuple[str, ...]
    """Somebody was reading them: to be tried again."""


async def plan(database: Database, policy: Policy, now_us: int) -> Plan:
    """The plan by what the database holds. Raises DatabaseError."""
    tables = await daily_tables.existing(database)
    imported, open_days = await retention.imported_days(database), await closed_days.open_days(database)
    return make_plan(policy, tables, day_of(now_us), imported, open_days)


async def make_ahead(database: Database, policy: Policy, now_us: int) -> list[str]:
    """Make the tables of today and the days ahead; returns their names. Harmless beside others that do the same."""
    today = day_of(now_us)
    return await daily_tables.ensure_days(database, [today + timedelta(days=n) for n in range(policy.ahead + 1)])


async def carry_out(database: Database, plan: Plan, report: Callable[[Drop, bool], None]) -> Outcome:
    """Make and drop, one table after the other; `report` hears of each drop and whether it went through."""
    options = await daily_tables.table_options(database) if plan.creates else ""
    for create in plan.creates:
        await daily_tables.create(database, create.table.name, options)
    dropped: list[str] = []
    busy: list[str] = []
    for drop in plan.drops:
        name = drop.stored.table.name
        gone = await daily_tables.drop(database, name)
        (dropped if gone else busy).append(name)
        report(drop, gone)
    await _forget_imports(database)
    return Outcome(tuple(create.table.name for create in plan.creates), tuple(dropped), tuple(busy))


async def close(database: Database, plan: Plan, report: Callable[[Close, bool], None]) -> list[str]:
    """Close days, first the newest, which is searched most; returns the names of tables in use, to be tried again."""
    busy = []
    for one in reversed(plan.closes):
        done = await closed_days.close(database, one.stored.table.day)
        if not done:
            busy.append(one.stored.table.name)
        report(one, done)
    return busy


async def _forget_imports(database: Database) -> None:
    """Days whose tables are all gone need no memory of their import."""
    days = {stored.table.day for stored in await daily_tables.existing(database)}
    await retention.forget_imports(database, set(await retention.imported_days(database)) - days)


async def prune(database: Database, policy: Policy, now_us: int) -> dict[str, int]:
    """Delete old rows of the small tables; returns how many of which."""
    days = {
        "ingest_ledger": LEDGER_DAYS,
        "leg_decisions": policy.longest_days + 1,
        "quarantine": policy.longest_days + 1,
        "sessions": SIGN_IN_DAYS,
        "sign_in_throttle": SIGN_IN_DAYS,
        "shares": SHARE_DAYS,
        "pins": 0,
        "notes": max(policy.longest_days + 1, NOTE_DAYS),
    }
    return {table: await retention.prune(database, table, now_us - keep * DAY_US) for table, keep in days.items()}
