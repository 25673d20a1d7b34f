"""HOMER 5's way of storing, measured beside ours with the same messages on the same cores: benchmarks/README.md."""

import argparse
import json
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pymysql
from pymysql.cursors import Cursor

from appliance.capture.mixture import Mix
from appliance.cli.benchmark import sending
from appliance.cli.benchmark.machine import machine
from appliance.cli.instance import with_own_sockets
from appliance.hep.decode import decode
from appliance.hep.encode import encode
from appliance.settings import PathSettings, Settings
from appliance.supervise import mariadb

SIP = 1
START_SECONDS = 60
REST_SECONDS = 3.0
DATABASE, USER, PASSWORD, TABLE = "homer_data", "homer_user", "homer_password", "sip_capture_call"

# HOMER 5's own advice for its database server, and the port that Kamailio's db_mysql connects to
SERVER = """
innodb_flush_log_at_trx_commit = 2
bind_address = 127.0.0.1
port = {port}
"""

# Names and widths of HOMER 5's columns, which sipcapture fills by name
TEXTS = {
    "method": 50, "reply_reason": 100, "ruri": 200, "ruri_user": 100, "ruri_domain": 150, "from_user": 100,
    "from_domain": 150, "from_tag": 64, "to_user": 100, "to_domain": 150, "to_tag": 64, "pid_user": 100,
    "contact_user": 120, "auth_user": 120, "callid": 120, "callid_aleg": 120, "via_1": 256, "via_1_branch": 80,
    "cseq": 25, "diversion": 256, "reason": 200, "content_type": 256, "auth": 256, "user_agent": 256,
    "source_ip": 60, "destination_ip": 60, "contact_ip": 60, "originator_ip": 60, "correlation_id": 256,
    "custom_field1": 120, "custom_field2": 120, "custom_field3": 120, "rtp_stat": 256, "node": 125, "msg": 3000,
}  # fmt: skip
NUMBERS = ("source_port", "destination_port", "contact_port", "originator_port", "proto", "family", "type")
KEYS = (
    "ruri_user", "from_user", "to_user", "pid_user", "auth_user", "callid_aleg", "date", "callid", "method", "source_ip"
)  # fmt: skip

KAMAILIO = """
debug=-1
log_stderror=yes
children=4
auto_aliases=no
disable_tcp=yes
listen=udp:127.0.0.1:{port}
loadmodule "db_mysql.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "sipcapture.so"
modparam("sipcapture", "db_url", "mysql://{user}:{password}@127.0.0.1:{mysql_port}/{database}")
modparam("sipcapture", "capture_on", 1)
modparam("sipcapture", "hep_capture_on", 1)
modparam("sipcapture", "insert_retries", 5)
modparam("sipcapture", "table_name", "{table}")
request_route {{
    sip_capture("{table}");
    drop;
}}
onreply_route {{
    sip_capture("{table}");
    drop;
}}
"""


def table_sql(name: str = TABLE, keys: tuple[str, ...] = KEYS, message_octets: int = TEXTS["msg"]) -> str:
    """HOMER 5's table of messages, not partitioned."""
    widths = {**TEXTS, "msg": message_octets}
    columns = [
        "id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT",
        "date TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP",
        "micro_ts BIGINT NOT NULL DEFAULT 0",
        "expires INT NOT NULL DEFAULT -1",
        *(f"{column} VARCHAR({width}) NOT NULL DEFAULT ''" for column, width in widths.items()),
        *(f"{column} INT NOT NULL DEFAULT 0" for column in NUMBERS),
        "PRIMARY KEY (id, date)",
        *(f"KEY {key} ({key})" for key in keys),
    ]
    return f"CREATE TABLE {name} ({', '.join(columns)}) CHARSET=utf8 ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8"


class SipOnly(Mix):
    """The mix without reports and logs, for which HOMER 5 has other tables."""

    def __init__(self) -> None:
        super().__init__(encode, secrets.token_hex(2))
        self._columns = [
            n for n in range(self.row_size) if decode(super(SipOnly, self).datagram(n, 1)).protocol_type == SIP
        ]

    def datagram(self, number: int, time_us: int) -> bytes:
        row, column = divmod(number, len(self._columns))
        return super().datagram(row * self.row_size + self._columns[column], time_us)


def free_port(kind: socket.SocketKind) -> int:
    with socket.socket(type=kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], log: Path) -> Iterator[psutil.Process]:
    """A program for as long as the block lasts."""
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(60)


