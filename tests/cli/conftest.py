"""A database for the commands that administer people."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.settings import MysqlSettings
from appliance.storage.migrate import migrate
from tests.cli.people import People
from tests.servers import empty, mariadb


@pytest.fixture(scope="package")
def people_server() -> Iterator[MysqlSettings]:
    with mariadb() as settings:
        yield settings


@pytest.fixture
def people(people_server: MysqlSettings) -> Iterator[People]:
    """The commands find the server where that of an appliance would be: DATA/run/mysql.sock."""
    empty(people_server)
    migrate(people_server)
    with tempfile.TemporaryDirectory(prefix="hb-") as directory:
        run = Path(directory) / "run"
        run.mkdir()
        assert people_server.socket is not None
        (run / "mysql.sock").symlink_to(people_server.socket)
        yield People(people_server, {"HEPBOX_PATHS_DATA": directory, "HEPBOX_MYSQL_USER": people_server.user})
