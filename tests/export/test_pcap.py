from dataclasses import replace
from pathlib import Path

import dpkt
import pytest

from appliance.capture.classify import is_rtcp
from appliance.capture.read import captured
from appliance.export.pcap import TAKEN_PORTS, addresses, hidden_ports, is_packet, pcap, records
from appliance.model.kinds import Kind
from appliance.model.rows import MessageRow
from tests.calls.made import flow
from tests.calls.recorded import recorded
from tests.captures import load_json
from tests.export.sharks import frames

CAPTURED = sorted(load_json("tshark_dialogs")["files"])
FUZZED = "ntop-nDPI/tests/cfgs/default/pcap/fuzz-2006-06-26-2594.pcap"
MALFORMED_AS_RECORDED = {
    FUZZED,
    "seladb-PcapPlusPlus/Tests/Packet++Test/PacketExamples/sip_reqs.pcap",
    "superfast1979-pcap2sipp/tests/example.pcap",
}
pytestmark = pytest.mark.agents


def written(path: Path, rows: list[MessageRow] | tuple[MessageRow, ...]) -> Path:
    file = path / "call.pcap"
    file.write_bytes(pcap(rows))
    return file


def sip(text: str, length: int | None = None) -> bytes:
    """A whole OPTIONS with a body of `text`."""
    head = (
        "OPTIONS sip:b@10.0.0.2 SIP/2.0\r\nVia: SIP/2.0/TCP 10.0.0.1;branch=z9hG4bKx\r\n"
        "From: <sip:a@10.0.0.1>;tag=1\r\nTo: <sip:b@10.0.0.2>\r\nCall-ID: one@made\r\nCSeq: 1 OPTIONS\r\n"
        f"Max-Forwards: 70\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\n\r\n"
    )
    return (head + text).encode()


def row(payload: bytes, **changes: object) -> MessageRow:
    return replace(flow("0 A>B OPTIONS")[0], raw=payload, **changes)  # type: ignore[arg-type]


def test_tshark_reads_the_same_messages_of_every_capture_at_the_same_times(tmp_path: Path) -> None:
    rows = [row for name in CAPTURED for row in recorded(name) if name != FUZZED]
    found = frames(written(tmp_path, rows))
    assert [frame.time for frame in found] == [f"{row.ts // 10**6}.{row.ts % 10**6:06}000" for row in rows]
    assert [(frame.callid, frame.what) for frame in found if frame.what] == [(row.callid, row.method) for row in rows]


def test_tshark_finds_no_fault_that_was_not_recorded(tmp_path: Path) -> None:
    rows = [(name, row) for name in CAPTURED for row in recorded(name)]
    found = frames(written(tmp_path, [row for _, row in rows]))
    faulty = {(name, frame.fault) for (name, _), frame in zip(rows, found, strict=True) if frame.fault}
    assert faulty == {(name, "_ws.malformed") for name in MALFORMED_AS_RECORDED}


@pytest.mark.parametrize("name", CAPTURED)
def test_our_own_reader_gets_every_octet_back(name: str, tmp_path: Path) -> None:
    rows = recorded(name)
    found = list(captured(written(tmp_path, rows)))
    assert [(p.time_us, p.payload, p.source_ip, p.destination_port) for p in found] == [
        (r.ts, r.raw, r.source_ip, r.destination_port) for r in rows
    ]


def test_a_message_longer_than_a_packet_is_split_over_segments(tmp_path: Path) -> None:
    payload = sip("x" * 200_000)
    file = written(tmp_path, [row(payload, proto="tcp"), row(sip("after"), proto="tcp", id="2")])
    found = frames(file)
    assert [frame.what for frame in found] == ["", "", "", "OPTIONS", "OPTIONS"]
    assert not any(frame.fault for frame in found)
    assert [packet.payload for packet in captured(file)] == [payload, sip("after")]


def test_the_largest_datagram_stays_one_and_what_is_larger_goes_as_tcp(tmp_path: Path) -> None:
    rest = 65_507 - len(sip("x" * 65_000)) + 65_000
    found = frames(written(tmp_path, [row(sip("x" * rest)), row(sip("x" * (rest + 1)), id="2")]))
    assert [(frame.transport, frame.what, frame.fault) for frame in found] == [
        ("17", "OPTIONS", ""), ("6", "", ""), ("6", "OPTIONS", ""),
    ]  # fmt: skip


def test_ipv6_and_mixed_families_are_written(tmp_path: Path) -> None:
    six = {"source_ip": "2001:db8::1", "destination_ip": "2001:db8::2"}
    rows = [row(sip("a"), **six), row(sip("b"), destination_ip="2001:db8::2"), row(sip("c"), **six, proto="tcp")]
    file = written(tmp_path, rows)
    assert [(f.transport, f.what, f.fault) for f in frames(file)] == [
        ("17", "OPTIONS", ""), ("17", "OPTIONS", ""), ("6", "OPTIONS", ""),
    ]  # fmt: skip
    assert [packet.source_ip for packet in captured(file)] == ["2001:db8::1", "10.0.0.1", "2001:db8::1"]