@contextmanager
def database(directory: Path, port: int, local_infile: bool = False) -> Iterator[tuple[psutil.Process, Cursor]]:
    """MariaDB with HOMER 5's table."""
    settings = with_own_sockets(Settings(paths=PathSettings(data=directory)))
    mariadb.prepare(settings)
    file = directory / "run" / "mysql.cnf"
    lines = [
        line for line in file.read_text().splitlines() if not line.startswith(("skip_networking", "innodb_flush_log"))
    ]
    file.write_text("\n".join(lines) + SERVER.format(port=port))
    with running(mariadb.command(settings), directory / "mysql.log") as process:
        socket_path = str(settings.mysql.socket)
        connected = eventually(
            lambda: pymysql.connect(
                unix_socket=socket_path, user="root", local_infile=local_infile, autocommit=True, charset="utf8mb4"
            )
        )
        cursor = connected.cursor()
        cursor.execute(f"CREATE DATABASE {DATABASE}")
        cursor.execute(f"GRANT ALL ON {DATABASE}.* TO {USER}@'%' IDENTIFIED BY '{PASSWORD}'")
        cursor.execute(f"USE {DATABASE}")
        cursor.execute(table_sql())
        yield process, cursor


def eventually(attempt: Callable[[], Any]) -> Any:
    """What `attempt` gives as soon as the server answers it."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return attempt()
        except pymysql.err.MySQLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def cpu_seconds(process: psutil.Process) -> float:
    """User and system time of a process and its children so far."""
    return sum(sum(each.cpu_times()[:2]) for each in (process, *process.children(recursive=True)))


def stored(cursor: Cursor, table: str = TABLE) -> int:
    cursor.execute(f"SELECT COUNT(*) FROM {DATABASE}.{table}")  # noqa: S608
    (count,) = cursor.fetchone() or (0,)
    return int(count)


def until_at_rest(cursor: Cursor, table: str = TABLE) -> int:
    """The number of rows once no more come."""
    before = -1
    while (now := stored(cursor, table)) != before:
        before = now
        time.sleep(REST_SECONDS)
    return now


@contextmanager
def kamailio(directory: Path, mysql_port: int, table: str = TABLE) -> Iterator[tuple[psutil.Process, int]]:
    """Kamailio that stores what comes to the port, a row for each message."""
    hep, file = free_port(socket.SOCK_DGRAM), directory / "kamailio.cfg"
    file.write_text(
        KAMAILIO.format(port=hep, mysql_port=mysql_port, user=USER, password=PASSWORD, database=DATABASE, table=table)
    )
    where = ["-f", str(file), "-Y", str(directory), "-P", str(directory / "kamailio.pid")]
    with running(["kamailio", *where, "-DD", "-E", "-m", "64"], directory / "kamailio.log") as process:
        time.sleep(REST_SECONDS)
        yield process, hep


def homer5(rate: int | None, seconds: int) -> dict[str, Any]:
    """What Kamailio and MariaDB spent on each stored message."""
    with tempfile.TemporaryDirectory(prefix="homer5-") as name:
        directory, sql = Path(name), free_port(socket.SOCK_STREAM)
        with database(directory, sql) as (server, cursor), kamailio(directory, sql) as (proxy, hep):
            before = cpu_seconds(proxy), cpu_seconds(server)
            sent = sending.send(SipOnly(), hep, rate, seconds)
            rows = until_at_rest(cursor)
            parts = cpu_seconds(proxy) - before[0], cpu_seconds(server) - before[1]
            octets = (directory / "mysql" / DATABASE / f"{TABLE}.ibd").stat().st_blocks * 512
    if not rows:
        raise SystemExit("Kamailio stored nothing: are kamailio-mysql-modules and kamailio-extra-modules installed?")
    kamailio_us, mysql_us = (round(part / rows * 1e6, 1) for part in parts)
    spent = {"kamailio": kamailio_us, "mysql": mysql_us, "total": round(kamailio_us + mysql_us, 1)}
    return {
        "sent": sent,
        "stored": rows,
        "lost": sent - rows,
        "cpu_us_per_message": spent,
        "bytes_per_message": round(octets / rows, 1),
    }


def hepbox(rate: int | None, seconds: int) -> dict[str, Any]:
    """Ours, by its own command."""
    command = ["-m", "appliance", "bench", "ingest", "--rate", str(rate or "max"), "--seconds", str(seconds)]
    answer = subprocess.run([sys.executable, *command], check=True, capture_output=True, text=True)
    return dict(json.loads(answer.stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", default="5000", help="messages a second, or max")
    parser.add_argument("--seconds", type=int, default=30)
    asked = parser.parse_args()
    rate = None if asked.rate == "max" else int(asked.rate)
    theirs, ours = homer5(rate, asked.seconds), hepbox(rate, asked.seconds)
    ratio = round(ours["cpu_us_per_message"]["total"] / theirs["cpu_us_per_message"]["total"], 3)
    sys.stdout.write(
        json.dumps({"homer5": theirs, "hepbox": ours, "cpu_ratio": ratio, "machine": machine()}, indent=2) + "\n"
    )


if __name__ == "__main__":
    main()
