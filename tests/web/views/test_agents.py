import csv
import io
import time

import pytest
from starlette.testclient import TestClient

from appliance.settings import HepSettings, MysqlSettings, Settings
from appliance.storage import agents
from appliance.storage.agents import AgentSeen
from appliance.storage.connection import Database
from appliance.web.programs import programs
from tests.web.conftest import PASSWORD, browser, in_database, sign_in

HOSTILE = "<b>=cmd|' /C calc'!A0"


@pytest.fixture
def noted(mysql: MysqlSettings) -> int:
    """Agents that were heard just now; the time."""
    now = time.time_ns() // 1000

    async def note(database: Database) -> None:
        for table in ("agents", "agent_minutes", "agent_kinds"):
            await database.execute(f"DELETE FROM {table}")
        seen = [
            AgentSeen(b"2001", "192.0.2.1", 3, now, 600, requests=600, clock_us=5000, kinds={"call": 590, "log": 10}),
            AgentSeen(b"janus", "192.0.2.2", 0, now, 6, kinds={"webrtc": 6}),
            AgentSeen(HOSTILE.encode(), "192.0.2.3", 1, now - 600_000_000, 1, responses=1, kinds={"rest": 1}),
        ]
        await agents.note(database, seen, now)

    in_database(mysql, note)
    return now


def test_every_program_has_lines_with_the_address_of_this_appliance(alice: TestClient) -> None:
    text = alice.get("/agents").text
    for program in programs():
        assert program.title in text
    assert "sip:testserver:9060" in text
    assert "http://testserver/api/v1/ingest" in text


def test_the_key_is_never_shown(client: TestClient, settings: Settings) -> None:
    secret = settings.model_copy(update={"hep": HepSettings(auth_key="s3cret-of-agents")})
    with browser(secret) as other:
        sign_in(other, "alice", PASSWORD)
        text = other.get("/agents").text
    assert "s3cret-of-agents" not in text
    assert "AUTH_KEY" in text


def test_what_was_seen_is_beside_its_program_and_in_the_table(alice: TestClient, noted: int) -> None:
    text = alice.get("/agents").text
    assert "packets/s" in text
    assert "requests only" in text
    assert "silent" in text
    assert "<b>=cmd" not in text and "&lt;b&gt;=cmd" in text


def test_the_table_is_sorted_as_asked(alice: TestClient, noted: int) -> None:
    def order(query: str) -> list[str]:
        return [row["node"] for row in alice.get(f"/agents.json{query}").json()["agents"]]

    assert order("?sort=node") == ["2001", HOSTILE, "janus"]
    assert order("?sort=node&order=reverse") == ["janus", HOSTILE, "2001"]
    assert order("?sort=packets") == ["2001", "janus", HOSTILE]
    assert order("?sort=<script>")[-1] == HOSTILE


def test_the_files_say_what_the_table_says(alice: TestClient, noted: int) -> None:
    first = alice.get("/agents.json?sort=packets").json()["agents"][0]
    assert (first["node"], first["program"], first["packets"]) == ("2001", "Kamailio", 600)
    assert first["kinds"] == ["call", "log"]
    assert (first["clock_ms"], first["requests_1h"], first["responses_1h"]) == (5, 600, 0)
    assert first["packets_per_second"] > 0
    rows = list(csv.DictReader(io.StringIO(alice.get("/agents.csv?sort=packets").text)))
    assert [row["node"] for row in rows] == ["2001", "janus", HOSTILE]
    assert rows[1]["hep_version"] == ""


def test_a_program_can_be_linked_open(alice: TestClient) -> None:
    assert 'id="janus" open' in alice.get("/agents?program=janus").text


def test_nobody_else_sees_it(client: TestClient) -> None:
    assert client.get("/agents").status_code == 303
    assert client.get("/agents.json", headers={"accept": "*/*"}).status_code == 401
