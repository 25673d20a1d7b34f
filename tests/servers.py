"""A MariaDB for the tests alone: in a temporary directory, on a socket, gone with the test run."""

import getpass
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pymysql
from pymysql.constants import CLIENT

from appliance.settings import MysqlSettings

START_SECONDS = 60
_SMALL = (
    "--innodb-buffer-pool-size=64M",
    "--innodb-log-file-size=16M",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=0",
    "--performance-schema=OFF",
    "--skip-log-bin",
    "--max-connections=100",
    "--local-infile=1",
)


@contextmanager
def mariadb() -> Iterator[MysqlSettings]:
    """A running server with an empty database `hepbox`; the settings say how to reach it."""
    # A socket's path holds at most 107 octets, and pytest's own temporary directories are longer than that.
    directory = Path(tempfile.mkdtemp(prefix="hb-"))
    server = start_mariadb(directory)
    try:
        yield MysqlSettings(user="root", socket=directory / "s")
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(directory, ignore_errors=True)


def start_mariadb(directory: Path, *options: str) -> "subprocess.Popen[bytes]":
    """Start (and, the first time, make) the server whose data lie in `directory`; its socket is `directory`/s."""
    user = getpass.getuser()
    # a server that starts removes the temporary tables of every other that has the same directory for them
    environment = {**os.environ, "TMPDIR": str(directory)}
    if not (directory / "data").exists():
        subprocess.run(
            ["mariadb-install-db", "--no-defaults", f"--user={user}", f"--datadir={directory / 'data'}",
             "--auth-root-authentication-method=normal", "--skip-test-db"],
            check=True, capture_output=True, env=environment,
        )  # fmt: skip
    log = (directory / "log").open("ab")
    server = subprocess.Popen(
        ["mariadbd", "--no-defaults", f"--user={user}", f"--datadir={directory / 'data'}",
         f"--socket={directory / 's'}", f"--pid-file={directory / 'pid'}", "--skip-networking", *_SMALL, *options],
        stdout=log, stderr=log, env=environment,
    )  # fmt: skip
    _wait(server, directory)
    return server


def _wait(server: "subprocess.Popen[bytes]", directory: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            connection = pymysql.connect(unix_socket=str(directory / "s"), user="root")
        except pymysql.err.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"mariadbd did not start: {(directory / 'log').read_text()[-2000:]}") from None
            time.sleep(0.05)
            continue
        with connection, connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE IF NOT EXISTS hepbox")
        return


def empty(settings: MysqlSettings) -> None:
    """Drop and make the database anew."""
    connection = pymysql.connect(unix_socket=str(settings.socket), user=settings.user)
    with connection, connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {settings.database}")
        cursor.execute(f"CREATE DATABASE {settings.database}")


def run_sql_file(settings: MysqlSettings, file: Path) -> None:
    """Run the statements of a plain SQL file, as a migration would."""
    connection = pymysql.connect(
        unix_socket=str(settings.socket), user=settings.user, db=settings.database, client_flag=CLIENT.MULTI_STATEMENTS
    )
    with connection, connection.cursor() as cursor:
        cursor.execute(file.read_text())
        while cursor.nextset():
            pass
        connection.commit()
