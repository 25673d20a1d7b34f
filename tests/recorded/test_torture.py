"""The torture messages of RFC 4475 and RFC 5118, sent by an agent: all are stored, and all are found again."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from appliance.hep.encode import encode
from appliance.model.octets import octets
from appliance.model.packet import Packet
from appliance.model.rows import MessageRow
from appliance.query.fields import FIELDS
from appliance.query.printed import printed_value
from appliance.query.tree import Exact
from tests.appliance import running
from tests.recorded.instance import Store
from tests.torture import INVALID, RFC_4475, RFC_5118, octets_of

pytestmark = [pytest.mark.appliance, pytest.mark.timeout(600)]

NAMES = [*RFC_4475, *RFC_5118]
FIRST_PORT = 10_000
"""The message at a place in NAMES comes from this port and so many more."""
WITHOUT_CALLID = "insuf"


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with running() as appliance:
        now_us = time.time_ns() // 1000
        appliance.send(*(encode(told(place, now_us + place)) for place in range(len(NAMES))))
        store = Store(appliance)
        store.wait_until_stored(len(NAMES))
        yield store


def told(place: int, time_us: int) -> Packet:
    return Packet(
        hep_version=3,
        protocol_type=1,
        ip_protocol=17,
        source_ip="192.0.2.1",
        source_port=FIRST_PORT + place,
        destination_ip="2001:db8::1",
        destination_port=5060,
        time_us=time_us,
        capture_id=None,
        node_name=b"torture",
        correlation_id=b"",
        payload=octets_of(NAMES[place]),
    )


def name_of(row: MessageRow) -> str:
    return NAMES[row.source_port - FIRST_PORT]


def callid_of(name: str) -> bytes:
    """By an eye of its own: the first header that is Call-ID or i."""
    headers = octets_of(name).split(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    values = [value.strip() for key, _, value in (line.partition(b":") for line in headers)
              if key.strip().lower() in (b"call-id", b"i")]  # fmt: skip
    return values[0] if values else b""


def test_every_message_is_stored_octet_for_octet(store: Store) -> None:
    rows = store.messages()
    assert [name_of(row) for row in rows] == NAMES
    assert {name_of(row): row.raw for row in rows} == {name: octets_of(name) for name in NAMES}
    assert {(row.destination_ip, row.proto, row.node) for row in rows} == {("2001:db8::1", "udp", "torture")}


@pytest.mark.parametrize("name", NAMES)
def test_each_message_is_found_by_its_call_id(store: Store, name: str) -> None:
    callid = callid_of(name)
    assert (callid == b"") == (name == WITHOUT_CALLID)
    shown = {name_of(row): row.raw for row in store.call(callid).messages}
    assert shown[name] == octets_of(name)
    if callid:
        found = {
            name_of(row): row.raw
            for row in store.messages(f"callid:{printed_value(FIELDS['callid'], Exact(callid.decode()))}")
        }
        assert found[name] == octets_of(name)
        assert {callid_of(other) for other in found} == {callid}


def test_malformed_messages_are_marked_and_found_by_that(store: Store) -> None:
    found = {name_of(row): row.problems for row in store.messages("problems:*")}
    assert found == INVALID
    for word in {word for words in INVALID.values() for word in words}:
        marked = {name_of(row) for row in store.messages(f"problems:{word}")}
        assert marked == {name for name, words in INVALID.items() if word in words}


def test_the_commands_find_them(store: Store) -> None:
    rows = store.appliance.search("problems:*", "messages", since="-1h")
    assert {NAMES[row["source_port"] - FIRST_PORT]: tuple(row["problems"]) for row in rows} == INVALID
    (row,) = store.appliance.search("problems:no-callid", "messages", since="-1h")
    assert (row["callid"], NAMES[row["source_port"] - FIRST_PORT]) == (None, WITHOUT_CALLID)
    whole: dict[str, Any] = json.loads(store.appliance.run("call", callid_of("wsinv").decode(), "--format", "json"))
    assert [octets(message["raw"]) for message in whole["messages"]] == [octets_of("wsinv")]
