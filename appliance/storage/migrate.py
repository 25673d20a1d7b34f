"""The tables that are not daily: numbered migrations, carried out by yoyo under a lock of the server's.

yoyo's own lock is a row, which a killed process leaves behind for ever; ours is the connection's and ends with it.
MySQL commits each CREATE by itself, so a migration that was cut off is run again whole: every statement bears that.
"""

import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zlib import crc32

from yoyo import read_migrations
from yoyo.backends.core.mysql import MySQLBackend
from yoyo.connections import DatabaseURI
from yoyo.migrations import MigrationList, default_migration_table, get_migration_hash

from appliance.settings import MysqlSettings
from appliance.storage.connection import connect_arguments

FOLDER = Path(__file__).parent / "migrations"
LOCK_SECONDS = 60


class MigrationError(Exception):
    """The database cannot be brought to this version's schema; the text says why."""


class _Backend(MySQLBackend):  # type: ignore[misc]
    """yoyo's backend, its log without look-ups of user and host names, which fail or hang in a bare container."""

    def get_log_data(self, migration: Any = None, operation: str = "apply") -> dict[str, object]:
        return {
            "id": str(uuid.uuid1()),
            "migration_id": migration.id if migration else None,
            "migration_hash": migration.hash if migration else None,
            "username": "hepbox",
            "hostname": socket.gethostname(),
            "created_at_utc": datetime.now(UTC).replace(tzinfo=None),
            "operation": operation,
        }


def migrate(settings: MysqlSettings, folder: Path = FOLDER) -> list[str]:
    """Carry out the migrations that this database has not seen; returns their names. Blocks: not for an event loop.

    Raises MigrationError when another process migrates for longer than LOCK_SECONDS, when a newer version made
    the database, or when a migration fails; DatabaseError when the server cannot be reached.
    """
    migrations = read_migrations(str(folder))
    with _Backend(_address(settings), default_migration_table) as backend, _locked(backend, settings.database):
        _forget_a_cut_off_start(backend)
        backend.init_database()
        backend.break_lock()
        _refuse_newer(backend, migrations)
        pending = backend.to_apply(migrations)
        names = [migration.id for migration in pending]
        backend.apply_migrations(pending)
        if left := [migration.id for migration in backend.to_apply(migrations)]:
            raise MigrationError(f"database {settings.database}: the migration {left[0]} could not be read")
    return names


def statements(folder: Path = FOLDER) -> str:
    """The SQL of all migrations, in order, for whoever wants to read it."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("[0-9]*.sql")))


def _address(settings: MysqlSettings) -> DatabaseURI:
    """yoyo parses addresses of one text; handing over the parts leaves a password's characters alone."""
    arguments = connect_arguments(settings)
    place = [arguments.pop(name, None) for name in ("user", "password", "host", "port", "db")]
    if arguments.pop("ssl", None):  # yoyo pickles the address, which a context does not bear
        arguments["ssl_ca"] = str(settings.tls_ca)
    return DatabaseURI("mysql", *place, arguments)


@contextmanager
def _locked(backend: _Backend, database: str) -> Iterator[None]:
    name = f"hepbox migrate {crc32(database.encode()):08x}"
    got = backend.execute("SELECT GET_LOCK(:name, :seconds)", {"name": name, "seconds": LOCK_SECONDS}).fetchone()
    if not got or got[0] != 1:
        raise MigrationError(f"database {database}: another process has been migrating it for {LOCK_SECONDS} s")
    yield


def _forget_a_cut_off_start(backend: _Backend) -> None:
    """Drop yoyo's own tables when it was killed while making them: it would stumble over them for ever."""
    made = set(backend.list_tables())
    if backend.version_table in made:
        version = backend.execute(f"SELECT COUNT(*) FROM {backend.version_table_quoted}").fetchone()  # noqa: S608  our own name
        if version and version[0]:
            return
    for table in (backend.log_table, backend.version_table, backend.migration_table, default_migration_table):
        backend.execute(f"DROP TABLE IF EXISTS {backend.quote_identifier(table)}")


def _refuse_newer(backend: _Backend, migrations: MigrationList) -> None:
    """A database that a newer version has changed is left alone."""
    known = {get_migration_hash(migration.id) for migration in migrations}
    newer = [name for name in backend.get_applied_migration_hashes() if name not in known]
    if newer:
        raise MigrationError(
            f"the database was made by a newer hepbox ({len(newer)} of its migrations are unknown here): "
            "install that version again, or restore a backup made by this one"
        )
