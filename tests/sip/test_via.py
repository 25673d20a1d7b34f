import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.sip.via import top_via


@pytest.mark.parametrize(
    ("value", "transport", "branch", "good"),
    [
        (b" SIP/2.0/UDP host:5060;branch=z9hG4bK1;rport", b"udp", b"z9hG4bK1", True),
        (b"SIP/2.0/TLS [2001:db8::1]:5061;received=1.2.3.4;branch=z9hG4bK1", b"tls", b"z9hG4bK1", True),
        (b"SIP/2.0/WSS df7jal23ls0d.invalid;BRANCH = z9hG4bK1 ", b"wss", b"z9hG4bK1", True),
        (b"SIP / 2.0 / tcp host ;branch=b;ttl=1", b"tcp", b"b", True),
        (b"sip/2.0/SCTP host", b"sctp", b"", True),
        (b"SIP/2.0/UDP first, SIP/2.0/TCP second;branch=no", b"udp", b"", True),
        (b"SIP/2.0/UDP first;branch=yes, SIP/2.0/TCP second;branch=no", b"udp", b"yes", True),
        (b'SIP/2.0/UDP h;x=";branch=no,";branch=yes', b"udp", b"yes", True),
        (b"SIP/2.0/UDP h;branched=no;branch=yes", b"udp", b"yes", True),
        (b"SIP/2.0/DTLS-UDP h;branch=b", b"dtls-udp", b"b", True),
        (b"SIP/7.0/UDP h;branch=b", b"udp", b"b", False),
        (b"SIP/2.0/UDP h;;,;,,", b"udp", b"", False),
        (b"SIP/2.0/UDP", b"", b"", False),
        (b"SIP/2.0/UDP ;branch=b", b"", b"b", False),
        (b"\xff\0", b"", b"", False),
    ],
)
def test_the_topmost_via(value: bytes, transport: bytes, branch: bytes, good: bool) -> None:
    assert top_via(value) == (transport, branch, good)


PARTS = st.sampled_from(
    [" ", "h", ":1", ";branch=b", ";BRANCH=c", ";branch = d", ";branched=e", ";x", ";", ",", '"', "="]
)


@given(st.lists(PARTS, max_size=8).map("".join))
def test_the_quick_way_and_the_thorough_way_agree(rest: str) -> None:
    assert top_via(b"SIP/2.0/UDP h" + rest.encode()) == top_via(b"sip/2.0/udp h" + rest.encode())
