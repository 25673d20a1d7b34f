"""Recorded HEP, over UDP and over TCP cut at every octet, against what its sources say of it.

`derived/hep_fixtures.json` are datagrams with stated values, negatives among them; `derived/hep_streams/*.hep` were
encoded by another program from `derived/hepgen/*.json`, whose values are those to find. All of it is years old, so it
is filed under the time of receipt and marked `clock`; its own time is kept.
"""

import re
import socket
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any, NamedTuple

import pytest

from appliance.ingest.receiver import LONGEST_GATHER_SECONDS
from appliance.model.kinds import CALL_METHODS, Kind
from appliance.model.octets import octets
from appliance.model.rows import MessageRow
from tests.appliance import Appliance, eventually, running
from tests.captures import hep_stream, load_json
from tests.recorded.instance import Store

pytestmark = [pytest.mark.appliance, pytest.mark.timeout(600)]

FIXTURES = {fixture["id"]: fixture for fixture in load_json("hep_fixtures")}
REJECTED = {
    "negative-wrong-magic": "not-hep",
    "negative-truncated-by-1": "truncated",
    "negative-heplify-short-HEP2": "not-hep",
}
GOOD = sorted(FIXTURES.keys() - REJECTED.keys())
NO_STREAM = {
    "heplify-server-hep1-sip-200-options": "HEP 1 has no length by which a stream could be cut",
    "sip3-hep2-sip": "neither has HEP 2",
}
STREAMS = {stated["file"]: stated for stated in load_json("hep_streams/index")["files"]}
HUGE = "b2bcall_rtcp_huge.hep"
CALLID = re.compile(rb"Call-ID: (\S+)")
SMALL = 5_000
"""Octets."""
STREAMS_BEGAN_US = 1_700_000_000_000_000
PROTO = {17: "udp", 6: "tcp"}
KINDS = {5: Kind.RTCP, 34: Kind.REPORT, 35: Kind.REPORT, 54: Kind.ISUP, 100: Kind.LOG}


class Told(NamedTuple):
    """What an agent told of a packet."""

    protocol_type: int
    proto: str
    source: str
    destination: str
    time_us: int | None
    """None when it told none."""
    node: str
    correlation_id: str
    kind: Kind
    payload: bytes


def of_fixture(fixture: dict[str, Any]) -> Told:
    stated = fixture["collector_decode"] | fixture["expected"]
    seconds, micros = (stated.get(f"ts_{unit}", stated.get(f"ts_{unit}_le")) for unit in ("sec", "usec"))
    capture_id = stated.get("capture_id", stated.get("capture_id_le"))
    payload = stated["payload"].encode()
    return Told(
        stated.get("proto_type", 1),
        PROTO[stated["ip_proto"]],
        f"{stated['src_ip']}:{stated['src_port']}",
        f"{stated['dst_ip']}:{stated['dst_port']}",
        None if seconds is None else seconds * 1_000_000 + micros,
        stated.get("node_name") or ("127.0.0.1" if capture_id is None else str(capture_id)),
        stated.get("correlation_id", ""),
        kind_of(stated.get("proto_type", 1), payload),
        payload,
    )


def of_stream(name: str) -> list[Told]:
    """The packets that the scenario of a stream tells of, in its order."""
    scenario = load_json(f"hepgen/{name.removesuffix('.hep')}")["messages"]
    return [of_scenario(message) for message in scenario if message["rcinfo"]["type"] == "HEP"]


def of_scenario(message: dict[str, Any]) -> Told:
    told, payload = message["rcinfo"], message["payload"].encode()
    return Told(
        told["proto_type"],
        PROTO[told["protocol"]],
        f"{told['srcIp']}:{told['srcPort']}",
        f"{told['dstIp']}:{told['dstPort']}",
        STREAMS_BEGAN_US + message["offset_ms"] * 1000,
        str(told["captureId"]),
        told.get("correlation_id") or "",
        kind_of(told["proto_type"], payload),
        payload,
    )


