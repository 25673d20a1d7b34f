import base64
import json

from hypothesis import given
from hypothesis import strategies as st

from appliance.model.kinds import Kind
from appliance.model.rows import MessageRow
from appliance.web.shown_message import shown_message


def row(raw: bytes, **more: object) -> MessageRow:
    values: dict[str, object] = {
        "id": "s-call-20261123-1", "kind": Kind.CALL, "ts": 1, "filed_ts": 1, "arrival_ts": 2, "callid": "c",
        "source_ip": "192.0.2.1", "source_port": 1, "destination_ip": "2001:db8::1", "destination_port": 2,
        "proto": "udp", "node": "n", "correlation_id": "", "payload_hash": 0, "size": len(raw), "protocol_type": 1,
        "raw": raw,
    }  # fmt: skip
    return MessageRow(**{**values, **more})  # type: ignore[arg-type]


def coded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def identity(token: str) -> MessageRow:
    return row(f"INVITE sip:a SIP/2.0\r\nIdentity: {token}\r\n\r\n".encode(), method="INVITE")


@given(st.binary(max_size=300))
def test_any_octets_can_be_shown(raw: bytes) -> None:
    shown = shown_message(row(raw))
    "".join(piece.text for piece in shown.head).encode()


def test_an_identity_is_taken_apart() -> None:
    token = f"{coded({'alg': 'ES256'})}.{coded({'attest': 'A'})}.c2ln"
    (passport,) = shown_message(identity(f'{token};info=<https://c>;ppt="shaken"')).passports
    assert dict(passport.claims)["Attestation"].startswith("A, full")


def test_an_absurd_time_is_named_in_the_envelope() -> None:
    names = dict(shown_message(row(b"x", filed_ts=5)).envelope)
    assert "absurd" in names["Filed under"]
    assert names["Destination"] == "[2001:db8::1]:2"


def test_json_of_reports_is_set_in_lines() -> None:
    shown = shown_message(row(b'{"a":1}', kind=Kind.RTCP, protocol_type=5))
    assert "".join(piece.text for piece in shown.head) == '{\n  "a": 1\n}'
    assert shown.title == "rtcp"
    assert shown_message(row(b"{" * 50_000, kind=Kind.LOG)).head


def test_the_title_names_method_or_answer() -> None:
    assert shown_message(row(b"", method="BYE")).title == "BYE"
    assert shown_message(row(b"", method="200", reply_reason="OK", cseq_method="BYE")).title == "200 OK (BYE)"
    assert shown_message(row(b"")).title == "Malformed SIP"
