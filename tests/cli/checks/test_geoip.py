from pathlib import Path

from appliance.cli.checks import geoip
from appliance.cli.checks.finding import Finding, Verdict
from appliance.settings import PathSettings, Settings
from tests.captures import CAPTURES

FILES = CAPTURES / "maxmind-MaxMind-DB" / "test-data"


def found(file: Path) -> Finding:
    (finding,) = geoip.examine(Settings(paths=PathSettings(geoip=file)))
    return finding


def test_where_no_file_is_named_there_is_nothing_to_say() -> None:
    assert list(geoip.examine(Settings())) == []


def test_a_file_that_can_be_used_is_named_with_its_age() -> None:
    finding = found(FILES / "GeoLite2-Country-Test.mmdb")
    assert finding.verdict is not Verdict.WRONG
    assert "is GeoLite2-Country, " in finding.said and "days old" in finding.said


def test_a_file_of_something_else_is_noted() -> None:
    assert "it seems to hold no countries" in found(FILES / "GeoLite2-ASN-Test.mmdb").said


def test_a_file_that_cannot_be_used_is_wrong(tmp_path: Path) -> None:
    assert found(tmp_path / "missing").verdict is Verdict.WRONG
    (tmp_path / "text").write_text("no database")
    finding = found(tmp_path / "text")
    assert finding.verdict is Verdict.WRONG
    assert "this is no MaxMind database" in finding.said
