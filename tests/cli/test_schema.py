from pathlib import Path

from typer.testing import CliRunner

from appliance.cli import rotate, schema
from appliance.cli.app import app

COMMANDS = (rotate.rotate, schema.schema)


def test_schema_prints_sql_for_the_database_of_the_settings(tmp_path: Path) -> None:
    config = tmp_path / "hepbox.ini"
    config.write_text("[mysql]\nhost = db.example\nuser = sip\npassword = s3cret\ndatabase = capture\n")
    printed = CliRunner().invoke(app, ["schema", "--config", str(config)])
    assert printed.exit_code == 0
    assert "CREATE DATABASE IF NOT EXISTS `capture`" in printed.stdout
    assert "ON `capture`.* TO 'sip'@'%';" in printed.stdout
    assert "s3cret" not in printed.stdout


def test_it_needs_no_server_and_prints_each_form_of_daily_table(tmp_path: Path) -> None:
    config = tmp_path / "hepbox.ini"
    config.write_text(f"[paths]\ndata = {tmp_path}\n")
    printed = CliRunner().invoke(app, ["schema", "--config", str(config)])
    for family in ("sip_capture_call_2", "sip_capture_call_texts_2", "rtcp_capture_all_2", "calls_2"):
        assert f"CREATE TABLE IF NOT EXISTS `{family}" in printed.stdout
