"""`hepbox import` and `hepbox replay` into a running instance: what they store is what tshark finds in the captures."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.capture.packets import packets
from appliance.capture.read import captured_from
from appliance.capture.tally import Tally
from appliance.cli.importing import EARLIEST_US, OUT_OF_TIME, in_time
from appliance.hep.decode import decode
from appliance.model.kinds import DAY_US
from appliance.model.packet import Packet
from tests.appliance import Appliance, eventually, running
from tests.capture.made import BYE, ethernet, interface, ipv4, opened, packet, pcap, section, udp
from tests.capture.test_read import RTCP_MORE
from tests.captures import CAPTURES, load_json
from tests.tshark_dialogs import FUZZED, dialogs_expected, dialogs_read

NAMES = sorted(load_json("tshark_dialogs")["files"])
SAME_CALLS_AGAIN = {
    "MichalCab-ISA/sip.pcap.pcapng": "sip.pcap in another format",
    "OISF-suricata-verify/tests/sip-method/sip.pcap": "aaa.pcap to the octet",
    "ntop-nDPI/tests/cfgs/default/pcap/sip.pcap": "the SIP of aaa.pcap",
    "zeek-zeek/testing/btest/Traces/sip/wireshark.pcap": "the SIP of aaa.pcap",
    "OISF-suricata-verify/tests/sip-compact-form/sip_compact_form.pcap": "one message of aaa.pcap",
    "OISF-suricata-verify/tests/sip-pattern-matching/sip.pcap": "two messages of aaa.pcap",
    "OISF-suricata-verify/tests/sip-sdp/sdp.pcap": "two messages of aaa.pcap",
    "seladb-PcapPlusPlus/Tests/Packet++Test/PacketExamples/sip_reqs.pcap": "messages of DTMFsipinfo.pcap and others",
    "seladb-PcapPlusPlus/Tests/Packet++Test/PacketExamples/sip_resp.pcap": "messages of SIP_CALL_RTP_G711 and others",
    FUZZED: "aaa.pcap, damaged: its times are those of the test of import",
}
"""Captures that would put the same Call-IDs into one instance at other times; all of them are imported below."""

Stored = tuple[str, int, str, str, str, int | None, str]


@pytest.fixture(scope="module")
def appliance() -> Iterator[Appliance]:
    with running() as instance:
        yield instance


def everything(appliance: Appliance) -> list[dict[str, Any]]:
    """All messages that are stored, of whatever day."""
    between = ["--from", "1990-01-01", "--to", "2100-01-01", "--limit", "100000"]
    answer = appliance.run("search", "", "--view", "messages", *between, "--format", "json")
    rows: list[dict[str, Any]] = json.loads(answer)["rows"]
    return rows


def expected(name: str) -> Counter[Stored]:
    """The messages that tshark finds in a capture, in the words of a message row."""
    found: Counter[Stored] = Counter()
    for callid, dialog in dialogs_expected(name).items():
        for seen in dialog:
            number, _, method = seen.cseq.partition(" ")
            where = seen.time_us, seen.source, seen.destination
            known = "" if callid == "(none)" else callid
            found[(known, *where, seen.what, int(number) if number else None, method)] += 1
    return found


def stored(row: dict[str, Any]) -> Stored:
    where = row["ts"], f"{row['source_ip']}:{row['source_port']}", f"{row['destination_ip']}:{row['destination_port']}"
    return (row["callid"] or "", *where, row["method"], row["cseq"], row["cseq_method"] or "")


@pytest.mark.appliance
def test_imported_captures_are_stored_message_by_message_at_their_own_times(appliance: Appliance) -> None:
    """All captures in one instance: the times tell them apart, and what is in two of them is stored twice."""
    wanted = sum((expected(name) for name in NAMES if name != FUZZED), Counter())
    damaged = Counter((s.time_us, s.source, s.destination) for all_ in dialogs_read(FUZZED).values() for s in all_)
    total = wanted.total() + damaged.total()
    rtcp = sum(len(load_json("tshark_rtcp")["files"].get(name, ())) for name in NAMES)
    rtcp += sum(len(frames) for frames in RTCP_MORE.values())
    answer = appliance.run("import", *(str(CAPTURES / name) for name in NAMES))
    assert answer == f"imported {total + rtcp}\n"

    def sip() -> list[dict[str, Any]]:
        return [row for row in everything(appliance) if row["kind"] in ("call", "registration", "rest")]

    rows = eventually(lambda: len(found := sip()) == total and found, 60, every=1)
    found = Counter(stored(row) for row in rows)
    assert not wanted - found
    others = Counter[tuple[int, str, str]]()
    for (_, *where, _, _, _), number in (found - wanted).items():
        others[tuple(where)] += number
    assert others == damaged
    assert {row["node"] for row in rows} == {"import"}


@pytest.mark.appliance
@pytest.mark.timeout(900)
def test_replayed_captures_keep_order_and_distances(replayed: Appliance) -> None:
    names = [name for name in NAMES if name not in SAME_CALLS_AGAIN]
    wanted = {name: expected(name) for name in names}
    for name in names:
        assert replayed.run("replay", "--now", "--speed", "max", str(CAPTURES / name)).startswith("sent ")
    total = sum(one.total() for one in wanted.values())

    def sip() -> list[dict[str, Any]]:
        return [row for row in everything(replayed) if row["kind"] in ("call", "registration", "rest")]

    rows = eventually(lambda: len(found := sip()) == total and found, 60, every=1)
    of_call: dict[str, list[Stored]] = {}
    for row in rows:
        of_call.setdefault(row["callid"] or "", []).append(stored(row))
    for name in names:
        for callid in {one[0] for one in wanted[name]} - {""}:
            ours = sorted((one[1], *one[2:]) for one in of_call[callid])
            theirs = sorted((one[1], *one[2:]) for one in wanted[name].elements() if one[0] == callid)
            assert [(at - ours[0][0], *rest) for at, *rest in ours] == [
                (at - theirs[0][0], *rest) for at, *rest in theirs
            ]


@pytest.fixture(scope="module")
def replayed() -> Iterator[Appliance]:
    with running() as instance:
        yield instance


def import_(*files: Path, data_dir: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "appliance", "import", "--data-dir", str(data_dir), *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_without_a_running_instance_that_is_said(tmp_path: Path) -> None:
    done = import_(CAPTURES / NAMES[0], data_dir=tmp_path)
    assert done.returncode == 1
    assert "is `hepbox run` running with these settings?" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_that_is_no_capture_stops_all_before_anything_is_stored(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("no capture")
    done = import_(CAPTURES / NAMES[0], notes, data_dir=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"hepbox: {notes} is not a capture (pcap or pcapng): it begins with the octets 6e 6f 20 63\n"


def test_a_capture_of_too_many_days_is_refused_with_the_remedy(tmp_path: Path) -> None:
    file = tmp_path / "years.pcap"
    file.write_bytes(pcap(*[ethernet(ipv4(udp(BYE)))] * 101, apart_us=DAY_US))
    done = import_(file, data_dir=tmp_path)
    assert done.returncode == 2
    assert "holds packets of 101 days, from 2023-11-14 to 2024-02-22" in done.stderr
    assert "editcap" in done.stderr


def test_times_that_cannot_be_kept_are_left_out_and_counted() -> None:
    frame = ethernet(ipv4(udp(BYE)))
    late_us = 1_000_000_000
    tally = Tally()
    packets = read_packets(
        section() + interface() + b"".join(packet(frame, at) for at in (1, EARLIEST_US, late_us * 999, 0))
    )
    kept = list(in_time(packets, EARLIEST_US + 5, tally))
    assert [one.time_us for one in kept] == [EARLIEST_US]
    assert tally.skipped == {OUT_OF_TIME: 3}


def read_packets(data: bytes) -> Iterator[Packet]:
    return packets(captured_from(opened(data)), decode, b"import")
