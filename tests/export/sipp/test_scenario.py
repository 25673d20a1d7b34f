"""Scenarios of captured calls, run by SIPp against each other: what they exchange is what was captured."""

import random
import re
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from appliance.calls.labels import has_sdp
from appliance.capture import demo
from appliance.capture.read import Captured
from appliance.export.prepared import in_order
from appliance.export.sipp.scenario import LONGEST, MOST_STEPS, scenario
from appliance.export.sipp.side import Side
from appliance.export.sipp.steps import NoScenario, flow
from appliance.model.rows import MessageRow
from appliance.sip.headers import body
from appliance.sip.parse import parse
from tests.agents.kamailio import ADDRESS, kamailio
from tests.agents.sipp import CALLED, Logged
from tests.agents.sipp_pair import hurried, talk
from tests.appliance import free_port
from tests.calls.recorded import by_callid, recorded, row
from tests.export.sipp.made import ALICE, BOB, START_US, answered, call, reply, request

SNGREP, SIPNAB = "irontec-sngrep/tests", "NormB-sipnab/tests/pcap-samples"
RECORDED = {
    "answered": (f"{SIPNAB}/sip-sdp-example.pcap", "1450530377152201062221"),
    "busy, without a BYE": ("rickwporter-rtp-pcap/examples/SIP_DTMF2.pcap", "5514@192.168.105.110"),
    "challenged": (f"{SNGREP}/aaa.pcap", "11894297-4432a9f8@192.168.1.2"),
    "challenged, wrong password": (f"{SNGREP}/aaa.pcap", "24487391-449bf2a0@192.168.1.2"),
    "challenged, re-INVITE of the callee": (f"{SIPNAB}/b2bua-asterisk.pcapng", "M2Q0ZDc1ZGM1NzIyMTlh"),
    "cancelled": (f"{SNGREP}/aaa.pcap", "105090259-446faf7a@192.168.1.2"),
    "re-INVITEs of both, 488, OPTIONS within": (
        "ntop-nDPI/tests/cfgs/default/pcap/FAX-Call-t38-CA-TDM-SIP-FB-1.pcap", "SD4909701-9ff11bf72e",
    ),
    "CANCEL too late, INFO": (f"{SIPNAB}/DTMFsipinfo.pcap", "2091060b-146f-e011"),
    "PRACK": ("superfast1979-pcap2sipp/tests/example.pcap", "000d3beb000d3bd-0"),
    "PRACK, UPDATE, 183, over a proxy, IPv6": (f"{SNGREP}/ipv6frag.pcap", "71846-1647924829"),
    "over TCP": (f"{SIPNAB}/sip-over-tcp.pcap", "158936656982201062716"),
    "over a proxy": (f"{SIPNAB}/sip-proxy.pcap", "75104938772201062721"),
}  # fmt: skip
MADE = ("answered", "challenged", "two_legs", "held", "refused", "unanswered", "cancelled", "forked")
NOT_SAID = re.compile(rb"\[[a-z$_]+|\\x")


def of_capture(name: str, callid: str) -> list[MessageRow]:
    found = by_callid(recorded(name))
    return list(in_order(next(rows for known, rows in found.items() if known.startswith(callid))))


def of_demo(name: str) -> list[MessageRow]:
    packets = getattr(demo, name)(random.Random(5), 1.0)
    sip = [packet for packet in packets if packet.protocol_type == 1]
    first = parse(sip[0].payload).callid
    rows = [
        row(
            Captured(number, START_US + (p.time_us or 0), p.source_ip, p.source_port, p.destination_ip,
                     p.destination_port, p.ip_protocol, 1, p.payload),
            number,
            p.node_name.decode(),
        )
        for number, p in enumerate(sip)
        if parse(p.payload).callid == first
    ]  # fmt: skip
    return list(in_order(rows))


def captured_flow(rows: Iterable[MessageRow]) -> list[str]:
    return [
        ("> " if step.by_caller else "< ") + f"{step.row.method} {step.row.cseq_method}{' SDP' * has_sdp(step.row)}"
        for step in flow(rows).steps
    ]


def talked(log: list[Logged]) -> list[str]:
    found = []
    for one in log:
        message = parse(one.payload)
        what = (message.method or str(message.status).encode()) + b" " + message.cseq_method
        sdp = b" SDP" * (b"application/sdp" in message.content_type)
        found.append(("> " if one.sent else "< ") + (what + sdp).decode())
    return found


def pair(rows: list[MessageRow]) -> tuple[str, str]:
    return scenario(rows, Side.CALLER), scenario(rows, Side.CALLEE)


def run(directory: Path, rows: list[MessageRow], **how: object) -> list[Logged]:
    caller, callee = (hurried(one) for one in pair(rows))
    return talk(directory, caller, callee, **how)  # type: ignore[arg-type]


@pytest.mark.agents
@pytest.mark.parametrize("what", RECORDED)
def test_sipp_makes_a_captured_call_again(tmp_path: Path, what: str) -> None:
    rows = of_capture(*RECORDED[what])
    log = run(tmp_path, rows)
    assert talked(log) == captured_flow(rows)
    assert_well_formed(log)


