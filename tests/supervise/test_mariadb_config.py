from pathlib import Path

from appliance.settings import MysqlSettings
from appliance.supervise.mariadb_config import configuration, first_statements, log_mib, pool_mib

GIB = 1024**3


def test_the_pool_is_a_quarter_of_the_memory_within_bounds() -> None:
    assert [pool_mib(gib * GIB) for gib in (0, 1, 4, 24, 64)] == [256, 256, 1024, 6144, 8192]
    assert [log_mib(pool) for pool in (128, 256, 600, 8192)] == [128, 128, 300, 512]


def test_nothing_is_lost_at_a_crash_and_nothing_listens_on_the_network(tmp_path: Path) -> None:
    lines = configuration(tmp_path).splitlines()
    assert {"innodb_flush_log_at_trx_commit = 1", "skip_networking = 1", "skip_log_bin", "local_infile = 1"} <= set(
        lines
    )
    assert "innodb_compression_level = 1" in lines


def test_paths_with_blanks_and_signs_are_quoted(tmp_path: Path) -> None:
    odd = tmp_path / 'a "b" #c'
    odd.mkdir()
    escaped = str(odd).replace('"', '\\"')
    assert f'datadir = "{escaped}/mysql"' in configuration(odd).splitlines()


def test_the_user_gets_the_password_of_the_settings_and_its_database_only() -> None:
    said = first_statements(MysqlSettings(user="o'dd", password="a'b\\c", database="other"))
    assert "ALTER USER 'o''dd'@'localhost' IDENTIFIED BY 'a''b\\\\c';" in said
    assert "GRANT ALL PRIVILEGES ON `other`.* TO 'o''dd'@'localhost';" in said
    assert "GRANT PROCESS ON *.*" in said
