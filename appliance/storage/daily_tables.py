"""The tables of one UTC day: made ahead and on demand, listed with their size, dropped one at a time.

A table is ours when its name is FAMILY_YYYYMMDD (FEATURES C1) and its COMMENT names our schema: what else lies in a
database that is shared (HOMER 5's own tables have the same names) is listed nowhere and never touched.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pymysql.err

from appliance.model.kinds import (
    FAMILY,
    DailyTable,
    Kind,
    calls_table,
    leg_edges_table,
    leg_keys_table,
    quality_ends_table,
    quality_table,
    registrations_table,
)
from appliance.storage.connection import Database

FOLDER = Path(__file__).parent / "daily"
COMMENT = "hepbox schema "
CALLS = "calls"
QUALITY = "quality"
LEGS = ("leg_keys", "leg_edges")
QUALITY_ENDS = "quality_ends"
REGISTRATIONS = "registrations"
_FOLDED = (CALLS, QUALITY, QUALITY_ENDS, REGISTRATIONS, *LEGS)
LOCK_WAIT_SECONDS = 3
"""How long a DROP waits for whoever still reads the table; meanwhile new readers of it queue behind the DROP."""

_FAMILIES = "|".join((*_FOLDED, *(f"{family}(?:_texts)?" for family in FAMILY.values())))
_NAME = re.compile(rf"({_FAMILIES})_(\d{{4}})(\d{{2}})(\d{{2}})")
_KIND_OF = {name: kind for kind, family in FAMILY.items() for name in (family, f"{family}_texts")} | {
    CALLS: Kind.CALL,
    QUALITY: Kind.RTCP,
    **dict.fromkeys(LEGS, Kind.CALL),
    QUALITY_ENDS: Kind.RTCP,
    REGISTRATIONS: Kind.REGISTRATION,
}
MAY_TELL = frozenset({Kind.CALL, Kind.REST, Kind.RTCP, Kind.REPORT, Kind.WEBRTC})
"""Kinds of packets that may hold figures of media streams."""
_REFUSED_OPTIONS = frozenset({1005, 1031, 1112, 1478, 1911})
"""Errors by which a server says that it cannot store a table so."""
LOCKED = frozenset({1205, 1206, 1213})
"""Errors by which a server says that somebody else holds what was asked for."""


@dataclass(frozen=True, slots=True, order=True)
class TableName:
    """A daily table's name, taken apart; `kind` is whose days of retention it follows."""

    day: date
    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A daily table that exists. `rows` is the server's estimate, `size` the octets allocated on disk."""

    table: TableName
    rows: int
    size: int
    version: int
    """Of its schema, by its COMMENT."""


def parsed(name: str) -> TableName | None:
    """The parts of a daily table's name; None for every other name."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    try:
        day = date(int(match[2]), int(match[3]), int(match[4]))
    except ValueError:
        return None
    return TableName(day, _KIND_OF[match[1]], name)


def names(day: date) -> list[str]:
    """Every table of one day."""
    tables = [DailyTable(day, kind) for kind in Kind]
    return [name for table in tables for name in (table.name, table.texts)] + [
        quality_table(day),
        quality_ends_table(day),
        registrations_table(day),
        *of_calls(day),
    ]


def of_calls(day: date) -> list[str]:
    """The tables that the settler writes; that of calls comes last: what is there with it has the others too."""
    return [leg_keys_table(day), leg_edges_table(day), calls_table(day)]


def create_sql(name: str, options: str = "") -> str:
    """The CREATE TABLE of a daily table; ValueError when the name is none of ours."""
    table = parsed(name)
    if table is None:
        raise ValueError(f"{name!r} is no daily table")
    return _schema(_schema_file(table)).format(name=name, options=options)


def _schema_file(table: TableName) -> str:
    if "_texts_" in table.name:
        return "texts"
    family = table.name.rpartition("_")[0]
    if family in _FOLDED:
        return family
    return "sip" if table.kind.is_sip else "packet"


@cache
def _schema(file: str) -> str:
    return (FOLDER / f"{file}.sql").read_text(encoding="utf-8")


async def table_options(database: Database) -> str:
    """How this server should store rows small: page compression on MariaDB, unless it was told to compress nothing."""
    rows = await database.fetch("SHOW VARIABLES WHERE Variable_name IN ('version', 'innodb_compression_algorithm')")
    found = {str(name).lower(): str(value).lower() for name, value in rows}
    if "mariadb" not in found.get("version", ""):
        return "ROW_FORMAT=DYNAMIC"
    return "" if found.get("innodb_compression_algorithm") == "none" else "PAGE_COMPRESSED=1"


async def ensure_days(database: Database, days: Iterable[date], options: str | None = None) -> list[str]:
    """Make what is missing of these days' tables; returns the names of those made."""
    there = await all_names(database)
    missing = [name for day in days for name in names(day) if name not in there]
    if missing and options is None:
        options = await table_options(database)
    for name in missing:
        await create(database, name, options or "")
    return missing


