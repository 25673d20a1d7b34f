from hypothesis import given
from hypothesis import strategies as st

from appliance.model.message import SipMessage
from appliance.sip.parse import parse
from appliance.sip.problems import PROBLEMS

INVITE = (
    b"INVITE sip:bob:secret@biloxi.example.com:5070;transport=tcp SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP pc33.example.com:5060;branch=z9hG4bK776;rport\r\n"
    b"Via: SIP/2.0/TCP far.example.com;branch=z9hG4bKfar\r\n"
    b"Max-Forwards: 70\r\n"
    b'From: "Alice \\"<sip:mallory@x>\\"" <sip:alice@atlanta.example.com>;x="a;tag=no";tag=1928301774\r\n'
    b"To: Bob <sips:+49301234@biloxi.example.com:5061;user=phone>\r\n"
    b"Call-ID: a84b4c76e66710@pc33.example.com\r\n"
    b"CSeq: 314159 INVITE\r\n"
    b"Contact: <sip:alice-here@[2001:db8::1]:5070>;expires=60, <sip:other@x>\r\n"
    b"P-Asserted-Identity: <tel:+4930999;ext=1>\r\n"
    b'Proxy-Authorization: Digest realm="a, username=b", username="auth-alice", nonce="x"\r\n'
    b"User-Agent: Softphone/1.0\r\n"
    b"Reason: SIP;cause=486\r\n"
    b'Reason: Q.850;cause=17;text="busy, sorry"\r\n'
    b"Diversion: <sip:first@x>\r\n"
    b"X-CID: other-leg@host\r\n"
    b"Session-ID: 1234\r\n"
    b"Expires: 120\r\n"
    b"Event: refer;id=1\r\n"
    b"Content-Type: application/sdp\r\n"
    b"Content-Length: 4\r\n"
    b"\r\n"
    b"v=0\n"
)


def test_it_reads_every_field_of_a_request() -> None:
    assert parse(INVITE) == SipMessage(
        method=b"INVITE",
        ruri=b"sip:bob:secret@biloxi.example.com:5070;transport=tcp",
        ruri_user=b"bob",
        ruri_domain=b"biloxi.example.com",
        from_user=b"alice",
        from_domain=b"atlanta.example.com",
        from_tag=b"1928301774",
        to_user=b"+49301234",
        to_domain=b"biloxi.example.com",
        callid=b"a84b4c76e66710@pc33.example.com",
        cseq=314159,
        cseq_method=b"INVITE",
        via_branch=b"z9hG4bK776",
        via_transport=b"udp",
        contact_user=b"alice-here",
        pid_user=b"+4930999",
        auth_user=b"auth-alice",
        user_agent=b"Softphone/1.0",
        reason=b'SIP;cause=486, Q.850;cause=17;text="busy, sorry"',
        diversion=b"<sip:first@x>",
        content_type=b"application/sdp",
        event=b"refer;id=1",
        expires=120,
        callid_aleg=b"other-leg@host",
    )


def test_it_reads_a_response() -> None:
    message = parse(INVITE.replace(INVITE.split(b"\r\n")[0], b"SIP/2.0 486 Busy Here, really", 1))
    assert (message.method, message.status, message.reply_reason) == (b"", 486, b"Busy Here, really")
    assert message.problems == ()


@given(st.binary())
def test_no_octets_make_it_raise(data: bytes) -> None:
    assert set(parse(data).problems) <= set(PROBLEMS)
