from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pymysql
import pytest

from appliance.settings import MysqlSettings
from appliance.storage import migrate
from tests import servers

ALL = [path.stem for path in sorted(migrate.FOLDER.glob("*.sql"))]


@pytest.fixture(scope="module")
def server() -> Iterator[MysqlSettings]:
    with servers.mariadb() as settings:
        yield settings


@pytest.fixture
def settings(server: MysqlSettings) -> MysqlSettings:
    servers.empty(server)
    return server


def ask(settings: MysqlSettings, sql: str) -> list[tuple[object, ...]]:
    connection = pymysql.connect(unix_socket=str(settings.socket), user="root", db="hepbox", autocommit=True)
    with connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def test_an_empty_database_gets_all_tables_and_a_second_run_does_nothing(settings: MysqlSettings) -> None:
    assert migrate.migrate(settings) == ALL
    assert migrate.migrate(settings) == []
    tables = {row[0] for row in ask(settings, "SHOW TABLES")}
    assert {"ingest_ledger", "call_changes", "quarantine", "site", "import_days", "agents"} <= tables


def test_two_at_once_carry_out_each_migration_once(settings: MysqlSettings) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: migrate.migrate(settings), range(4)))
    assert sorted(name for names in done for name in names) == ALL


def test_a_migration_that_was_cut_off_is_run_again(settings: MysqlSettings) -> None:
    ask(settings, "CREATE TABLE ingest_ledger (name VARBINARY(64) PRIMARY KEY) ENGINE=InnoDB")
    assert migrate.migrate(settings) == ALL
    ask(settings, "SELECT * FROM agents")


def test_a_first_start_killed_in_the_middle_does_not_stop_the_next(settings: MysqlSettings) -> None:
    ask(settings, "CREATE TABLE _yoyo_log (id INT)")
    ask(settings, "CREATE TABLE yoyo_lock (locked INT DEFAULT 1, ctime TIMESTAMP, pid INT, PRIMARY KEY (locked))")
    ask(settings, "INSERT INTO yoyo_lock VALUES (1, NOW(), 1)")
    assert migrate.migrate(settings) == ALL


def test_a_database_of_a_newer_version_is_left_alone(settings: MysqlSettings, tmp_path: Path) -> None:
    for path in migrate.FOLDER.glob("*.sql"):
        (tmp_path / path.name).write_text(path.read_text())
    (tmp_path / "9999-later.sql").write_text("CREATE TABLE IF NOT EXISTS later (id INT) ENGINE=InnoDB;\n")
    assert migrate.migrate(settings, tmp_path) == [*ALL, "9999-later"]
    with pytest.raises(migrate.MigrationError, match="made by a newer hepbox"):
        migrate.migrate(settings)


def test_a_second_migrator_waits_and_then_says_so(settings: MysqlSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "LOCK_SECONDS", 0)
    with (
        migrate._Backend(migrate._address(settings), "x") as other,
        migrate._locked(other, settings.database),
        pytest.raises(migrate.MigrationError, match="another process"),
    ):
        migrate.migrate(settings)


@pytest.mark.parametrize("password", ["p@ss:w/rd?&#%25 +ü'\"\\", "a=b;c", "%(name)s"])
def test_any_password_will_do(settings: MysqlSettings, password: str) -> None:
    quoted = pymysql.converters.escape_string(password)
    ask(settings, f"CREATE OR REPLACE USER odd@localhost IDENTIFIED BY '{quoted}'")
    ask(settings, "GRANT ALL ON hepbox.* TO odd@localhost")
    assert migrate.migrate(settings.model_copy(update={"user": "odd", "password": password})) == ALL


def test_the_ledger_refuses_a_batch_that_comes_again(settings: MysqlSettings) -> None:
    migrate.migrate(settings)
    ask(settings, "INSERT INTO ingest_ledger VALUES ('boot-0-1', 1, 400)")
    with pytest.raises(pymysql.err.IntegrityError):
        ask(settings, "INSERT INTO ingest_ledger VALUES ('boot-0-1', 2, 400)")


def test_a_site_has_one_name(settings: MysqlSettings) -> None:
    migrate.migrate(settings)
    ask(settings, "INSERT INTO site (name, made_at) VALUES ('a', 1)")
    with pytest.raises(pymysql.err.IntegrityError):
        ask(settings, "INSERT INTO site (name, made_at) VALUES ('b', 1)")