async def ensure_day(database: Database, day: date, options: str | None = None) -> list[str]:
    """`ensure_days` of one day."""
    return await ensure_days(database, (day,), options)


async def create(database: Database, name: str, options: str | None = None) -> None:
    """Make one daily table unless it is there. CREATE commits: never on a connection with a transaction open."""
    wanted = await table_options(database) if options is None else options
    database.catalogue = None
    async with database.connection() as connection, connection.cursor() as cursor:
        await cursor.execute("SET sql_notes = 0")  # that a table is there already is no news
        try:
            await cursor.execute(create_sql(name, wanted))
        except pymysql.err.MySQLError as error:
            if not wanted or not error.args or error.args[0] not in _REFUSED_OPTIONS:
                raise
            await cursor.execute(create_sql(name))
        finally:
            await cursor.execute("SET sql_notes = 1")


async def ensure_table_for(database: Database, kind: Kind, day: date) -> None:
    """Make the tables that a packet of this kind and day needs, for a writer that met error 1146."""
    table = DailyTable(day, kind)
    options = await table_options(database)
    needed = [table.name, table.texts] + ([quality_table(day), quality_ends_table(day)] if kind in MAY_TELL else [])
    needed += of_calls(day) if kind is Kind.CALL else []
    needed += [registrations_table(day)] if kind is Kind.REGISTRATION else []
    for name in needed:
        await create(database, name, options)


async def all_names(database: Database) -> set[str]:
    """The names of all tables in the database; asks for nothing that would open them."""
    rows = await database.fetch("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()")
    return {str(row[0]) for row in rows}


async def existing(database: Database) -> list[StoredTable]:
    """Our daily tables, oldest day first, with estimates of rows and the octets they take."""
    rows = await database.fetch(
        "SELECT table_name, table_comment, table_rows, data_length + index_length FROM information_schema.tables"
        " WHERE table_schema = DATABASE() AND table_comment LIKE %s",
        (f"{COMMENT}%",),
    )
    allocated = await _allocated(database)
    found = []
    for name, comment, count, size in rows:
        table, version = parsed(str(name)), str(comment).removeprefix(COMMENT)
        if table is not None and version.isdecimal():
            found.append(StoredTable(table, int(count or 0), allocated.get(str(name), int(size or 0)), int(version)))
    return sorted(found, key=lambda stored: stored.table)


async def _allocated(database: Database) -> dict[str, int]:
    """Octets on disk by table, holes left out; empty when the server does not let us see them (PROCESS)."""
    version = await database.fetch_one("SELECT VERSION(), DATABASE()")
    assert version is not None
    view = "innodb_sys_tablespaces" if "mariadb" in str(version[0]).lower() else "innodb_tablespaces"
    prefix = f"{version[1]}/"
    try:
        # joined with the catalogue in SQL this takes ten times as long as both questions
        rows = await database.fetch(
            f"SELECT name, allocated_size FROM information_schema.{view} WHERE LEFT(name, %s) = %s",  # noqa: S608
            (len(prefix), prefix),
        )
    except (pymysql.err.OperationalError, pymysql.err.InternalError, pymysql.err.ProgrammingError):
        return {}
    return {str(name).removeprefix(prefix): int(size) for name, size in rows}


async def drop(database: Database, name: str) -> bool:
    """Drop one daily table of ours; False when somebody still uses it (try later), ValueError when it is none.

    Slow for a large page-compressed table (11 s for 715 MB): its many holes are given back one by one.
    """
    if parsed(name) is None:
        raise ValueError(f"{name!r} is no daily table")
    async with database.connection() as connection, connection.cursor() as cursor:
        await cursor.execute("SET lock_wait_timeout = %s, sql_notes = 0", (LOCK_WAIT_SECONDS,))
        try:
            await cursor.execute(f"DROP TABLE IF EXISTS `{name}`")
        except pymysql.err.MySQLError as error:
            if error.args and error.args[0] in LOCKED:
                return False
            raise
        finally:
            connection.close()  # these settings are the session's: it does not go back to the pool
    return True


def has_calls(names: set[str], day: date) -> bool:
    """Whether a day has the tables that calls are folded from and written to."""
    return calls_table(day) in names and DailyTable(day, Kind.CALL).name in names


def days_of(names: Iterable[str]) -> list[date]:
    """The days that have any of these tables, oldest first."""
    return sorted({table.day for table in map(parsed, names) if table is not None})