def test_sctp_is_written_as_sctp(tmp_path: Path) -> None:
    rows = [row(sip("a"), proto="sctp"), row(sip("b" * 70_000), proto="sctp", id="2")]
    found = frames(written(tmp_path, rows))
    assert [(frame.transport, frame.what, frame.fault) for frame in found] == [
        ("132", "OPTIONS", ""), ("132", "", ""), ("132", "OPTIONS", ""),
    ]  # fmt: skip


def test_what_was_encrypted_or_framed_is_written_as_tcp_with_the_message_itself(tmp_path: Path) -> None:
    ports = {"source_port": 40000, "destination_port": 5061}
    rows = [row(sip(proto), proto=proto, id=proto, **ports) for proto in ("tls", "ws", "wss")]
    assert [(frame.transport, frame.what, frame.fault) for frame in frames(written(tmp_path, rows))] == [
        ("6", "OPTIONS", "")
    ] * 3


def test_wireshark_is_told_of_ports_that_it_takes_for_something_else(tmp_path: Path) -> None:
    ports = sorted(TAKEN_PORTS)
    rows = [row(sip(f"{port}"), proto="ws", id=f"{port}", source_port=40000, destination_port=port) for port in ports]
    rows.append(row(sip("known"), proto="wss", destination_port=443))
    assert hidden_ports(rows) == ports
    file = written(tmp_path, rows)
    hidden = [one.destination_port for one, frame in zip(rows, frames(file), strict=True) if not frame.what]
    assert {80, 8080, 8088} <= set(hidden) <= TAKEN_PORTS
    told = [word for port in hidden_ports(rows) for word in ("-d", f"tcp.port=={port},sip")]
    assert {frame.what for frame in frames(file, *told)} == {"OPTIONS"}


def test_rtcp_is_there_as_it_was_and_reports_about_it_are_not(tmp_path: Path) -> None:
    reports = [one for one in load_json("rtcp_binary_fixtures") if is_rtcp(bytes.fromhex(one["hex"]))]
    assert len(reports) > 3
    rtcp = [
        row(bytes.fromhex(one["hex"]), kind=Kind.RTCP, id=f"r{n}", source_port=5001, destination_port=4001)
        for n, one in enumerate(reports)
    ]
    told = [row(b'{"type": 200}', kind=kind, id=kind.value) for kind in (Kind.RTCP, Kind.REPORT, Kind.LOG, Kind.ISUP)]
    file = written(tmp_path, [row(sip("a")), *told, *rtcp])
    assert [packet.payload for packet in captured(file)] == [sip("a"), *(one.raw for one in rtcp)]
    assert [is_packet(one) for one in (*told, *rtcp)] == [False] * 4 + [True] * len(rtcp)
    found = frames(file, "-d", "udp.port==5001,rtcp")
    assert {frame.protocol for frame in found[1:]} == {"RTCP"}


def test_the_pieces_of_a_file_are_the_file() -> None:
    rows = [row(sip("a")), row(sip("b" * 200_000), id="2")]
    assert b"".join(records(rows)) == pcap(rows)


def test_both_directions_of_a_connection_fit_together() -> None:
    ask = row(b"x" * 100, proto="tcp")
    answer = replace(ask, source_ip=ask.destination_ip, destination_ip=ask.source_ip, raw=b"y" * 50)
    segments = [dpkt.ip.IP(packet).data for _, packet in _records(pcap([ask, answer, ask]))]
    assert [(segment.seq, segment.ack) for segment in segments] == [(1, 1), (1, 101), (101, 51)]


def test_any_octets_and_addresses_are_taken() -> None:
    odd = [
        row(b""),
        row(b"\0\xff" * 40, source_ip="", destination_ip="nonsense"),
        row(b"x", source_port=-1, destination_port=99_999),
        row(b"x", ts=-5, filed_ts=7),
        row(b"x", ts=10**18, filed_ts=10**18),
    ]
    records = _records(pcap([*odd, replace(odd[0], raw=None)]))
    assert [time for time, _ in records][3] == 7
    assert len(records) == 5


def test_addresses_come_in_one_family() -> None:
    assert [str(address) for address in addresses("10.0.0.1", "x")] == ["10.0.0.1", "0.0.0.0"]
    assert [address.version for address in addresses("10.0.0.1", "::1")] == [6, 6]


def _records(file: bytes) -> list[tuple[int, bytes]]:
    """Time in microseconds and octets of every packet."""
    found, at = [], 24
    while at < len(file):
        seconds, rest, length, _ = (int.from_bytes(file[at + n : at + n + 4], "little") for n in (0, 4, 8, 12))
        found.append((seconds * 10**6 + rest, file[at + 16 : at + 16 + length]))
        at += 16 + length
    return found
