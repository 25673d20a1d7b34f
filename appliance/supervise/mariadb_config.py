"""The configuration of our own mariadbd, by this machine's memory and file system."""

import resource
from pathlib import Path

from appliance.settings import MysqlSettings
from appliance.supervise.machine import MIB, memory_octets, punches_holes, takes_direct_io

SMALLEST_POOL_MIB = 256
LARGEST_POOL_MIB = 8192
OPEN_TABLES = 4000
"""90 days of 23 tables are 2,070, each one descriptor (measured: 1,768 open when 1,710 were listed)."""


def pool_mib(memory: int) -> int:
    """A quarter of the memory: Redis, receivers, writers and the page cache need theirs."""
    return min(max(memory // 4 // MIB, SMALLEST_POOL_MIB), LARGEST_POOL_MIB)


def log_mib(pool: int) -> int:
    """Half the pool: large enough that a burst is not slowed by flushing, small enough to recover in seconds."""
    return min(max(pool // 2, 128), 512)


def configuration(data: Path) -> str:
    """mysql.cnf. `loose_` marks what not every version from 10.6 on knows."""
    pool = pool_mib(memory_octets())
    run = data / "run"
    lines = {
        "datadir": _quoted(data / "mysql"),
        "socket": _quoted(run / "mysql.sock"),
        "pid_file": _quoted(run / "mysql.pid"),
        # a server that starts removes the temporary tables of every other with the same tmpdir: never /tmp
        "tmpdir": _quoted(data / "mysql-tmp"),
        "skip_networking": "1",
        "skip_name_resolve": "1",
        "skip_log_bin": "",
        "character_set_server": "utf8mb4",
        "default_time_zone": "+00:00",
        "performance_schema": "OFF",
        "log_warnings": "1",
        "local_infile": "1",
        "max_allowed_packet": "64M",
        "max_connections": "200",
        "table_open_cache": str(OPEN_TABLES),
        "table_open_cache_instances": "1",
        "table_definition_cache": str(OPEN_TABLES),
        "open_files_limit": str(_open_files()),
        "key_buffer_size": "8M",
        "aria_pagecache_buffer_size": "8M",
        "innodb_buffer_pool_size": f"{pool}M",
        "innodb_log_file_size": f"{log_mib(pool)}M",
        "innodb_flush_log_at_trx_commit": "1",
        "loose_innodb_flush_method": "O_DIRECT" if takes_direct_io(data) else "fsync",
        "innodb_compression_level": "1",
        # tables ask for page compression; where the file system cannot give holes back it would only cost
        "innodb_compression_algorithm": "zlib" if punches_holes(data) else "none",
        "innodb_open_files": str(OPEN_TABLES),
        "innodb_undo_tablespaces": "3",
        "innodb_undo_log_truncate": "ON",
        "loose_innodb_change_buffering": "none",
    }
    return "[mariadbd]\n" + "".join(f"{key} = {value}\n" if value else f"{key}\n" for key, value in lines.items())


def first_statements(mysql: MysqlSettings) -> str:
    """What the server runs at each start, before it lets anybody in: the database and its user, as settings say."""
    user = f"{_text(mysql.user)}@'localhost'"
    return (
        f"CREATE DATABASE IF NOT EXISTS `{mysql.database}` CHARACTER SET utf8mb4;\n"
        f"CREATE USER IF NOT EXISTS {user};\n"
        f"ALTER USER {user} IDENTIFIED BY {_text(mysql.password)};\n"
        f"GRANT ALL PRIVILEGES ON `{mysql.database}`.* TO {user};\n"
        f"GRANT PROCESS ON *.* TO {user};\n"
    )


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n")
    return f"'{escaped}'"


def _open_files() -> int:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 3 * OPEN_TABLES
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