def kind_of(protocol_type: int, payload: bytes) -> Kind:
    """SIP by the method in its CSeq line."""
    if protocol_type != 1:
        return KINDS[protocol_type]
    lines = payload.split(b"\r\n\r\n")[0].splitlines()
    methods = [line.split()[-1] for line in lines if line.lower().startswith(b"cseq:")]
    if methods and methods[0] in CALL_METHODS:
        return Kind.CALL
    return Kind.REGISTRATION if methods == [b"REGISTER"] else Kind.REST


def told_by(row: MessageRow) -> Told:
    """What is stored; a time of receipt that stands for none is told as None."""
    return Told(
        row.protocol_type,
        row.proto,
        f"{row.source_ip}:{row.source_port}",
        f"{row.destination_ip}:{row.destination_port}",
        row.ts if "clock" in row.problems else None,
        row.node,
        row.correlation_id,
        row.kind,
        row.raw or b"",
    )


@pytest.fixture(scope="module")
def running_store() -> Iterator[Store]:
    with running() as appliance:
        yield Store(appliance)


@pytest.fixture
def store(running_store: Store) -> Store:
    running_store.empty()
    return running_store


def check(store: Store, expected: Sequence[Told], times: int = 1) -> None:
    """Each of these packets is stored so many times, and nothing else is."""
    began_us = time.time_ns() // 1000 - 600_000_000
    store.wait_until_stored(len(expected) * times, 120)
    rows = store.messages()
    wanted = Counter(expected)
    assert Counter(map(told_by, rows)) == Counter({told: count * times for told, count in wanted.items()})
    for row in rows:
        assert began_us < row.filed_ts == row.arrival_ts <= time.time_ns() // 1000
        assert row.callid == row.correlation_id or row.kind.is_sip
        assert row.size == len(row.raw or b"")


def frames_of(stream: bytes) -> Iterator[bytes]:
    """Cut by the length field alone."""
    while stream:
        length = int.from_bytes(stream[4:6], "big")
        yield stream[:length]
        stream = stream[length:]


def send_slowly(appliance: Appliance, frames: Iterable[bytes], at_once: int = 50) -> None:
    """Datagrams that no receive buffer overflows with."""
    waiting = list(frames)
    while waiting:
        appliance.send(*waiting[:at_once])
        del waiting[:at_once]
        time.sleep(0.02)


def send_in_pieces(appliance: Appliance, streams: Iterable[bytes], step: int) -> None:
    """Send each stream `step` times at once, each time cut at other octets, so that each octet is cut at once.

    A piece follows the one before it when the receiver has read that.
    """
    with ExitStack() as open_streams:
        waiting = []
        for stream in streams:
            for first in range(1, step + 1):
                connection = socket.create_connection(("127.0.0.1", appliance.hep_port))
                open_streams.enter_context(connection)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                waiting.append((connection, pieces(stream, first, step)))
        while waiting:
            waiting = [(connection, rest) for connection, rest in waiting if send_next(connection, rest)]
            time.sleep(LONGEST_GATHER_SECONDS * 1.2)


def pieces(stream: bytes, first: int, step: int) -> Iterator[bytes]:
    yield stream[:first]
    for start in range(first, len(stream), step):
        yield stream[start : start + step]


def send_next(connection: socket.socket, rest: Iterator[bytes]) -> bool:
    piece = next(rest, None)
    if piece is not None:
        connection.sendall(piece)
    return piece is not None


def dropped(appliance: Appliance) -> dict[str, int]:
    """Packets that were not stored, by reason."""
    name = "hep_dropped_total "
    return {key.removeprefix(name): n for key, n in appliance.status()["counters"].items() if key.startswith(name)}


def test_recorded_datagrams_are_stored_as_their_sources_tell_them(store: Store) -> None:
    store.appliance.send(*(bytes.fromhex(FIXTURES[name]["hex"]) for name in GOOD))
    check(store, [of_fixture(FIXTURES[name]) for name in GOOD])


def test_recorded_datagrams_are_the_same_over_a_stream_cut_at_every_octet(store: Store) -> None:
    names = [name for name in GOOD if name not in NO_STREAM]
    stream = b"".join(bytes.fromhex(FIXTURES[name]["hex"]) for name in names)
    send_in_pieces(store.appliance, [stream], step=16)
    check(store, [of_fixture(FIXTURES[name]) for name in names], times=16)


