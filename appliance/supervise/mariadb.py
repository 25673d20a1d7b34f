"""The database: our own mariadbd under DATA, or the operator's; made, configured, waited for.

Our own listens on DATA/run/mysql.sock only. Its user has no password unless [mysql] password sets one, and sees
nothing but its database; the mode of DATA/run keeps everybody else out. root comes in by its socket credentials.
"""

import asyncio
import os
import shutil
import subprocess
import time
from pathlib import Path

from appliance.settings import MysqlSettings, Settings
from appliance.storage.connection import Database, DatabaseError
from appliance.supervise import own_server
from appliance.supervise.mariadb_config import configuration, first_statements
from appliance.supervise.own_server import ServerError, dotted

OLDEST = (10, 6)
OLDEST_MYSQL = (8, 0)
_VERSION = r"Ver (\d+)\.(\d+)\.\d+-MariaDB"
_SHARES = ("share/mysql", "share/mariadb", "share")
_SYSTEM_TABLES = ("mysql_system_tables.sql", "mysql_performance_tables.sql", "mysql_system_tables_data.sql")
_DENIED = frozenset({1045, 1698, 1251, 1524, 2059})
_NO_DATABASE = frozenset({1044, 1049})
_RETRY_SECONDS = 0.1


def command(settings: Settings) -> list[str]:
    """The command line of our own server; it stays in the foreground and logs to stderr. Raises ServerError."""
    run = settings.paths.data / "run"
    arguments = [f"--defaults-file={run / 'mysql.cnf'}", f"--init-file={run / 'mysql-init.sql'}", *_as_root()]
    return own_server.started_as_account([_program(), *arguments])


def prepare(settings: Settings) -> None:
    """Make directories, configuration and, the first time, the system tables. Blocks for a second. Raises ServerError.

    The caller holds the lock of the data directory: whatever still runs in it is ours and forsaken.
    """
    data = settings.paths.data
    run = data / "run"
    program = _program()
    version = own_server.program_version(program, _VERSION)
    if version < OLDEST:
        raise ServerError(f"{program} is MariaDB {dotted(version)}: {dotted(OLDEST)} or newer is needed")
    own_server.check_socket(run / "mysql.sock")
    for directory in (run, data / "mysql-tmp"):
        own_server.own_directory(directory)
    own_server.check_reach(run)
    own_server.end_orphan(run / "mysql.pid", run / "mysql.cnf")
    own_server.write_private(run / "mysql.cnf", configuration(data))
    own_server.write_private(run / "mysql-init.sql", first_statements(settings.mysql))
    if not (data / "mysql" / "ibdata1").exists():
        _install(program, data)
    own_server.hand_over(data / "mysql")
    own_server.guard_version(data / "mysql" / "hepbox-version", "MariaDB", version)


async def wait_ready(settings: Settings, seconds: float) -> str:
    """Wait until the server, ours or the operator's, answers; returns its version. Raises ServerError."""
    mysql, deadline = settings.mysql, time.monotonic() + seconds
    if not mysql.host and mysql.socket is None:
        mysql = mysql.model_copy(update={"socket": settings.paths.data / "run" / "mysql.sock"})
    while True:
        try:
            version = await _ask_version(mysql)
            break
        except (DatabaseError, OSError) as error:
            refusal = _refusal(mysql, error)
            if refusal is not None:
                raise ServerError(refusal) from error
            if time.monotonic() > deadline:
                raise ServerError(_silence(mysql, error, seconds)) from error
        await asyncio.sleep(_RETRY_SECONDS)
    _check_served_version(mysql, version)
    return version


def _program() -> str:
    return own_server.program("mariadbd", "mariadb-server-core", "[mysql] host")


def _as_root() -> list[str]:
    """mariadbd refuses to be root unless it is told to."""
    return ["--user=root"] if os.geteuid() == 0 and own_server.account() is None else []


def _install(program: str, data: Path) -> None:
    """Fill a directory beside, then rename it: what was cut off is thrown away and begun again.

    Debian's mariadb-install-db needs programs of the client package; the SQL that it reads lies in the server's own.
    """
    new, target = data / "mysql.new", data / "mysql"
    if target.exists() and any(target.iterdir()):
        raise ServerError(f"{target} holds files but no database of MariaDB: move them away")
    shutil.rmtree(new, ignore_errors=True)
    own_server.own_directory(new)
    share = _share(program)
    sql = "CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket = 'root';\n" + "".join(
        (share / name).read_text(encoding="utf-8") for name in _SYSTEM_TABLES
    )
    bootstrap = [
        program, f"--defaults-file={data / 'run' / 'mysql.cnf'}", f"--datadir={new}", "--bootstrap",
        "--log-warnings=0", "--enforce-storage-engine=", *_as_root(),
    ]  # fmt: skip
    answer = subprocess.run(
        own_server.started_as_account(bootstrap), input=sql, capture_output=True, text=True, check=False
    )
    if answer.returncode != 0:
        last = (answer.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ServerError(f"MariaDB could not make its system tables in {new}: {last}")
    try:
        new.rename(target)
    except OSError as error:
        raise ServerError(f"{target} cannot be put in place ({error.strerror}): mount {data} as a whole") from error


def _share(program: str) -> Path:
    """Where the package keeps the SQL of its system tables."""
    base = Path(program).resolve().parent.parent
    for root in (base, Path("/usr"), Path("/usr/local")):
        for share in _SHARES:
            if (root / share / _SYSTEM_TABLES[0]).exists():
                return root / share
    raise ServerError(f"{_SYSTEM_TABLES[0]} is missing: install the package mariadb-server-core again")


async def _ask_version(mysql: MysqlSettings) -> str:
    database = await Database.open(mysql, size=1)
    try:
        row = await database.fetch_one("SELECT VERSION()")
    finally:
        await database.close()
    assert row is not None
    return str(row[0])


def _place(mysql: MysqlSettings) -> str:
    return f"{mysql.host}:{mysql.port}" if mysql.host else str(mysql.socket)


def _refusal(mysql: MysqlSettings, error: BaseException) -> str | None:
    """The sentence for an answer that waiting does not change."""
    code = error.args[0] if error.args else None
    if code in _DENIED:
        return f"the database at {_place(mysql)} does not let user {mysql.user} in: check [mysql] user and password"
    if code in _NO_DATABASE:
        return (
            f"the database at {_place(mysql)} has no database {mysql.database} that user {mysql.user} may use:"
            " have its administrator run what `hepbox schema` prints"
        )
    return None


def _silence(mysql: MysqlSettings, error: BaseException, seconds: float) -> str:
    reason = " ".join(str(part) for part in error.args[-1:]) or type(error).__name__
    remedy = "check [mysql] host and port" if mysql.host else "its own messages say why"
    return f"the database at {_place(mysql)} has not answered for {seconds:.0f} s: {reason}; {remedy}"


def _check_served_version(mysql: MysqlSettings, version: str) -> None:
    is_mariadb = "mariadb" in version.lower()
    product, oldest = ("MariaDB", OLDEST) if is_mariadb else ("MySQL", OLDEST_MYSQL)
    numbers = version.split("-")[0].split(".")
    found = (int(numbers[0]), int(numbers[1]))
    if found < oldest:
        raise ServerError(
            f"the database at {_place(mysql)} is {product} {dotted(found)}: {dotted(oldest)} or newer is needed"
        )
