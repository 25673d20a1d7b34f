"""A message with every header that is read, and a way to change one line of it."""

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
    b"Subject: lunch\r\n"
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


def changed(start: bytes, line: bytes) -> bytes:
    """INVITE with the first line that begins with `start` replaced."""
    at = INVITE.index(start)
    return INVITE[:at] + line + INVITE[INVITE.index(b"\r\n", at) :]
