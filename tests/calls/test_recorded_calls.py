"""Calls of real captures, with what a person reads out of their messages."""

import pytest

from appliance.calls.copies import fold_copies
from appliance.calls.fold import fold
from appliance.calls.hops import hops
from appliance.calls.order import ordered
from appliance.calls.streams import End, media_of
from appliance.model.rows import CallRow
from tests.calls.recorded import by_callid, recorded

AAA = "irontec-sngrep/tests/aaa.pcap"
SIPNAB = "NormB-sipnab/tests"
G711 = f"{SIPNAB}/pcap-samples/SIP_CALL_RTP_G711"
B2BUA = f"{SIPNAB}/pcap-samples/b2bua-asterisk.pcapng"
FAX = "ntop-nDPI/tests/cfgs/default/pcap/FAX-Call-t38-CA-TDM-SIP-FB-1.pcap"
IPV6 = "irontec-sngrep/tests/ipv6frag.pcap"
DTMF = "rickwporter-rtp-pcap/examples/SIP_DTMF2.pcap"
CARRIER = "superfast1979-pcap2sipp/tests/example.pcap"
PACKETS = "seladb-PcapPlusPlus/Tests/Packet++Test/PacketExamples"


def calls(name: str) -> dict[str, CallRow]:
    """The calls of a capture by Call-ID, as they were five minutes after its end."""
    now_us = max(row.ts for row in recorded(name)) + 300_000_000
    return {call.callid: call for rows in by_callid(recorded(name)).values() for call in fold(rows, now_us)}


def call(name: str, callid: str) -> CallRow:
    """The call whose Call-ID begins so."""
    (found,) = [call for key, call in calls(name).items() if key.startswith(callid)]
    return found


@pytest.mark.parametrize(
    ("name", "callid", "state", "status", "times_ms", "hung_up_by", "counts"),
    [
        # name, Call-ID, state, status, (PDD, setup, talk), who hung up, (messages, copies, retransmissions)
        (AAA, "105090259", "cancelled", 408, (36773, None, None), None, (18, 0, 12)),
        (AAA, "85216695", "rejected", 403, (205, None, None), None, (8, 0, 2)),
        (AAA, "24487391", "rejected", 403, (194, None, None), None, (7, 0, 0)),
        (AAA, "11894297", "noanswer", 480, (426, None, None), None, (8, 0, 0)),
        ("MichalCab-ISA/sip.pcap", "681270918", "completed", 200, (29, 29, 1613), "callee", (9, 0, 0)),
        (f"{SIPNAB}/fixtures/sip_call.pcap", "test-call-1", "completed", 200, (500, 2000, 58000), "caller", (7, 0, 0)),
        (f"{SIPNAB}/pcap-samples/sip-over-tcp.pcap", "1589", "completed", 200, (59, 4344, 2152), "callee", (7, 0, 0)),
        (f"{SIPNAB}/pcap-samples/sip-proxy.pcap", "7510", "completed", 200, (122, 725, 2232), "callee", (11, 0, 0)),
        (f"{SIPNAB}/pcap-samples/codec-negotiation.pcap", "1-", "completed", 200, (1, 2, 6010), "caller", (10, 0, 0)),
        (f"{SIPNAB}/pcap-samples/DTMFsipinfo.pcap", "2091", "answered", 200, (91, 91, None), None, (32, 0, 0)),
        (G711, "12013223", "answered", 200, (48, 8478, None), None, (5, 0, 0)),
        (G711, "12015624", "timeout", None, (27, None, None), None, (3, 0, 0)),
        (B2BUA, "M2Q0", "completed", 200, (743, 7065, 7623), "caller", (13, 0, 0)),
        (B2BUA, "3768", "completed", 200, (741, 7058, 7868), "caller", (14, 1, 1)),
        ("irontec-sngrep/tests/ipv6frag.pcap", "7184", "completed", 200, (323, 4605, 160003), "caller", (32, 0, 1)),
        (FAX, "00e9d4a5", "completed", 200, (169, 6842, 76886), "caller", (46, 23, 0)),
        (FAX, "SD4909701", "completed", 200, (162, 6832, 76892), "caller", (23, 0, 0)),
        (DTMF, "5514@", "rejected", 603, (17, None, None), None, (4, 0, 0)),
        (DTMF, "25672@", "answered", 200, (1107, 2341, None), None, (10, 0, 0)),
        (CARRIER, "000d3beb", "completed", 200, (661, 9224, 12405), "caller", (12, 0, 0)),
        (CARRIER, "2148e6ae", "completed", 200, (542, 9060, 12477), "caller", (12, 0, 0)),
        (CARRIER, "SIP_PROBE", "rejected", 483, (8, None, None), None, (3, 0, 0)),
        (f"{PACKETS}/sip_reqs.pcap", "2091060b", "partial", None, (None, None, None), None, (2, 0, 0)),
        (f"{PACKETS}/sip_resp.pcap", "12013223", "partial", None, (None, None, None), None, (3, 0, 0)),
    ],
)
def test_a_recorded_call_is_what_its_messages_say(
    name: str,
    callid: str,
    state: str,
    status: int | None,
    times_ms: tuple[int | None, int | None, int | None],
    hung_up_by: str | None,
    counts: tuple[int, int, int],
) -> None:
    found = call(name, callid)
    assert (found.state, found.status) == (state, status)
    assert (found.pdd_ms, found.setup_ms, found.talk_ms) == times_ms
    assert found.hung_up_by == hung_up_by
    assert (found.messages, found.copies, found.retransmissions) == counts


