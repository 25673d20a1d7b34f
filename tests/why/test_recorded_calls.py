"""Calls of real captures and what is said of them, read by a person beside their messages and found right."""

import pytest

from appliance.calls.fold import fold
from appliance.export.prepared import in_order
from appliance.model.rows import MessageRow
from appliance.why.explain import explain
from appliance.why.finding import Explanation
from tests.calls.recorded import by_callid, recorded

AAA = "irontec-sngrep/tests/aaa.pcap"
SIPNAB = "NormB-sipnab/tests/pcap-samples"
FAX = "ntop-nDPI/tests/cfgs/default/pcap/FAX-Call-t38-CA-TDM-SIP-FB-1.pcap"
B2BUA = f"{SIPNAB}/b2bua-asterisk.pcapng"
G711 = f"{SIPNAB}/SIP_CALL_RTP_G711"
CARRIER = "superfast1979-pcap2sipp/tests/example.pcap"
DTMF = "rickwporter-rtp-pcap/examples/SIP_DTMF2.pcap"
TUNNEL = "sipcapture-heplify/src/decoder/testdata/ipip0.pcap"
PACKETS = "seladb-PcapPlusPlus/Tests/Packet++Test/PacketExamples"


def legs(name: str, *callids: str) -> list[MessageRow]:
    """The messages of the Call-IDs that begin so."""
    return [row for callid, rows in by_callid(recorded(name)).items() if callid.startswith(callids) for row in rows]


def why(name: str, *callids: str) -> tuple[str, str | None, Explanation]:
    """State, who hung up and the explanation as of five minutes after the capture; the first Call-ID is the call."""
    now_us = max(row.ts for row in recorded(name)) + 300_000_000
    records = fold(legs(name, callids[0]), now_us)
    whole = explain(in_order(legs(name, *callids)), records[-1] if records else None, now_us)
    return (records[-1].state.value, records[-1].hung_up_by, whole) if records else ("", None, whole)


@pytest.mark.parametrize(
    ("name", "callid", "state", "by", "sentence"),
    [
        (AAA, "105090259", "cancelled", None,
         "816666 called 97239287044 and gave up 34.1 s after the INVITE, before anyone answered."),
        (AAA, "85216695", "rejected", None,
         ("voi18062 called 0097239287044 and was refused: 403 Wrong password or domain from 212.242.33.35 205 "
         "ms after the INVITE (the credentials were not accepted).")),
        (AAA, "24487391", "rejected", None,
         ("35104723 called 0097239287044 and was refused: 403 Wrong password or domain from 212.242.33.35 194 "
         "ms after the INVITE (the credentials were not accepted).")),
        (AAA, "11894297", "noanswer", None,
         ("35104723 called 35104724 and could not be put through: 480 Error from 212.242.33.35 after 43 ms of "
         "183 In band info available, without ringing.")),
        (AAA, "29858147", "", None, "35104723@sip.cybercity.dk registered with 212.242.33.35 for 1200 s (20 min)."),
        (AAA, "578222729", "", None,
         ("35104723@sip.cybercity.dk tried to register with 212.242.33.35, sent credentials, and was refused: "
         "401 nonce has changed.")),
        ("irontec-sngrep/tests/ipv6frag.pcap", "71846", "completed", "caller",
         "sipp called mcr, who answered after 4.6 s; they talked 2 min 40 s, then the caller (sipp) hung up."),
        (f"{SIPNAB}/sip-proxy.pcap", "7510", "completed", "callee",
         "201 called 101, who answered after 725 ms; they talked 2.2 s, then the called side (101) hung up."),
        (f"{SIPNAB}/sip-over-tcp.pcap", "1589", "completed", "callee",
         "101 called 201, who answered after 4.3 s; they talked 2.2 s, then the called side (201) hung up."),
        (f"{SIPNAB}/DTMFsipinfo.pcap", "2091", "answered", None,
         "admind called echo, who answered after 91 ms; no BYE so far, 6 min 18 s after the answer."),
        (f"{SIPNAB}/codec-negotiation.pcap", "1-", "completed", "caller",
         "alice called bob, who answered after 2.0 ms; they talked 6.0 s, then the caller (alice) hung up."),
        (f"{SIPNAB}/sip-auth-failure.pcapng", "Yz", "", None,
         ("telephone1@172.16.98.101 tried to register with 172.16.98.101, sent credentials, and was refused: "
         "403 Forbidden.")),
        (B2BUA, "M2Q0", "completed", "caller",
         ("telephone1 called 2302, who answered after 7.1 s; they talked 7.6 s, then the caller (telephone1) "
         "hung up.")),
        (B2BUA, "3768", "completed", "caller",
         ("telephone1 called telephone2, who answered after 7.1 s; they talked 7.9 s, then the caller "
         "(telephone1) hung up.")),
        (FAX, "00e9d4a5", "completed", "caller",
         ("unavailable called 061963177, who answered after 6.8 s; they talked 1 min 17 s, then the caller "
         "(unavailable) hung up.")),
        (G711, "12015624", "timeout", None,
         ("5514540002 called francisco and got no final answer: after 180 Ringing no more came, now 5 min 00 "
         "s since the last message.")),
        (CARRIER, "000d3beb", "completed", "caller",
         ("+390398927986 called +390289279987, who answered after 9.2 s; they talked 12.4 s, then the caller "
         "(+390398927986) hung up.")),
        (CARRIER, "SIP_PROBE", "rejected", None,
         ("sipgw called Sip-Probe and was refused: 483 Too Many Hops from 172.22.204.69 8.1 ms after the "
         "INVITE (the request passed more hosts than Max-Forwards allowed).")),
        (DTMF, "5514@", "rejected", None,
         ("2502 called 2504 and was refused: 603 Decline from 192.168.105.105 17 ms after the INVITE (the "
         "called one declined, or a server did so for him).")),
        ("MichalCab-ISA/sip.pcap", "681270918", "completed", "callee",
         ("test19 called 1000, who answered after 29 ms; they talked 1.6 s, then the called side (1000) hung "
         "up.")),
        (TUNNEL, "lDfy", "partial", None,
         ("18120614121 called +3908351673002; the INVITE was not captured: the capture begins with 403 "
         "Forbidden.")),
        (f"{PACKETS}/sip_resp.pcap", "434981653", "", None,
         "10.129.34.51 asked user3@ims.hom for credentials (401 Unauthorized); no further try was captured."),
    ],
)  # fmt: skip
def test_what_is_said_first_is_what_happened(name: str, callid: str, state: str, by: str | None, sentence: str) -> None:
    found_state, hung_up_by, whole = why(name, callid)
    assert (found_state, hung_up_by, whole.sentence) == (state, by, sentence)


