"""`hepbox status`: each process, ports, buffer depth, last stored packet, lag, tables, disk; exit 0 when healthy."""

import asyncio
import json
import shutil
import time
from typing import Annotated, Any

import typer

from appliance.buffer import counters
from appliance.buffer import status as buffer_status
from appliance.buffer.connection import BufferError, open_async
from appliance.cli.app import Config, DataDir, app
from appliance.cli.instance import FAILED, read_settings
from appliance.settings import Settings
from appliance.storage import daily_tables
from appliance.storage import status as store_status
from appliance.storage.connection import Database, DatabaseError
from appliance.supervise import data_dir as directory

STALE_US = 10_000_000

AsJson = Annotated[bool, typer.Option("--json", help="one JSON object instead of lines")]


@app.command()
def status(config: Config = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Say how the running instance is; exit 0 when it is healthy, 1 when not."""
    found = asyncio.run(gather(read_settings(config, data_dir)))
    print(json.dumps(found, indent=2) if as_json else "\n".join(lines(found)))
    if not found["healthy"]:
        raise typer.Exit(FAILED)


async def gather(settings: Settings) -> dict[str, Any]:
    """Everything that is known, and in `problems` what is not well."""
    problems: list[str] = []
    found: dict[str, Any] = {"problems": problems}
    _add_processes(found, directory.read_status(settings.paths.data), problems)
    await _add_buffer(found, settings, problems)
    await _add_tables(found, settings, problems)
    disk = shutil.disk_usage(settings.paths.data if settings.paths.data.exists() else "/")
    found["disk"] = {"free_bytes": disk.free, "total_bytes": disk.total}
    found["healthy"] = not problems
    return found


def _add_processes(found: dict[str, Any], running: dict[str, Any] | None, problems: list[str]) -> None:
    now_us = time.time_ns() // 1000
    if running is None or running["pid"] is None or now_us - running["at_us"] > STALE_US:
        problems.append("hepbox is not running with this data directory: start it with `hepbox run`")
        return
    found["supervisor"] = {key: value for key, value in running.items() if key != "processes"}
    found["processes"] = running["processes"]
    problems += [
        f"{child['name']} is not running ({child['last_ending']})"
        for child in running["processes"]
        if not child["alive"]
    ]
    if not running["ready"]:
        problems.append("it is still starting")


async def _add_buffer(found: dict[str, Any], settings: Settings, problems: list[str]) -> None:
    client = open_async(settings.redis)
    try:
        buffer = await buffer_status.read(client)
        sums = await counters.read(client)
        found["signs"] = await counters.life_signs(client)
    except (BufferError, OSError) as error:
        problems.append(f"the buffer (Redis) does not answer: {error}")
        return
    finally:
        await client.aclose()
    age_us = buffer.oldest_us(time.time_ns() // 1000)
    found["buffer"] = {
        "entries": buffer.entries,
        "taken": buffer.taken,
        "oldest_age_ms": age_us // 1000,
        "used_bytes": buffer.used_bytes,
        "limit_bytes": buffer.limit_bytes,
    }
    found["counters"] = {" ".join(key): value for key, value in sorted(sums.items())}
    if age_us > buffer_status.LATE_US:
        problems.append(f"packets wait in the buffer for {age_us // 1_000_000} s: writers or MariaDB do not keep up")


async def _add_tables(found: dict[str, Any], settings: Settings, problems: list[str]) -> None:
    try:
        database = await Database.open(settings.mysql, size=1)
        try:
            store = await store_status.read(database)
            tables = await daily_tables.existing(database)
        finally:
            await database.close()
    except (DatabaseError, OSError, RuntimeError) as error:
        problems.append(f"the database does not answer: {error}")
        return
    found["database"] = {
        "version": store.version,
        "last_stored_us": store.last_stored_us,
        "unsettled": store.unsettled,
        "quarantined": store.quarantined,
    }
    found["tables"] = {"count": len(tables), "bytes": sum(table.size for table in tables)}


def lines(found: dict[str, Any]) -> list[str]:
    """The same for a person."""
    text = ["healthy" if found["healthy"] else "NOT HEALTHY", *(f"  {problem}" for problem in found["problems"])]
    if "supervisor" in found:
        secured = found["supervisor"].get("hep_tls")
        also = f" and {secured} (TLS)" if secured else ""
        text.append(f"HEP on {found['supervisor']['hep']} (UDP and TCP){also}, GUI at {found['supervisor']['web']}")
    for child in found.get("processes", ()):
        again = f", started again {child['restarts']} times" if child["restarts"] else ""
        text.append(f"  {child['name']:<12} {'pid ' + str(child['pid']) if child['alive'] else 'DOWN'}{again}")
    if "buffer" in found:
        buffer = found["buffer"]
        text.append(
            f"buffer: {buffer['entries']} batches, {buffer['used_bytes'] >> 20} of {buffer['limit_bytes'] >> 20} MiB"
        )
    prefix = "hep_dropped_total "
    drops = {key[len(prefix) :]: value for key, value in found.get("counters", {}).items() if key.startswith(prefix)}
    if drops:
        text.append("dropped: " + ", ".join(f"{count:,} {reason}" for reason, count in sorted(drops.items())))
    if "database" in found:
        database = found["database"]
        last = database["last_stored_us"]
        ago = "nothing stored yet" if last is None else f"last stored {(time.time_ns() // 1000 - last) / 1e6:.1f} s ago"
        text.append(f"database: {database['version']}, {ago}, {database['quarantined']} put aside")
        text.append(f"tables: {found['tables']['count']}, {found['tables']['bytes'] >> 20} MiB")
    text.append(f"disk: {found['disk']['free_bytes'] >> 30} of {found['disk']['total_bytes'] >> 30} GiB free")
    return text
