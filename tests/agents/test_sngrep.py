"""sngrep reads recorded captures and sends them as HEP: the same messages as our own reader finds there."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from appliance.capture.classify import SIP
from appliance.capture.packets import packets
from appliance.capture.read import captured
from appliance.hep.decode import decode
from appliance.model.packet import Packet
from tests.agents.hep_socket import HepSocket, hep_socket
from tests.appliance import eventually
from tests.captures import CAPTURES, load_json

pytestmark = pytest.mark.agents

NOT_BY_SNGREP = {
    "NormB-sipnab/tests/fixtures/udp_5060.pcap": "it wants a Call-ID",
    "NormB-sipnab/tests/pcap-samples/DTMFsipinfo.pcap": "it does not open PPPoE",
    "ntop-nDPI/tests/cfgs/default/pcap/gre.pcapng": "it does not open GRE",
    "ntop-nDPI/tests/cfgs/default/pcap/fuzz-2006-06-26-2594.pcap": "it wants a well-formed first line and Call-ID",
    "seladb-PcapPlusPlus/Tests/Packet++Test/PacketExamples/sip_reqs.pcap": "PPPoE, and ports that it does not expect",
    "seladb-PcapPlusPlus/Tests/Packet++Test/PacketExamples/sip_resp.pcap": "it wants a dialog's request first",
    "sipcapture-heplify/src/decoder/testdata/ipip0.pcap": "it leaves out one message of an unknown dialog",
}
"""Captures of which sngrep reads less."""

FIRST_FRAME_TIME = {
    "OISF-suricata-verify/tests/sip-tcp-method/sip-tcp.pcap": "a message has the time of its first segment",
    "irontec-sngrep/tests/ipv6frag.pcap": "the same for fragments; and it leaves NULs behind a reassembled payload",
}


@dataclass(frozen=True)
class Told:
    """What both say of a message."""

    time_us: int | None
    source: tuple[str, int]
    destination: tuple[str, int]
    ip_protocol: int
    payload: bytes


def told(packet: Packet, timed: bool) -> Told:
    return Told(
        packet.time_us if timed else None,
        (packet.source_ip, packet.source_port),
        (packet.destination_ip, packet.destination_port),
        packet.ip_protocol,
        packet.payload.rstrip(b"\0") if not timed else packet.payload,
    )


def sent_by_sngrep(file: Path, to: HepSocket, expected: int) -> list[Packet]:
    command = ["sngrep", "-F", "-N", "-q", "-H", f"udp:127.0.0.1:{to.port}", "-I", str(file)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    eventually(lambda: len(to.datagrams) >= expected)
    return to.packets()


@pytest.mark.parametrize("name", sorted(load_json("tshark_dialogs")["files"].keys() - NOT_BY_SNGREP.keys()))
def test_sngrep_and_our_reader_find_the_same_messages(name: str) -> None:
    file, timed = CAPTURES / name, name not in FIRST_FRAME_TIME
    expected = [told(p, timed) for p in packets(captured(file), decode, b"") if p.protocol_type == SIP]
    with hep_socket() as socket:
        found = [told(p, timed) for p in sent_by_sngrep(file, socket, len(expected))]
    assert found == expected
    assert expected