@pytest.mark.parametrize(
    ("name", "callid", "codecs"),
    [
        (f"{SIPNAB}/pcap-samples/sip-proxy.pcap", "7510", ("PCMA",)),
        # the answer is 0 3 110 8 97 101, but only 0 and 101 were offered
        (B2BUA, "3768", ("PCMU",)),
        (B2BUA, "M2Q0", ("PCMU",)),
        # AMR-WB by INVITE and 183, again by UPDATE; the 2xx has no description
        (IPV6, "7184", ("AMR-WB",)),
        # image udptl t38 was offered in a re-INVITE and refused with 488
        (FAX, "00e9d4a5", ("PCMA",)),
        (FAX, "SD4909701", ("PCMA",)),
        # 183 of a gateway that answers 480 in the end
        (AAA, "11894297", ("PCMA", "PCMU")),
        (AAA, "85216695", ()),
        (f"{SIPNAB}/pcap-samples/codec-negotiation.pcap", "1-", ("PCMU", "G722")),
        (f"{SIPNAB}/pcap-samples/sip-over-tcp.pcap", "1589", ("PCMA",)),
    ],
)
def test_the_codecs_of_a_recorded_call_are_those_agreed_on(name: str, callid: str, codecs: tuple[str, ...]) -> None:
    assert call(name, callid).codecs == codecs


@pytest.mark.parametrize(
    ("name", "callid", "crossed"),
    [
        # from, to, final response, INVITEs, PDD and answer in ms, retransmissions
        (f"{SIPNAB}/pcap-samples/sip-proxy.pcap", "7510", [
            ("10.33.6.101", "10.33.6.102", 200, 1, 122, 725, 0),
            ("10.33.6.102", "10.33.6.100", 200, 1, 60, 672, 0),
        ]),
        (IPV6, "7184", [
            ("fd17:625c:f037:2:a00:27ff:feb9:1521", "fd17:625c:f037:2:a00:27ff:feb9:3519", 200, 1, 323, 4605, 0),
            ("fd17:625c:f037:2:a00:27ff:feb9:3519", "fd17:625c:f037:2:a00:27ff:feb9:4222", 200, 1, 102, 3620, 1),
        ]),
        (FAX, "00e9d4a5", [
            ("10.35.60.72", "10.35.60.100", 200, 1, 169, 6842, 0),
            ("10.35.40.25", "10.35.40.200", 200, 1, 169, 6842, 0),
        ]),
        (FAX, "SD4909701", [("138.132.169.101", "192.168.100.219", 200, 1, 162, 6832, 0)]),
        (B2BUA, "M2Q0", [("172.16.98.1", "172.16.98.101", 200, 2, 743, 7065, 0)]),
        (B2BUA, "3768", [("172.16.98.101", "172.16.98.145", 200, 1, 741, 7058, 1)]),
        (AAA, "105090259", [("192.168.1.2", "200.68.120.81", 408, 1, 36773, 36773, 12)]),
        (AAA, "11894297", [("192.168.1.2", "212.242.33.35", 480, 2, 426, 469, 0)]),
    ],
)  # fmt: skip
def test_the_hops_of_a_recorded_call_are_those_of_its_branches(
    name: str, callid: str, crossed: list[tuple[object, ...]]
) -> None:
    (rows,) = [rows for key, rows in by_callid(recorded(name)).items() if key.startswith(callid)]
    assert [
        (hop.source_ip, hop.destination_ip, hop.status, hop.invites, hop.pdd_ms, hop.answer_ms, hop.retransmissions)
        for hop in hops(rows)
    ] == crossed


def test_the_streams_of_recorded_calls_are_where_their_descriptions_say() -> None:
    def streams(name: str, callid: str) -> list[tuple[str, End, End, str]]:
        (rows,) = [rows for key, rows in by_callid(recorded(name)).items() if key.startswith(callid)]
        found = media_of(ordered(fold_copies(rows)))
        return [(stream.type, stream.caller, stream.callee, stream.codec) for stream in found]

    proxied = streams(f"{SIPNAB}/pcap-samples/sip-proxy.pcap", "7510")
    assert proxied == [("audio", ("10.33.6.101", 6010), ("10.33.6.100", 6000), "PCMA")]
    host = "fd17:625c:f037:2:a00:27ff:feb9:"
    assert sorted(streams(IPV6, "7184")) == [
        ("audio", (f"{host}1521", 15062), (f"{host}4334", 30004), "AMR-WB"),
        ("audio", (f"{host}4334", 30002), (f"{host}4222", 25062), "AMR-WB"),
    ]


def test_causes_of_reason_headers_are_kept() -> None:
    assert call(AAA, "11894297").causes == ("Q.850/21",)
    assert call(CARRIER, "2148e6ae").causes == ("Q.850/16",)


def test_registrations_and_options_make_no_calls() -> None:
    assert len(calls(AAA)) == 4
    assert len(calls(CARRIER)) == 3
    assert calls(f"{SIPNAB}/pcap-samples/sip-register.pcap") == {}


def test_the_same_traffic_as_pcapng_gives_the_same_calls() -> None:
    assert calls("MichalCab-ISA/sip.pcap") == calls("MichalCab-ISA/sip.pcap.pcapng")


def test_random_bit_errors_make_no_error_and_lose_no_call_that_is_whole() -> None:
    found = calls("ntop-nDPI/tests/cfgs/default/pcap/fuzz-2006-06-26-2594.pcap")
    assert sum(row.state == "partial" for row in found.values()) >= 5
    assert all(row.messages for row in found.values())
