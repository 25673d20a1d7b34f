"""The program that the page shows, run by Node.js with hep-js of the npm registry."""

import subprocess
from pathlib import Path

import pytest

from tests.agents.posting import program, shown, token
from tests.appliance import eventually, running
from tests.recorded.instance import Store

pytestmark = [pytest.mark.agents, pytest.mark.appliance]

VERSION = "1.0.22"


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("hep-js")
    command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(directory), f"hep-js@{VERSION}"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return directory


def test_frames_of_hep_js_are_stored_under_their_call(modules: Path) -> None:
    with running() as appliance:
        secret = token(appliance, "hep-js")
        script = modules / "send.js"
        script.write_text(program(appliance, "hepjs").lines)
        subprocess.run(["node", str(script)], cwd=modules, check=True, capture_output=True, timeout=30)
        (row,) = eventually(lambda: Store(appliance).messages("kind:log"))
        assert (row.callid, row.node, row.raw) == ("the Call-ID", "2009", b"auth failed for 1001")
        assert (row.source_ip, row.source_port, row.destination_ip) == ("192.0.2.1", 5060, "192.0.2.2")
        assert shown(appliance, secret, "2009")["program"] == "hep-js (Node.js)"
