from ipaddress import ip_network
from pathlib import Path

from appliance.cli.checks import configuration
from appliance.cli.checks.finding import Verdict
from appliance.settings import HepSettings, MysqlSettings, Settings, WebSettings


def test_defaults_are_no_differences() -> None:
    assert configuration.differences(Settings()) == []


def test_differences_are_shown_as_they_would_be_written() -> None:
    web = WebSettings(listen="0.0.0.0:80", proxies=(ip_network("10.0.0.0/8"), ip_network("::1/128")))
    assert configuration.differences(Settings(web=web)) == [
        "[web] listen = 0.0.0.0:80",
        "[web] proxies = 10.0.0.0/8, ::1/128",
    ]


def test_secrets_are_never_shown() -> None:
    settings = Settings(hep=HepSettings(auth_key="sesame"), mysql=MysqlSettings(host="db", password="sesame"))
    shown = " ".join(configuration.differences(settings))
    assert "sesame" not in shown
    assert "[mysql] password = (set)" in shown


def test_a_secret_that_everybody_can_read_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "hepbox.ini"
    file.write_text("[hep]\nauth_key = sesame\n")
    settings = Settings(hep=HepSettings(auth_key="sesame"))
    file.chmod(0o644)
    assert Verdict.WRONG in [finding.verdict for finding in configuration.examine(settings, file)]
    file.chmod(0o640)
    assert Verdict.WRONG not in [finding.verdict for finding in configuration.examine(settings, file)]
