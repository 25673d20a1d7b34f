from pathlib import Path

from appliance.cli.checks import trail
from appliance.cli.checks.finding import Verdict
from appliance.settings import MysqlSettings, Settings
from appliance.storage.audit_chain import Chain


def test_a_whole_trail_is_told_with_its_end() -> None:
    found = trail.judge(Chain(1234, bytes(range(32))))
    assert (found.verdict, found.said) == (Verdict.OK, "1234 lines as they were written, up to 0001020304050607")


def test_a_broken_one_is_wrong_and_says_where() -> None:
    found = trail.judge(Chain(3, bytes(32), "line 4 was changed"))
    assert found.verdict is Verdict.WRONG
    assert "line 4 was changed" in found.said and "backup" in found.remedy


def test_nothing_is_said_while_the_database_is_away(tmp_path: Path) -> None:
    assert list(trail.examine(Settings(mysql=MysqlSettings(socket=tmp_path / "none")))) == []
