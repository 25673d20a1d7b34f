"""`hepbox rotate`: the retention plan, shown and carried out."""

import time
from typing import Annotated

import typer

from appliance.cli.app import Config, DataDir, app
from appliance.cli.instance import WRONG_USAGE, fail, read_settings, with_database
from appliance.model.kinds import FAMILY
from appliance.query.errors import TimeError
from appliance.query.times import time_us
from appliance.rotation import jobs
from appliance.rotation.plan import Close, Drop, Plan
from appliance.rotation.policy import Policy, PolicyError, load
from appliance.storage import retention
from appliance.storage.connection import Database

DryRun = Annotated[bool, typer.Option("--dry-run", help="only show what would happen")]
Now = Annotated[str | None, typer.Option("--now", help="as if it were then (ISO 8601, epoch seconds, -7d)")]

CLOSING = "its day is over: keys by value, so that a search reads one place a day and not one an hour"


@app.command()
def rotate(dry_run: DryRun = False, now: Now = None, config: Config = None, data_dir: DataDir = None) -> None:
    """Make tables ahead, drop those past their days (rotation.ini), close days that are over, and say why."""
    settings = read_settings(config, data_dir)
    clock_us = time.time_ns() // 1000
    try:
        policy = load(settings.paths.rotation)
        at_us = time_us(now, clock_us, "now") if now else clock_us
    except PolicyError as error:
        fail(str(error), WRONG_USAGE)
    except TimeError as error:
        fail(f"--now: {error.message}", WRONG_USAGE)
    for note in policy.notes:
        print(f"note: {note}")
    with_database(settings, lambda database: _rotate(database, policy, at_us, dry_run or not policy.drops))


async def _rotate(database: Database, policy: Policy, at_us: int, only_shown: bool) -> None:
    async with retention.alone(database) as mine:
        plan = await jobs.plan(database, policy, at_us)
        _show(plan)
        if only_shown:
            made, gone, closed = len(plan.creates), len(plan.drops), len(plan.closes)
            dropped = f"{gone} dropped ({_size(_total(plan))})"
            print(f"not carried out: {made} tables would be made, {dropped}, {closed} days closed")
            return
        if not mine:
            fail("another process rotates this database just now: try again when it is done")
        outcome = await jobs.carry_out(database, plan, _report)
        await jobs.prune(database, policy, at_us)
        unclosed = await jobs.close(database, plan, _report_close)
    closed = len(plan.closes) - len(unclosed)
    print(f"{len(outcome.made)} tables made, {len(outcome.dropped)} dropped, {closed} days closed")
    if busy := [*outcome.busy, *unclosed]:
        fail(f"{len(busy)} tables are in use and stay for now: {', '.join(busy)}; try again")


def _report(drop: Drop, gone: bool) -> None:
    print(f"{'dropped' if gone else 'in use'}  {drop.stored.table.name}", flush=True)


def _report_close(close: Close, done: bool) -> None:
    print(f"{'closed' if done else 'in use'}  {close.stored.table.name}", flush=True)


def _show(plan: Plan) -> None:
    """The plan as a table: what, which, how large, why."""
    lines = [("make", create.table.name, "", create.reason) for create in plan.creates]
    lines += [("drop", drop.stored.table.name, _size(drop.stored.size), drop.reason) for drop in plan.drops]
    lines += [("close", close.stored.table.name, _size(close.stored.size), CLOSING) for close in plan.closes]
    for kept in plan.kept:
        until = f"{kept.tables} tables from {kept.oldest}, the next goes after {kept.until}"
        lines.append(("keep", FAMILY[kept.kind], _size(kept.bytes), until))
    for what, name, size, why in lines:
        print(f"{what:<6}{name:<44}{size:>10}  {why}")


def _total(plan: Plan) -> int:
    return sum(drop.stored.size for drop in plan.drops)


def _size(octets: int) -> str:
    amount, unit = float(octets), "B"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if amount < 1024:
            break
        amount, unit = amount / 1024, larger
    return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
