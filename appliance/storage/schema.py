"""The SQL that an administrator of a database server is asked to run, with the least rights that hepbox needs."""

from datetime import date

from appliance.model.kinds import DailyTable, Kind, quality_ends_table, quality_table, registrations_table
from appliance.settings import MysqlSettings
from appliance.storage import daily_tables, migrate

GRANTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "INDEX", "ALTER", "REFERENCES")
"""CREATE and DROP: a table for each day and kind. INDEX, ALTER, REFERENCES: later versions' migrations."""


def sql(mysql: MysqlSettings, day: date) -> str:
    """Statements to run as they are once the password is set; the tables, which hepbox makes itself, come after."""
    account = f"'{_escaped(mysql.user)}'@'%'"
    tables = [daily_tables.create_sql(name) for name in _examples(day)]
    return "\n".join((_head(mysql, account), migrate.statements(), *(f"{table.strip()};\n" for table in tables)))


def _head(mysql: MysqlSettings, account: str) -> str:
    database = mysql.database
    return f"""-- hepbox on a database server of your own: MariaDB 10.6 or newer, or MySQL 8.0 or newer.
-- Part 1, for the server's administrator. Write the appliance's address for %, and a password of your own;
-- the same two go to hepbox.ini: [mysql] host, user, password, database.
CREATE DATABASE IF NOT EXISTS `{database}` CHARACTER SET utf8mb4;
CREATE USER IF NOT EXISTS {account} IDENTIFIED BY 'CHANGE-ME';
GRANT {", ".join(GRANTS)} ON `{database}`.* TO {account};

-- Useful, not needed: shows what each table takes on disk with its holes left out.
-- GRANT PROCESS ON *.* TO {account};

-- The server's settings: max_allowed_packet = 64M or more is needed; local_infile = ON makes storing several times
-- cheaper; on MariaDB innodb_compression_level = 1 does for page compression.

-- Part 2, for reading: hepbox makes these tables itself, the daily ones (here those of one day) for each day.
USE `{database}`;
"""


def _examples(day: date) -> list[str]:
    """One table of each form."""
    call, rtcp = DailyTable(day, Kind.CALL), DailyTable(day, Kind.RTCP)
    quality = quality_table(day), quality_ends_table(day)
    folded = *quality, registrations_table(day), *daily_tables.of_calls(day)
    return [call.name, call.texts, rtcp.name, rtcp.texts, *folded]


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("'", "''")
