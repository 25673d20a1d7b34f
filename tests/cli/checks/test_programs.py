import dataclasses
from pathlib import Path

import pytest

from appliance.cli.checks import programs
from appliance.cli.checks.finding import Verdict
from appliance.ingest import compiled
from appliance.settings import MysqlSettings, RedisSettings, Settings, SipSettings


def test_versions_are_read_from_what_the_programs_say() -> None:
    assert programs.version_in("mariadbd  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu") == (10, 11)
    assert programs.version_in("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0") == (7, 0)
    assert programs.version_in("Segmentation fault") is None


def test_both_servers_of_this_machine_are_new_enough() -> None:
    findings = list(programs.examine(Settings()))
    assert [finding.subject for finding in findings] == ["mariadbd", "redis-server", "compiled readers"]
    assert all(finding.verdict is Verdict.OK for finding in findings), findings


def test_servers_of_others_need_no_programs_here() -> None:
    settings = Settings(mysql=MysqlSettings(host="db"), redis=RedisSettings(url="redis://cache"))
    assert [finding.subject for finding in programs.examine(settings)] == ["compiled readers"]


def test_it_says_whether_the_compiled_readers_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(programs.examine(Settings()))[-1].verdict is Verdict.OK
    with_rules = Settings(sip=SipSettings(discard=("method:OPTIONS",)))
    assert "discard" in list(programs.examine(with_rules))[-1].said
    monkeypatch.setattr(compiled, "_module", lambda name: None)
    finding = list(programs.examine(Settings()))[-1]
    assert finding.verdict is Verdict.NOTE
    assert finding.said == compiled.NOT_BUILT
    assert "gcc" in finding.remedy


def test_a_missing_program_is_wrong_and_names_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(programs, "PLACES", str(tmp_path))
    finding = next(programs.examine(Settings()))
    assert finding.verdict is Verdict.WRONG
    assert "mariadb-server-core" in finding.remedy


def test_an_old_program_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "REDIS", dataclasses.replace(programs.REDIS, oldest=(99, 0)))
    finding = list(programs.examine(Settings()))[1]
    assert finding.verdict is Verdict.WRONG
    assert "99.0 is the oldest" in finding.said
