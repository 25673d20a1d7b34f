from collections.abc import Iterator

import pymysql
import pytest

from appliance.settings import MysqlSettings
from appliance.storage.connection import Database
from appliance.storage.examine import ServerFacts, examine, version_number
from tests.servers import mariadb


@pytest.fixture(scope="module")
def server() -> Iterator[MysqlSettings]:
    with mariadb() as settings:
        with pymysql.connect(unix_socket=str(settings.socket), user="root", autocommit=True) as connection:
            connection.cursor().execute("CREATE DATABASE IF NOT EXISTS hepbox")
            connection.cursor().execute("CREATE USER reader@localhost IDENTIFIED BY 'r'")
            connection.cursor().execute("GRANT SELECT ON hepbox.* TO reader@localhost")
        yield settings


async def asked(settings: MysqlSettings) -> ServerFacts:
    database = await Database.open(settings, size=1)
    try:
        return await examine(database)
    finally:
        await database.close()


async def test_it_tells_version_and_limits(server: MysqlSettings) -> None:
    facts = await asked(server)
    assert facts.is_mariadb
    assert facts.number >= (10, 6)
    assert facts.takes_bulk_loads
    assert facts.longest_statement_bytes >= 1 << 20


async def test_every_right_is_tried_and_nothing_is_left_behind(server: MysqlSettings) -> None:
    assert (await asked(server)).missing_right is None
    with pymysql.connect(unix_socket=str(server.socket), user="root", database="hepbox") as connection:
        cursor = connection.cursor()
        cursor.execute("SHOW TABLES LIKE 'hepbox_doctor'")
        assert cursor.fetchall() == ()


async def test_the_first_missing_right_is_named(server: MysqlSettings) -> None:
    facts = await asked(server.model_copy(update={"user": "reader", "password": "r"}))
    assert facts.missing_right is not None
    assert facts.missing_right.startswith("CREATE ")


def test_a_version_without_a_number_is_older_than_all() -> None:
    assert version_number("10.11.19-MariaDB-0+deb12u1") == (10, 11)
    assert version_number("8.4.0") == (8, 4)
    assert version_number("unknown") == (0, 0)