@pytest.mark.agents
@pytest.mark.parametrize("name", MADE)
def test_sipp_makes_each_call_of_the_demo_again(tmp_path: Path, name: str) -> None:
    rows = of_demo(name)
    log = run(tmp_path, rows)
    assert talked(log) == captured_flow(rows)
    assert_well_formed(log)


@pytest.mark.agents
def test_sipp_makes_it_again_over_ipv6(tmp_path: Path) -> None:
    rows = of_capture(*RECORDED["answered"])
    log = run(tmp_path, rows, hosts=("::1", "::1"))
    assert talked(log) == captured_flow(rows)
    assert b"c=IN IP6 ::1\r\n" in body(log[0].payload)


@pytest.mark.agents
@pytest.mark.parametrize("what", ["PRACK", "cancelled", "refused"])
def test_sipp_makes_it_again_through_kamailio(tmp_path: Path, what: str) -> None:
    rows = of_demo(what) if what in MADE else of_capture(*RECORDED[what])
    proxy, called = free_port(), free_port()
    with kamailio(tmp_path, proxy, free_port(), f"sip:{CALLED}:{called}"):
        log = run(tmp_path, rows, through=f"{ADDRESS}:{proxy}", port=called)
    # kamailio answers 100 by itself
    assert talked(log) == captured_flow(rows)


def assert_well_formed(log: list[Logged]) -> None:
    """Every message is one, with a dialog of its own and no captured address that is called."""
    (callid,) = {parse(one.payload).callid for one in log}
    assert callid.endswith(b"@127.0.0.2")
    for one in log:
        message = parse(one.payload)
        assert not {"short-body", "bad-cseq", "no-via", "no-from", "no-to", "bad-header"} & set(message.problems)
        assert not NOT_SAID.search(one.payload), one.payload
        if b"c=IN" in one.payload:
            assert re.search(rb"c=IN IP4 (127\.0\.0\.[23]|0\.0\.0\.0)\r\n", one.payload)


HOSTILE = (
    "X-Keywords: [call_id] [$x] [unknown] [field0] [ [[ ]] \\x41 \\[",
    "X-Markup: ]]> <!-- --> </scenario> & &amp; <![CDATA[ \"'",
    "X-Control: a\x01b\x1b[31m\x7f caf\u00e9 \udcff end",
    "Subject: -- - --",
)


@pytest.mark.agents
def test_what_the_network_sent_reaches_the_other_side_as_it_was(tmp_path: Path) -> None:
    content = b"\x01\xff [call_id] ]]>\r\n \r\n\r\nlast"
    rows = call(
        ("A>B", request("INVITE", 1, ALICE, *HOSTILE)),
        ("B>A", reply("486 Busy ]]> [call_id] --", "1 INVITE", *HOSTILE, body=content)),
        ("A>B", request("ACK", 1, tag="bob", branch="1INVITE")),
    )
    log = run(tmp_path, rows)
    assert talked(log) == captured_flow(rows)
    for line in HOSTILE:
        octets = line.encode("utf-8", "surrogateescape")
        assert octets in log[0].payload and octets in log[1].payload
    assert log[1].payload.startswith(b"SIP/2.0 486 Busy ]]> [call_id] --\r\n")
    assert body(log[1].payload) == content


def test_a_scenario_is_xml_whatever_the_call_was() -> None:
    hostile = answered(invite=HOSTILE)
    for text in pair(call(*hostile)):
        root = ElementTree.fromstring(text)
        assert root.tag == "scenario" and text.isascii()
        assert text.count("]]>") == text.count("<![CDATA[") == len(root.findall("send"))


def test_it_says_how_to_run_it_and_what_was_changed() -> None:
    challenged = [
        ("A>B", request("INVITE", 1, ALICE)), ("A>B", request("INVITE", 1, ALICE)),
        ("B>A", reply("407 No", "1 INVITE", 'Proxy-Authenticate: Digest realm="r", nonce="n"')),
        ("A>B", request("ACK", 1, tag="bob", branch="1INVITE")),
        ("A>B", request("INVITE", 2, ALICE, 'Proxy-Authorization: Digest username="o\'neil"')),
        ("B>A", reply("200 OK", "2 INVITE", BOB)), ("A>B", request("ACK", 2, tag="bob", branch="a")),
    ]  # fmt: skip
    caller, callee = pair(call(*challenged))
    assert "  sipp -sf sipp-uac.xml -s 200 -au 'o'\"'\"'neil' -ap PASSWORD -m 1 HOST:5060\n" in caller
    assert "Left out: 1 retransmissions" in caller
    assert "  sipp -sf sipp-uas.xml -m 1\n" in callee and "[authentication]" not in callee
    assert '<recv response="407" auth="true"/>' in caller


def test_a_call_that_is_too_long_for_sipp_is_refused_in_a_sentence() -> None:
    rows = call(*answered(*(("A>B", request("INFO", n, f"X-Long: {'x' * 1000}", tag="bob")) for n in range(2, 80))))
    with pytest.raises(NoScenario, match=f"SIPp reads {LONGEST:,}: the pcap has the whole call"):
        scenario(rows, Side.CALLER)
    many = call(*answered(*(("A>B", request("INFO", n, tag="bob")) for n in range(2, MOST_STEPS))))
    with pytest.raises(NoScenario, match="1004 messages are more than fit"):
        scenario(many, Side.CALLEE)
