"""Janus posts its events to the API as the page tells it to; those of a call are found under its Call-ID."""

import json
from pathlib import Path

import pytest

from appliance.model.rows import MessageRow
from tests.agents.janus import call, janus
from tests.agents.posting import program, shown, token
from tests.appliance import eventually, running
from tests.recorded.instance import Store

pytestmark = [pytest.mark.agents, pytest.mark.appliance]

OF_THE_CALL = {"calling", "sip-out", "sip-in", "proceeding", "accepted", "hangup"}


def test_events_of_janus_are_stored_and_those_of_a_call_are_found_under_it(tmp_path: Path) -> None:
    with running() as appliance:
        secret = token(appliance, "janus")
        with janus(tmp_path, program(appliance, "janus", secret).lines) as gateway:
            session, callid = call(gateway)
            store = Store(appliance)
            rows = eventually(lambda: whole(store.messages("kind:webrtc")))
        of_call = [told(row) for row in rows if row.callid == callid]
        plugin = {event["event"]["data"]["event"] for event in of_call if event["type"] == 64}
        assert plugin >= OF_THE_CALL
        assert any(event["type"] == 32 and "lost" in event["event"] for event in of_call), "media statistics"
        assert any(event["type"] == 16 for event in of_call), "ICE"
        assert f"janus-{session}" in {row.callid for row in rows}, "what came before the call lies by its session"
        assert {row.node for row in rows} == {"janus"}
        assert all(row.ts == told(row)["timestamp"] for row in rows)
        agent = shown(appliance, secret, "janus")
        assert (agent["program"], agent["kinds"], agent["hep_version"]) == ("Janus", ["webrtc"], None)


def told(row: MessageRow) -> dict:
    event: dict = json.loads(row.raw or b"")
    return event


def whole(rows: list[MessageRow]) -> list[MessageRow]:
    """The rows, once the last event of the session is among them."""
    return rows if any(told(row)["event"].get("name") == "destroyed" for row in rows) else []
