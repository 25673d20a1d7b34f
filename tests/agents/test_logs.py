"""Log lines that Kamailio sends by hlog(), and what the page says of an agent that traces in one direction or twice."""

from pathlib import Path

import pytest

from tests.agents import kamailio as configured
from tests.agents.kamailio import ADDRESS, CAPTURE_ID, kamailio
from tests.agents.posting import seen, token
from tests.agents.sipp import CALLED, make_calls
from tests.appliance import Appliance, eventually, free_port, running
from tests.recorded.instance import Store

pytestmark = [pytest.mark.agents, pytest.mark.appliance]

COUNT = 5
HLOG = '    hlog("$ci", "took $rm for $rU");\n    $du ='
TWICE = "    sip_trace();\n    $du ="


def calls(appliance: Appliance, directory: Path) -> list[str]:
    """Through Kamailio; their Call-IDs."""
    proxy, called, caller = free_port(), free_port(), free_port()
    with kamailio(directory, proxy, appliance.hep_port, f"sip:{CALLED}:{called}"):
        made = make_calls(directory / "sipp", "answered", f"{ADDRESS}:{proxy}", called, caller, COUNT)
    lines = [line for one in made.caller for line in one.payload.split(b"\r\n") if line.startswith(b"Call-ID:")]
    return sorted({line.partition(b":")[2].strip().decode() for line in lines})


def test_lines_of_hlog_are_in_the_logs_of_their_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configured, "CONFIGURATION", configured.CONFIGURATION.replace("    $du =", HLOG))
    with running() as appliance:
        made = calls(appliance, tmp_path)
        store = Store(appliance)
        rows = eventually(lambda: found if len(found := store.messages("kind:log")) >= 3 * COUNT else None)
        assert {row.callid for row in rows} == set(made)
        assert {row.raw for row in rows} == {
            b"took INVITE for service",
            b"took ACK for service",
            b"took BYE for service",
        }
        assert {row.node for row in rows} == {str(CAPTURE_ID)}


def test_the_page_tells_who_sends_everything_twice_or_requests_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    twice = configured.CONFIGURATION.replace("    $du =", TWICE)
    one_way = (
        configured.CONFIGURATION.replace('"trace_mode", 1', '"trace_mode", 0')
        .replace("    $du =", '    sip_trace("", "", "m");\n    $du =')
        .replace('"hep_capture_id", {capture_id}', '"hep_capture_id", 77')
    )
    with running() as appliance:
        secret = token(appliance, "test")
        for name, text in (("twice", twice), ("one-way", one_way)):
            monkeypatch.setattr(configured, "CONFIGURATION", text)
            directory = tmp_path / name
            directory.mkdir()
            for turn in ("a", "b"):
                (directory / turn).mkdir()
                calls(appliance, directory / turn)
        said = eventually(lambda: warnings(appliance, secret, "77"))
        assert [sentence.partition(":")[0] for sentence in said] == ["Sends requests only"]
        said = eventually(lambda: warnings(appliance, secret, str(CAPTURE_ID)))
        assert [sentence.partition(":")[0] for sentence in said] == ["Sends messages twice"]


def warnings(appliance: Appliance, secret: str, node: str) -> list[str]:
    found: list[str] = seen(appliance, secret, node).get("warnings", [])
    return found
