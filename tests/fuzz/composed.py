"""SIP messages composed of odd but possible pieces: where a reader of usual messages can differ from a patient one."""

import random

PARTIES = [
    b" <sip:alice@a.example.com>;tag=1928",
    b'"A. \\"B\\" C" <sip:alice@a.example.com>;tag=1',
    b' "Alice, <the> first" <sips:alice:pw@a.example.com:5061;transport=tcp>;x=1;tag=a;y',
    b" sip:alice@a.example.com;tag=9",
    b" <sip:a.example.com>",
    b"\tAnn Other <sip:+49-30@[2001:db8::1]:5060>;tag=x;",
    b" <tel:+4930123;phone-context=x>;tag=q",
    b" <urn:service:sos>",
    b" <sip:a;b=c@d.example>;TAG=z",
    b" <sip:alice@a.example.com>;tag = 5",
    b" <sip:alice@a.example.com>;tagged=5;tag=6;;",
    b" <sip:alice@a.example.com?Subject=x>;tag=6",
    b" <sip:al%40ice@a.example.com>  ;tag=6",
    b" \xc3\x84nne <sip:alice@a>;tag=6",
    b" <sip:\\alice@a>;tag=\t",
    b"<sip:@a>;tag=1",
    b" <sip:alice@a:>;tag=1",
    b' <sip:alice@a_b-c.d:5060?x;y>;q="a;b";tag=1',
    b"",
    b" ",
]
VIAS = [
    b" SIP/2.0/UDP 10.0.0.1:5060;rport;branch=z9hG4bK77",
    b" SIP/2.0/TLS [2001:db8::1]:5061;branch=z9hG4bK77;received=10.0.0.9 , SIP/2.0/UDP b;branch=z",
    b" SIP / 2.0 / UDP first.example.com: 4000;ttl=16;branch=z9hG4bK1",
    b" SIP/2.0/udp 10.0.0.1;branch=z9hG4bKa",
    b" SIP/2.0/WSS x;Branch=z9hG4bKb",
    b" SIP/2.0/WS x;;branch=z9hG4bKb",
    b" SIP/2.0/SCTP x;branch=;branch=z9hG4bKb",
    b" SIP/2.0/TCP x;bogus=1;branch=z9hG4bKb",
    b" SIP/2.0/TCP x;alias;branch=z9hG4bKb;branch=c;b  ",
    b" SIP/2.0/UDP 10.0.0.1",
    b" SIP/2.0/DCCP x;branch=z9hG4bKb",
    b" SIP/3.0/UDP x;branch=z9hG4bKb",
    b'SIP/2.0/UDP x;comment="a;branch=b";branch=z9hG4bKb',
]
FIRST_LINES = [
    b"%s sip:bob@biloxi.example.com SIP/2.0",
    b"%s sip:bob:pw@10.0.0.2:5060;user=phone SIP/2.0",
    b"%s sip:[2001:db8::9]:5060 SIP/2.0",
    b"%s sip:b;isup=1@x SIP/2.0",
    b"%s sip:bob@x?a=b SIP/2.0",
    b'%s sip:bo"b@x SIP/2.0',
    b"%s tel:+4930123 SIP/2.0",
    b"%s  sip:bob@x SIP/2.0",
    b"%s <sip:bob@x> SIP/2.0",
    b"%s sip:bob@x SIP/2.0 ",
    b"SIP/2.0 200 OK",
    b"SIP/2.0 183 ",
    b"SIP/2.0 180",
    b"SIP/2.0 486 Busy\tHere",
    b"SIP/2.0 200 SIP/2.0",
    b"SIP/2.0 700 No",
    b"SIP/2.0 099 No",
    b"SIP/2.0 404 Nicht \xfcber",
]
NUMBERS = [
    b" 1 %s",
    b"\t4294967296 %s",
    b" 2147483647  %s ",
    b" 2147483648 %s",
    b" 0001 %s",
    b" 1 ACK",
    b" 1\x0b%s",
    b"1",
    b" x %s",
]
METHODS = [
    b"INVITE",
    b"ACK",
    b"BYE",
    b"REGISTER",
    b"OPTIONS",
    b"NOTIFY",
    b"PUBLISH",
    b"PRACK",
    b"CANCEL",
    b"Invite",
    b"X-Y",
]
NAMES = [
    (b"Via", b"v", b"VIA", b"Via ", b" Via", b"Via\x0b"),
    (b"From", b"f", b"FROM"),
    (b"To", b"t", b"TO", b"To\t"),
    (b"Call-ID", b"i", b"CALL-ID", b"call-id"),
    (b"CSeq", b"CSEQ", b"cseq"),
]
RARE = [
    b"Contact: <sip:c@10.0.0.1:5060>",
    b"Contact: *",
    b'm: "x" <sip:c@d>;q=1, <sip:e@f>',
    b"Contact: sip:c@d, <sip:e@f>",
    b"Contact: <sip:c@d",
    b"Contact:",
    b"Content-Length: %d",
    b"l: 0",
    b"Content-Length:  99999",
    b"Content-Length: 0000000000001",
    b"Content-Length: 1a",
    b"User-Agent:  x/1.0 (y) ",
    b"User-Agent: ",
    b"User-Agent: a\\b",
    b"Server: z",
    b"P-Asserted-Identity: <sip:+4930@x>, <tel:+4930>",
    b'P-Asserted-Identity: "a" <tel:+4930>',
    b"P-Preferred-Identity: <sip:p@x>",
    b'Authorization: Digest username="u, v", realm="r"',
    b'Proxy-Authorization: Digest realm="r",username=u',
    b'Reason: SIP;cause=200;text="Call completed elsewhere"',
    b"Reason: Q.850;cause=16",
    b"Diversion: <sip:d@x>;reason=unconditional",
    b"Event: refer;id=1",
    b"o: presence",
    b"Expires: 3600",
    b"Expires: x",
    b"Expires: 4294967296",
    b"Replaces: r@x;to-tag=1;from-tag=2",
    b"Refer-To: <sip:x@y?Replaces=a%%40b>",
    b"r: <sip:x@y>",
    b"Session-ID: ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000",
    b"P-Charging-Vector: icid-value=abc;orig-ioi=x",
    b"Cisco-Guid: 1-2-3-4",
    b"X-CID: other@leg;x",
    b"x-cid:",
    b"X-CallIDALeg: second@leg",
    b"Call-ID: again@x",
    b"From: <sip:again@x>",
    b" folded",
    b"NoColon",
    b": no name",
    b"Subject: a\rb",
    b"X-RTP-Stat: CS=1;PS=1;ES=1;OS=1",
    b"Supported: x\ny: z",
    b"Content-Type: application/sdp",
    b"c: multipart/mixed;boundary=x",
    b"Content-Type:  ",
]
SDP_LINES = [
    b"o=- 37249 2 IN IP4 192.0.2.40",
    b"o=bob 1 1 IN IP6 2001:db8::1",
    b"o=- 1 1",
    b"o=- a/b 2 IN IP4 x",
    b"s=-",
    b"s=\xc3\xa4",
    b"c=IN IP4 192.0.2.40",
    b"c=IN IP4 224.2.1.1/127",
    b"c=IN IP4",
    b"c=IN IP6 2001:db8::2",
    b"m=audio 29510 RTP/AVP 8 0 101",
    b"m=audio 0 RTP/AVP 18 31 97",
    b"m=audio 4000/2 RTP/AVP 96 ",
    b"m=video  4002 RTP/SAVPF 96 97 98",
    b"m=image 4004 udptl t38",
    b"m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    b"m=audio 05 RTP/AVP 99",
    b"m=audio x RTP/AVP 99",
    b"m=audio 7 RTP/AVP",
    b"a=rtpmap:101 telephone-event/8000",
    b"a=rtpmap:96 opus/48000/2",
    b"a=rtpmap:97  AMR-WB/16000",
    b"a=rtpmap:98 odd name/8000",
    b"a=rtpmap:99 /8000",
    b"a=rtpmap:8 L16/8000",
    b"a=rtpmap:",
    b"a=sendonly",
    b"a=SendOnly",
    b"a=inactive ",
    b"a=sendrecv",
    b"a=12345678",
    b"--x",
    b"junk",
    b"o=",
    b"c=",
    b"m=",
    b"a=",
    b"=a",
    b"",
    b"t=0 0",
]


