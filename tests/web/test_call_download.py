import pytest
from starlette.testclient import TestClient

from appliance.model.rows import MessageRow
from appliance.settings import Settings
from appliance.storage import audit
from appliance.web.call_download import file_name
from appliance.web.found_call import FoundCall
from tests.calls.made import flow
from tests.web.conftest import in_database
from tests.web.stored import REPORTED

JOINED = [*flow("0 A>P INVITE", "9 P>A 486 INVITE"), *flow("2 P>B INVITE id=x", callid="c2@made")]


def found(rows: list[MessageRow]) -> FoundCall:
    return FoundCall("c1@made", None, tuple(rows), len(rows), (), False)


def test_a_name_says_which_call_it_is() -> None:
    assert file_name(found(JOINED), "pcap") == "call-2026-11-23-101112-100-200.pcap"
    assert file_name(found([]), "pcap") == "call-1970-01-01-000000.pcap"


@pytest.mark.parametrize("name", ["messages.json", "report.html", "report.zip", "messages.txt"])
def test_every_file_is_written_down(alice: TestClient, settings: Settings, name: str) -> None:
    assert alice.get(f"/calls/{REPORTED}/{name}").status_code == 200
    entry = in_database(settings.mysql, audit.entries)[0]
    assert (entry.action, entry.object) == ("exported", f"{name} {REPORTED}")
