import dataclasses
from pathlib import Path

from appliance.cli.checks import servers
from appliance.cli.checks.finding import Verdict
from appliance.settings import MysqlSettings, RedisSettings, Settings
from appliance.storage.examine import ServerFacts

GOOD = ServerFacts("10.11.19-MariaDB", True, (10, 11), True, 64 << 20, None)
REMOTE = MysqlSettings(host="db", user="capture")


def verdicts(**changes: object) -> dict[str, Verdict]:
    facts = dataclasses.replace(GOOD, **changes)  # type: ignore[arg-type]
    return {finding.subject: finding.verdict for finding in servers.judge(facts, "db:3306", REMOTE)}


def test_a_good_server_is_ok() -> None:
    assert set(verdicts().values()) == {Verdict.OK}


def test_an_old_server_is_wrong() -> None:
    assert verdicts(number=(10, 5))["database"] is Verdict.WRONG
    assert verdicts(number=(5, 7), is_mariadb=False)["database"] is Verdict.WRONG
    assert verdicts(number=(8, 0), is_mariadb=False)["database"] is Verdict.OK


def test_a_missing_right_is_wrong() -> None:
    assert verdicts(missing_right="CREATE (denied)")["database rights"] is Verdict.WRONG


def test_slow_loading_is_a_note_and_short_statements_are_wrong() -> None:
    assert verdicts(takes_bulk_loads=False)["bulk loads"] is Verdict.NOTE
    assert verdicts(longest_statement_bytes=1 << 20)["statement size"] is Verdict.WRONG


def test_servers_that_do_not_answer_are_wrong_and_say_how_to_start_them(tmp_path: Path) -> None:
    mysql, redis = MysqlSettings(socket=tmp_path / "m"), RedisSettings(socket=tmp_path / "r")
    findings = list(servers.examine(Settings(mysql=mysql, redis=redis)))
    assert [finding.verdict for finding in findings] == [Verdict.WRONG, Verdict.WRONG]
    assert all("hepbox run" in finding.remedy for finding in findings)


def test_a_password_in_the_address_of_redis_is_not_shown() -> None:
    redis = RedisSettings(url="redis://:sesame@127.0.0.1:1/0")
    shown = " ".join(finding.line() for finding in servers.examine(Settings(redis=redis, mysql=REMOTE_AWAY)))
    assert "sesame" not in shown


REMOTE_AWAY = MysqlSettings(host="127.0.0.1", port=1)
