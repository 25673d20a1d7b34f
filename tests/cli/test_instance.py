from pathlib import Path

import pytest
import typer

from appliance.cli import instance
from appliance.settings import MysqlSettings, RedisSettings, Settings

ROOT = Path(__file__).resolve().parents[2]


def test_a_checkout_keeps_its_data_in_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HEPBOX_PATHS_DATA", raising=False)
    (tmp_path / "hepbox.ini").write_text("")
    assert instance.read_settings(tmp_path / "hepbox.ini", None).paths.data == ROOT / ".hepbox"


def test_a_data_directory_that_is_named_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert instance.read_settings(None, tmp_path).paths.data == tmp_path
    monkeypatch.setenv("HEPBOX_PATHS_DATA", str(tmp_path / "other"))
    assert instance.read_settings(None, None).paths.data == tmp_path / "other"


def test_servers_of_our_own_are_reached_by_sockets_in_the_data_directory(tmp_path: Path) -> None:
    settings = instance.read_settings(None, tmp_path)
    assert settings.mysql.socket == tmp_path / "run" / "mysql.sock"
    assert settings.redis.socket == tmp_path / "run" / "redis.sock"


def test_servers_of_others_are_reached_as_they_are_named() -> None:
    named = Settings(mysql=MysqlSettings(host="db"), redis=RedisSettings(url="redis://cache"))
    settings = instance.with_own_sockets(named)
    assert settings.mysql.socket is None
    assert settings.redis.socket is None


def test_wrong_settings_are_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "hepbox.ini").write_text("[hep]\nprocesses = many\n")
    with pytest.raises(typer.Exit) as ending:
        instance.read_settings(tmp_path / "hepbox.ini", None)
    assert ending.value.exit_code == 2
    assert capsys.readouterr().err.count("\n") == 1
