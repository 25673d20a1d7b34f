"""Messages with a number and an address in every place where one can stand, for the tests of hiding."""

import base64
import json
from dataclasses import replace

from appliance.model.ids import payload_hash
from appliance.model.kinds import Kind
from appliance.model.octets import text
from appliance.model.rows import MessageRow
from appliance.redaction.hiding import Hiding
from appliance.redaction.message import redacted
from appliance.redaction.profile import Profile
from appliance.sip.parse import parse

KEY = bytes(range(32))
AT_US = 1_795_428_672_000_000


def hidden(payload: bytes, profile: Profile = Profile.NUMBERS_AND_ADDRESSES, key: bytes = KEY) -> bytes:
    """One message redacted by itself; b"" when it is withheld."""
    hiding = hiding_of(payload, profile=profile, key=key)
    return redacted(payload, hiding) or b""


def hiding_of(*payloads: bytes, profile: Profile = Profile.NUMBERS_AND_ADDRESSES, key: bytes = KEY) -> Hiding:
    """What has read these messages and hides from now on."""
    hiding = Hiding(profile, key)
    for payload in payloads:
        redacted(payload, hiding)
    hiding.learning = False
    return hiding


def row(payload: bytes, number: int = 0, **more: object) -> MessageRow:
    """As it is stored."""
    found = parse(payload)
    made = MessageRow(
        id=f"test-call-20261123-{number:06d}",
        kind=Kind.CALL,
        ts=AT_US + number * 1_000_000,
        filed_ts=AT_US + number * 1_000_000,
        arrival_ts=AT_US + number * 1_000_000,
        callid=text(found.callid),
        source_ip="10.1.2.3",
        source_port=5060,
        destination_ip="10.1.2.4",
        destination_port=5060,
        proto="udp",
        node="tap",
        correlation_id="",
        payload_hash=payload_hash(payload),
        size=len(payload),
        protocol_type=1,
        problems=found.problems,
        method=text(found.method) or str(found.status),
        reply_reason=text(found.reply_reason),
        cseq=found.cseq,
        cseq_method=text(found.cseq_method),
        ruri_user=text(found.ruri_user),
        from_user=text(found.from_user),
        from_domain=text(found.from_domain),
        to_user=text(found.to_user),
        to_domain=text(found.to_domain),
        raw=payload,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def token(number: bytes) -> bytes:
    """A STIR token that names the number."""
    payload = {"attest": "A", "orig": {"tn": number.decode()}, "dest": {"tn": [number.decode()]}, "iat": 1}
    parts = [{"alg": "ES256", "typ": "passport"}, payload]
    made = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    return b".".join([*made, b"c2ln"])


def everywhere(number: bytes, address: bytes, six: bytes = b"2001:db8:7::9") -> bytes:
    """An INVITE that tells a number (digits only) and addresses wherever it can."""
    escaped = b"%2B" + b"".join(b"%%%02X" % digit for digit in number)
    spaced = b" ".join(number[at : at + 3] for at in range(0, len(number), 3))
    body = b"\r\n".join(
        [
            b"v=0",
            b"o=" + number + b" 1 1 IN IP4 " + address,
            b"s=call of " + number,
            b"i=" + spaced,
            b"e=" + number + b"@example.com",
            b"p=+" + number,
            b"u=http://example.com/" + number,
            b"c=IN IP4 " + address,
            b"t=0 0",
            b"k=clear:" + number,
            b"a=key-mgmt:mikey " + number,
            b"m=audio 4000 RTP/AVP 8 0",
            b"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4",
            b"a=ice-ufrag:9uB6",
            b"a=ice-pwd:YH75Fviy6338Vbrhrlp8Yh",
            b"a=fingerprint:sha-256 6B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35",
            b"a=candidate:1 1 UDP 2130706431 " + address + b" 5001 typ host raddr " + six + b" rport 1",
            b"a=rtcp:4001 IN IP6 " + six,
            b"a=ssrc:1 cname:" + number + b"@" + address,
            b"a=x-dialled:" + number,
            b"",
        ]
    )
    lines = [
        b"INVITE sip:+" + number + b";phone-context=+49;rn=" + number + b"@" + address + b":5060;user=phone SIP/2.0",
        b"Via: SIP/2.0/UDP " + address + b":5060;branch=z9hG4bK-" + number + b";received=" + address,
        b"v: SIP/2.0/TCP [" + six + b"]:5061;branch=z9hG4bKb;rport=5061;x=" + number,
        b"Max-Forwards: 70",
        b'f: "Call from \\"' + number + b'\\"" <sip:' + number + b":secret@" + address + b";isub=" + number
        + b">;tag=a1",
        b"To: <sip:" + escaped + b"@" + address + b"?X-Number=" + number + b">",
        b"i: " + number + b"-77@" + address,
        b"CSeq: 1 INVITE",
        b"Contact: " + number + b" <sip:+" + number + b"@[" + six + b"]:5060;ob>;expires=60,",
        b" <tel:+" + spaced.replace(b" ", b"-") + b">",
        b"P-Asserted-Identity: tel:+" + number + b";cpc=ordinary",
        b"Remote-Party-ID: " + number + b"<sip:" + number + b"@" + address + b">;party=calling",
        b"Diversion: <sip:00" + number + b"@" + address + b">;reason=unconditional",
        b"History-Info: <sip:" + number + b"@x?Reason=SIP%3Bcause%3D302>;index=1, <tel:+" + number + b">;index=1.1",
        b"Refer-To: <sip:" + number + b"@" + address + b"?Replaces=" + number + b"%40" + address + b"%3Bto-tag%3D1>",
        b'Authorization: Digest username="' + number + b'", realm="' + address + b'", nonce="f00", uri="sip:+'
        + number + b"@" + address + b'", response="0123456789abcdef"',
        b"Identity: " + token(number) + b";info=<https://cert.example/" + number + b">;alg=ES256;ppt=shaken",
        b"User-to-User: " + number.hex().encode() + b";encoding=hex",
        b"User-Agent: Phone 1.2 (" + number + b") " + address,
        b"Subject: ring " + spaced,
        b"X-Note: number " + spaced + b" at ip-" + address.replace(b".", b"-") + b" or " + number,
        b"X-Latin: caf\xe9 " + number,
        b"Reason: Q.850;cause=16;text=\"" + number + b"\"",
        b"c: application/sdp",
        b"l: %d" % len(body),
    ]  # fmt: skip
    return b"\r\n".join([*lines, b"", body])