def test_negatives_are_counted_by_reason_and_nothing_of_them_is_stored(store: Store) -> None:
    before = dropped(store.appliance)
    store.appliance.send(*(bytes.fromhex(FIXTURES[name]["hex"]) for name in REJECTED))
    for name in [*REJECTED, *NO_STREAM]:
        with socket.create_connection(("127.0.0.1", store.appliance.hep_port)) as stream:
            stream.sendall(bytes.fromhex(FIXTURES[name]["hex"]))
            stream.shutdown(socket.SHUT_WR)
            assert stream.recv(10) == b"", "the stream is closed"
    wanted = Counter(
        {"hep-not-hep": 2, "hep-truncated": 1, "hep-stream-not-hep": 2 + len(NO_STREAM), "hep-stream-truncated": 1}
    )
    eventually(lambda: Counter(dropped(store.appliance)) - Counter(before) == wanted)
    assert store.messages() == []


@pytest.mark.parametrize("name", STREAMS)
def test_a_recorded_scenario_is_stored_as_it_was_written(store: Store, name: str) -> None:
    send_slowly(store.appliance, frames_of(hep_stream(name)))
    check(store, of_stream(name))


def test_the_scenarios_are_those_that_were_recorded() -> None:
    for name, stated in STREAMS.items():
        told = of_stream(name)
        assert len(told) == stated["datagrams"]
        assert Counter(str(one.protocol_type) for one in told) == stated["by_proto_type"]
        assert {one.correlation_id for one in told} - {""} == set(stated["correlation_ids"])


def test_small_recorded_streams_are_stored_however_they_are_cut(store: Store) -> None:
    names = [name for name, stated in STREAMS.items() if stated["bytes"] < SMALL]
    send_in_pieces(store.appliance, map(hep_stream, names), step=16)
    check(store, [told for name in names for told in of_stream(name)], times=16)


def test_large_recorded_streams_are_stored_however_they_are_cut(store: Store) -> None:
    names = [name for name, stated in STREAMS.items() if stated["bytes"] >= SMALL and name != HUGE]
    send_in_pieces(store.appliance, map(hep_stream, names), step=128)
    check(store, [told for name in names for told in of_stream(name)], times=128)


def test_the_largest_recorded_stream_is_stored_however_it_is_cut(store: Store) -> None:
    """At each thousandth octet or so; at the others its frames are like those of the streams above."""
    with socket.create_connection(("127.0.0.1", store.appliance.hep_port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces(hep_stream(HUGE), 1, 1009):
            connection.sendall(piece)
            time.sleep(LONGEST_GATHER_SECONDS)
    check(store, of_stream(HUGE))


def test_what_is_found_by_correlation_id_is_the_call_with_its_logs_and_reports(store: Store) -> None:
    """Of a recorded B2BUA scenario, by the command."""
    store.appliance.send(*frames_of(hep_stream("b2bcall_rtcp.hep")))
    told = of_stream("b2bcall_rtcp.hep")
    store.wait_until_stored(len(told))
    callid = STREAMS["b2bcall_rtcp.hep"]["correlation_ids"][0]
    found = store.call(octets(callid))
    of_call = [one for one in told if one.protocol_type != 1 or b"Call-ID: " + octets(callid) + b"\r\n" in one.payload]
    assert Counter(map(told_by, found.messages)) == Counter(of_call)


@pytest.mark.parametrize("name", [name for name in STREAMS if name.startswith("b2bcall") and name != HUGE])
def test_the_legs_of_a_recorded_b2bua_are_one_call(store: Store, name: str) -> None:
    """By the suffix of the second leg's Call-ID, and the correlation id that its agent gave."""
    told = of_stream(name)
    invites = [one.payload for one in told if one.payload.startswith(b"INVITE ")]
    invited = {callid for payload in invites for callid in CALLID.findall(payload)}
    send_slowly(store.appliance, frames_of(hep_stream(name)))
    store.wait_until_stored(len(told))
    rows = store.appliance.search(since="-30d")
    assert [row["legs"] for row in rows] == ([len(invited)] if invited else [])
