import re
from collections.abc import Iterator
from datetime import date

import pymysql
import pytest
from pymysql.constants import CLIENT

from appliance.settings import MysqlSettings
from appliance.storage import daily_tables, retention, schema
from appliance.storage.connection import Database
from appliance.storage.migrate import FOLDER, migrate
from tests import servers

DAY = date(2026, 11, 23)
OWN = MysqlSettings(user="sip'box", database="capture", password="never shown")


@pytest.fixture(scope="module")
def server() -> Iterator[MysqlSettings]:
    with servers.mariadb() as settings:
        yield settings


def as_administrator(server: MysqlSettings, sql: str) -> None:
    root = pymysql.connect(unix_socket=str(server.socket), user="root", client_flag=CLIENT.MULTI_STATEMENTS)
    with root, root.cursor() as cursor:
        cursor.execute(sql)
        while cursor.nextset():
            pass


async def test_an_administrator_runs_part_1_and_hepbox_does_the_rest(server: MysqlSettings) -> None:
    as_administrator(server, schema.sql(OWN, DAY).split("-- Part 2")[0])
    given = MysqlSettings(user=OWN.user, password="CHANGE-ME", database="capture", socket=server.socket)
    assert migrate(given)
    database = await Database.open(given)
    try:
        assert len(await daily_tables.ensure_day(database, DAY)) == 24
        assert len(await daily_tables.existing(database)) == 24
        async with retention.alone(database) as mine:
            assert mine
            assert await daily_tables.drop(database, "calls_20261123")
        with pytest.raises(pymysql.err.OperationalError, match="denied"):
            await database.fetch("SELECT * FROM mysql.global_priv")
    finally:
        await database.close()
    as_administrator(server, "DROP DATABASE capture")


def test_all_of_it_runs_and_leaves_nothing_for_the_migrations_to_stumble_over(server: MysqlSettings) -> None:
    as_administrator(server, schema.sql(OWN, DAY))
    given = MysqlSettings(user=OWN.user, password="CHANGE-ME", database="capture", socket=server.socket)
    assert migrate(given) == [path.stem for path in sorted(FOLDER.glob("*.sql"))]
    as_administrator(server, "DROP DATABASE capture")


def test_it_shows_no_password_and_asks_for_no_more_than_it_needs() -> None:
    text = schema.sql(OWN, DAY)
    assert OWN.password not in text
    granted = re.findall(r"^GRANT (.*) ON (\S+) TO", text, re.MULTILINE)
    assert granted == [("SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, INDEX, ALTER, REFERENCES", "`capture`.*")]
