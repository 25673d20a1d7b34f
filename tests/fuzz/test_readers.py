import os

import pytest

from appliance.hep.decode import decode
from appliance.hep.errors import HepError
from appliance.sip import sdp
from appliance.sip.headers import headers
from appliance.sip.highlight import tokens
from appliance.sip.parse import parse
from tests.fuzz.readers import LIMIT_US, Findings, run, slowness, timed
from tests.fuzz.seeds import pathological

INPUTS = 1_000_000 if os.environ.get("CI") == "true" else 50_000


def test_random_and_mutated_datagrams_raise_only_hep_errors_and_take_no_time() -> None:
    findings = run(INPUTS, seed=2)
    assert findings.broken == []
    assert findings.inputs == INPUTS
    assert findings.packets > INPUTS // 10
    assert {"truncated", "bad-chunk", "bad-compression", "not-hep"} <= set(findings.errors)


FIRST = b"INVITE sip:a@b SIP/2.0\r\n"
STARTS = {
    "nothing": b"",
    "request line": b"INVITE sip:",
    "status line": b"SIP/2.0 ",
    "no name": FIRST,
    "from": FIRST + b"From: ",
    "from in quotes": FIRST + b'From: "',
    "from parameters": FIRST + b"From: <sip:a@b>;x=",
    "via": FIRST + b'Via: SIP/2.0/UDP a;x="',
    "contact": FIRST + b"Contact: sip:a,",
    "credentials": FIRST + b'Authorization: Digest x="',
    "cseq": FIRST + b"CSeq: ",
    "reason": FIRST + b"Reason: ",
    "body": FIRST + b"\r\nv=0\r\nm=audio 1 RTP/AVP ",
}
UNITS = [
    b'"',
    b"\\",
    b'\\"',
    b'";',
    b"<",
    b"<>",
    b",",
    b";",
    b"; ",
    b" ",
    b"a",
    b"=",
    b"\r\n ",
    b"\n",
    b"\n ",
    b"a:\r\n",
]
UNITS += [b"Reason: a\r\n", b"f:a\r\n", b"v=0\r\n", b"m=audio 1 RTP 1\r\n", b"@", b":", b"1", b"\0", b"[", b"%"]


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("end", [b"", b"\r\n\r\n"], ids=["cut", "whole"])
def test_the_largest_datagram_filled_with_one_thing_takes_no_time(start: str, end: bytes) -> None:
    findings = Findings()
    for unit in UNITS:
        payload = pathological(STARTS[start], unit, end)
        timed(findings, "sip.parse", parse, payload)
        timed(findings, "sip.headers", headers, payload)
        timed(findings, "sip.sdp", sdp.parse, payload)
        timed(findings, "sip.highlight", tokens, payload.decode("utf-8", "surrogateescape"))
    assert max(findings.slowest_us.values()) < LIMIT_US * slowness()


def test_a_datagram_of_chunks_without_contents_takes_no_more_than_it_must() -> None:
    findings = Findings()
    for chunk in (b"\0\0\0\x0f\0\6", b"\0\1\0\1\0\6", b"\0\0\0\3\0\x0aabcd", b"\0\0\0\7\0\x08ab"):
        data = pathological(b"HEP3\xff\xe3", chunk)
        data = data[:4] + len(data).to_bytes(2, "big") + data[6:]
        assert timed(findings, "hep.decode", decode, data).hep_version == 3


def test_a_compressed_bomb_takes_no_time() -> None:
    import gzip

    findings = Findings()
    packed = gzip.compress(bytes(40_000_000))
    data = (
        b"HEP3" + (12 + len(packed)).to_bytes(2, "big") + b"\0\0\0\x10" + (6 + len(packed)).to_bytes(2, "big") + packed
    )

    def refused(octets: bytes) -> None:
        with pytest.raises(HepError):
            decode(octets)

    timed(findings, "hep.decode", refused, data)
