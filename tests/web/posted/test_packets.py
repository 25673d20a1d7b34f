import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.hep.decode import decode
from appliance.web.posted.fields import Refused
from appliance.web.posted.janus import Handles
from appliance.web.posted.packets import LARGEST_PAYLOAD, Sender, callid_in, frame, packet
from tests.captures import load_json

SENDER = Sender("192.0.2.9")


def made(item: Any, sender: Sender = SENDER):  # type: ignore[no-untyped-def]
    """As it will be read by a writer."""
    return decode(frame(packet(item, sender, Handles())))


def test_an_item_with_fields_becomes_what_it_says() -> None:
    found = made(
        {
            "callid": "abc",
            "type": 100,
            "ts": 1_700_000_000,
            "node": "b2bua",
            "payload": "a line",
            "source_ip": "10.0.0.1",
            "source_port": 22222,
            "destination_ip": "10.0.0.2",
            "destination_port": 5060,
        }
    )
    assert (found.correlation_id, found.protocol_type, found.payload) == (b"abc", 100, b"a line")
    assert (found.time_us, found.node_name) == (1_700_000_000_000_000, b"b2bua")
    assert (found.source_ip, found.source_port) == ("10.0.0.1", 22222)
    assert (found.destination_ip, found.destination_port) == ("10.0.0.2", 5060)


def test_what_it_does_not_say_comes_from_its_sender() -> None:
    found = made({"level": "info"}, Sender("192.0.2.9", b"abc", b"app", 86))
    assert (found.correlation_id, found.node_name, found.protocol_type) == (b"abc", b"app", 86)
    assert json.loads(found.payload) == {"level": "info"}
    assert made({"message": "hi"}).node_name == b"192.0.2.9"


def test_a_line_of_a_log_is_found_under_the_call_that_it_names() -> None:
    found = made("INFO call-id=abc@1.2.3.4 auth ok")
    assert (found.correlation_id, found.protocol_type) == (b"abc@1.2.3.4", 100)
    assert made({"message": "Call-ID: <x-y>, done"}).correlation_id == b"x-y"
    assert callid_in(b"nothing") == b""
    assert made("bytes \udcff that are not UTF-8").payload == b"bytes \xff that are not UTF-8"


REPORTS = [sample["payload"] for sample in load_json("qos_samples")["samples"] if sample["hep_proto_type"] == 5]


def test_a_posted_report_of_rtcp_is_one_whatever_its_own_type_says() -> None:
    posted = [report for each in REPORTS for report in (each if isinstance(each, list) else [json.loads(each)])]
    assert {made(report).protocol_type for report in posted if "report_blocks" in report} == {5}


def test_an_event_of_janus_is_kept_whole() -> None:
    (sample,) = [s for s in load_json("qos_samples")["samples"] if s["id"] == "janus-media-report"]
    event = json.loads(sample["payload"])
    found = made(event)
    assert (found.protocol_type, found.time_us, json.loads(found.payload)) == (20, None, event)
    assert found.correlation_id == b"janus-%d" % event["session_id"]
    assert made({**event, "emitter": "gw1"}).node_name == b"gw1"


UNSTORABLE = [5, None, [], True, {"payload": "x" * (LARGEST_PAYLOAD + 1)}, {"ts": "never"}, {"type": "what"}]


@pytest.mark.parametrize("item", [*UNSTORABLE, {"source_ip": "x"}])
def test_what_cannot_be_stored_is_refused(item: Any) -> None:
    with pytest.raises(Refused):
        made(item)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
NAMES = ["callid", "type", "ts", "timestamp", "node", "payload"]
NAMES += ["source_ip", "source_port", "event", "session_id", "handle_id", "emitter"]


@given(JSON | st.dictionaries(st.sampled_from(NAMES), JSON, max_size=6))
def test_nothing_else_is_raised(item: Any) -> None:
    try:
        made(item)
    except Refused as error:
        assert str(error).endswith(".")
