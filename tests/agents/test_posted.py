"""What curl posts, by the lines of the page, is found under its call; so is what a log file is tailed into."""

import subprocess
from pathlib import Path

import pytest

from tests.agents.posting import program, shown, token
from tests.appliance import eventually, running
from tests.recorded.instance import Store

pytestmark = [pytest.mark.agents, pytest.mark.appliance]


def test_what_curl_posts_is_found_under_its_call(tmp_path: Path) -> None:
    with running() as appliance:
        secret = token(appliance, "app")
        lines = program(appliance, "http", secret)
        done = subprocess.run(["bash", "-ec", lines.lines], capture_output=True, text=True, timeout=30)
        assert '"accepted":1' in done.stdout.replace(" ", ""), done.stdout + done.stderr
        log = tmp_path / "app.log"
        log.write_text("INFO callid=abc@host call was taken\nplain line\n")
        tail = lines.log.replace("tail -F app.log", f"cat {log}")
        subprocess.run(["bash", "-ec", tail], check=True, capture_output=True, timeout=30)
        store = Store(appliance)
        rows = eventually(lambda: found if len(found := store.messages("kind:log")) == 3 else None)
        assert {(row.callid, row.raw) for row in rows} == {
            ("the Call-ID", b"auth failed for 1001"),
            ("abc@host", b"INFO callid=abc@host call was taken"),
            ("", b"plain line"),
        }
        assert {(row.node, row.source_ip) for row in rows} == {("app", "127.0.0.1")}
        agent = shown(appliance, secret, "app")
        assert (agent["kinds"], agent["packets"]) == (["log"], 3)