@pytest.mark.parametrize(
    ("name", "callids", "rules"),
    [
        (AAA, ("105090259",), "only-trying failure-origin cancelled slow-setup retransmitted retransmitted"),
        (AAA, ("85216695",), "credentials-refused failure-origin retransmitted"),
        (AAA, ("11894297",), "failure-origin status-meaning cause early-media-unanswered"),
        (AAA, ("578222729",), "auth-loop registration-refused registration-expired"),
        ("irontec-sngrep/tests/ipv6frag.pcap", ("71846",), "hung-up"),
        (f"{SIPNAB}/sip-proxy.pcap", ("7510",), "cause hung-up very-short"),
        (f"{SIPNAB}/DTMFsipinfo.pcap", ("2091",), "cancel-crossed-answer cancel-crossed-answer media-refused"),
        (f"{SIPNAB}/codec-negotiation.pcap", ("1-",), "hung-up"),
        (f"{SIPNAB}/sip-auth-failure.pcapng", ("Yz",),
         "credentials-refused registration-refused failure-origin"),
        (B2BUA, ("M2Q0", "3768"), "hung-up retransmitted"),
        (B2BUA, ("uVLq",), "event-refused failure-origin"),
        (FAX, ("00e9d4a5", "SD49"), "fax-refused fax-refused cause hung-up"),
        (CARRIER, ("000d3beb", "2148e6ae"), "cause hung-up"),
        (CARRIER, ("SIP_PROBE",), "loop failure-origin warning"),
        (TUNNEL, ("4sHr",), "invite-unanswered large-request"),
    ],
)  # fmt: skip
def test_what_else_is_found_is_there_and_nothing_more(name: str, callids: tuple[str, ...], rules: str) -> None:
    _, _, whole = why(name, *callids)
    assert [found.rule for found in whole.findings] == rules.split()


def test_a_message_seen_at_two_places_of_a_routed_network_is_one() -> None:
    """The fax call's first leg was captured on both sides of a router that translates addresses."""
    _, _, whole = why(FAX, "00e9d4a5")
    (refused,) = [found for found in whole.findings if found.rule == "fax-refused"]
    assert refused.sentence == "10.35.60.100 refused the switch to T.38 fax with 488 Not Acceptable Here."
    assert refused.hop == "10.35.60.100 → 10.35.60.72"


@pytest.mark.parametrize(
    "name",
    [AAA, FAX, B2BUA, G711, CARRIER, DTMF, TUNNEL, "ntop-nDPI/tests/cfgs/default/pcap/fuzz-2006-06-26-2594.pcap"],
)
def test_every_call_of_a_capture_has_its_sentence(name: str) -> None:
    for callid in by_callid(recorded(name)):
        rows = [row for row in recorded(name) if row.callid == callid]
        whole = explain(in_order(rows), None, rows[-1].ts)
        assert whole.sentence.endswith(".") and "None" not in whole.sentence, callid
