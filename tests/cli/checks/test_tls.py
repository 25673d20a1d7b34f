from pathlib import Path

import pytest

from appliance.cli.checks import tls
from appliance.cli.checks.finding import Finding, Verdict
from appliance.settings import HepSettings, Settings
from tests.ingest.certificates import Authority, Signed, authority


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("tls"))


def found(signed: Signed, authorities: Path | None = None) -> Finding:
    hep = HepSettings(
        tls_listen="127.0.0.1:9061",
        tls_certificate=signed.certificate,
        tls_key=signed.key,
        tls_client_ca=authorities,
    )
    (finding,) = tls.examine(Settings(hep=hep))
    return finding


def test_where_tls_is_off_there_is_nothing_to_say() -> None:
    assert list(tls.examine(Settings())) == []


def test_a_certificate_that_senders_can_believe_is_well(ours: Authority) -> None:
    finding = found(ours.sign("localhost", 100), ours.own.certificate)
    assert finding.verdict is Verdict.OK
    assert "valid for 99 more days; senders have to show one too" in finding.said


def test_a_certificate_that_ends_soon_is_noted(ours: Authority) -> None:
    finding = found(ours.sign("localhost", 5))
    assert finding.verdict is Verdict.NOTE
    assert "valid for 4 more days" in finding.said
    assert "reload" in finding.remedy


def test_a_certificate_that_has_ended_is_wrong(ours: Authority) -> None:
    finding = found(ours.sign("localhost", -1))
    assert finding.verdict is Verdict.WRONG
    assert "expired" in finding.said


def test_files_that_cannot_be_used_are_wrong(ours: Authority, tmp_path: Path) -> None:
    signed = ours.sign("localhost")
    finding = found(Signed(signed.certificate, tmp_path / "missing.key"))
    assert finding.verdict is Verdict.WRONG
    assert "missing.key: cannot be read" in finding.said