def composed(draw: random.Random) -> bytes:
    """One message; about one in four is usual throughout."""
    odd = 0.0 if draw.random() < 0.25 else 0.12

    def pick(choices: list[bytes] | tuple[bytes, ...]) -> bytes:
        return draw.choice(choices) if draw.random() < odd else choices[0]

    method = METHODS[int(draw.random() * (len(METHODS) if odd else 9))]
    first = pick(FIRST_LINES) if draw.random() < 0.5 else FIRST_LINES[10]
    values = [pick(VIAS), pick(PARTIES), pick(PARTIES), b" id-%d@host " % draw.randrange(1000), pick(NUMBERS)]
    lines = [first.replace(b"%s", method)]
    lines += [pick(names) + b":" + value.replace(b"%s", method) for names, value in zip(NAMES, values, strict=True)]
    body = _body(draw)
    rare = draw.sample(RARE, draw.randrange(6)) if odd else draw.sample(RARE[:1] + RARE[11:12] + RARE[15:25], 3)
    lines += [line.replace(b"%d", b"%d" % len(body)).replace(b"%%", b"%") for line in rare]
    if draw.random() < odd / 2:
        draw.shuffle(lines)
    return b"\r\n".join(lines) + (b"\n\n" if draw.random() < odd / 10 else b"\r\n\r\n") + body


def _body(draw: random.Random) -> bytes:
    if draw.random() < 0.4:
        return b""
    lines = [SDP_LINES[0], SDP_LINES[4], SDP_LINES[6], SDP_LINES[10], SDP_LINES[19]]
    if draw.random() < 0.7:
        lines += draw.sample(SDP_LINES, draw.randrange(6))
    if draw.random() < 0.2:
        draw.shuffle(lines)
    end = b"\n" if draw.random() < 0.1 else b"\r\n"
    return (
        draw.choices((b"v=0", b"v=0 ", b"v=1", b"v=0" + end + b"o="), (96, 2, 1, 1))[0]
        + end
        + end.join(lines)
        + end * (draw.random() < 0.9)
    )
