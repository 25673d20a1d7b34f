from dataclasses import replace

import pytest

from appliance.model.kinds import Kind
from tests.why.written import explained, written

CONTACT = "Contact: <sip:100@10.0.0.1>"


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            (f"0 A>B REGISTER to=100 | {CONTACT} | Expires: 3600", "9 B>A 200 REGISTER to=100 | Expires: 3600"),
            "100@example.com registered with 10.0.0.2 for 3600 s (1 h).",
        ),
        (
            (f"0 A>B REGISTER to=100 | {CONTACT};expires=0", "9 B>A 200 REGISTER to=100"),
            "100@example.com took back its registration with 10.0.0.2.",
        ),
        (
            ("0 A>B REGISTER to=100", f"9 B>A 200 REGISTER to=100 | {CONTACT};expires=9"),
            "100@example.com asked 10.0.0.2 for its registrations and was told them.",
        ),
        (
            ("0 A>B REGISTER to=100", "9 B>A 401 REGISTER to=100"),
            "10.0.0.2 asked 100@example.com for credentials (401 Unauthorized); no further try was captured.",
        ),
        (
            ('0 A>B REGISTER to=100 | Authorization: Digest username="100"', "9 B>A 403 REGISTER to=100"),
            "100@example.com tried to register with 10.0.0.2, sent credentials, and was refused: 403 Forbidden.",
        ),
        (("0 A>B REGISTER to=100",), "100@example.com tried to register with 10.0.0.2: no final answer in 1.0 s."),
        (("0 A>B OPTIONS", "9 B>A 200 OPTIONS"), "OPTIONS of 10.0.0.1 to 10.0.0.2 was answered 200 OK after 9.0 ms."),
        (
            ("0 A>B SUBSCRIBE | Event: dialog;id=1", "9 B>A 489 SUBSCRIBE"),
            "SUBSCRIBE of 10.0.0.1 to 10.0.0.2 for dialog was answered 489 Bad Event after 9.0 ms.",
        ),
        (
            ("0 A>B MESSAGE", "9 B>A 200 MESSAGE", "50 A>B MESSAGE cseq=2"),
            "MESSAGE of 10.0.0.1 to 10.0.0.2 (the last of 2) got no final answer in 1.0 s.",
        ),
    ],
)
def test_what_is_no_call_has_its_sentence_too(lines: tuple[str, ...], sentence: str) -> None:
    assert explained(written(*lines)).sentence == sentence


def test_what_is_no_sip_is_told_so() -> None:
    row = replace(written("0 A>B OPTIONS")[0], kind=Kind.LOG, method="", raw=b"INFO: hello")
    assert explained([row]).sentence == "No SIP message of it is here, only 1 report, log line or event."
