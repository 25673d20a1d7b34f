import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.ingest.rules import RuleError, Rules
from appliance.model.kinds import Kind
from appliance.model.message import SipMessage
from appliance.model.packet import Packet
from appliance.settings import SettingsError, SipSettings
from appliance.sip.parse import parse

REGISTER = (
    b"REGISTER sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP 10.1.2.3;branch=z9hG4bK1\r\n"
    b'AUTHORIZATION : Digest username="alice",\r\n realm="r", response="0123"\r\n'
    b"From: <sip:alice@example.com>;tag=7\r\n"
    b"To: <sip:alice@example.com>\r\nCall-ID: abc\r\nCSeq: 1 REGISTER\r\nX-Pin: 42\r\nContent-Length: 0\r\n\r\n"
)
MULTIPART = (
    b'MESSAGE sip:b SIP/2.0\r\nCall-ID: m\r\nCSeq: 1 MESSAGE\r\nContent-Type: multipart/mixed; boundary="xx"\r\n\r\n'
    b"--xx\r\nContent-Type: text/plain\r\n\r\nsecret words\r\nof two lines\r\n--xx\r\nContent-Type: application/sdp\r\n"
    b"\r\nv=0\r\n--xx\r\n\r\nwithout a type\r\n--xx--\r\n"
)


def rules(**settings: object) -> Rules:
    return Rules(SipSettings.model_validate(settings))


def censored(payload: bytes, censor: str) -> tuple[bytes, tuple[str, ...]]:
    changed, by = rules(censor=censor).censored(payload, parse(payload).content_type)
    assert len(changed) == len(payload)
    assert changed.count(b"\r\n") == payload.count(b"\r\n")
    return changed, by


def test_without_rules_there_is_nothing_to_do() -> None:
    assert not rules()
    assert rules().censored(REGISTER, b"") == (REGISTER, ())


def test_any_rule_that_holds_discards_and_is_named() -> None:
    held = rules(discard="\nmethod:OPTIONS\n  ua:x* src:10.0.0.0/8\n")
    packet = Packet(3, 1, 17, "10.1.2.3", 5060, "10.0.0.1", 5060, 1, None, b"", b"", b"")

    def asked(message: SipMessage) -> str | None:
        return held.discards(packet, message, Kind.REST, b"n", b"udp")

    assert asked(SipMessage(method=b"OPTIONS")) == "method:OPTIONS"
    assert asked(SipMessage(method=b"BYE", user_agent=b"xyz")) == "ua:x* src:10.0.0.0/8"
    assert asked(SipMessage(method=b"BYE")) is None


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"discard": "method:"}, "[sip] discard, in the rule method:"),
        ({"discard": "mood:bad"}, "[sip] discard, in the rule mood:bad"),
        ({"discard": "dur:>3s"}, "dur is not known of one packet"),
        ({"censor": "Authorization"}, "write header:NAME or body:TYPE"),
        ({"censor": "header:"}, "write header:NAME or body:TYPE"),
        ({"censor": "body:a/b/c"}, "write header:NAME or body:TYPE"),
    ],
)
def test_a_rule_that_is_not_understood_is_one_sentence(settings: dict[str, object], said: str) -> None:
    with pytest.raises(RuleError) as caught:
        rules(**settings)
    assert isinstance(caught.value, SettingsError)
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_a_header_is_written_over_with_its_folded_lines() -> None:
    changed, by = censored(REGISTER, "header:Authorization header:x-pin header:P-None")
    assert by == ("header:Authorization", "header:x-pin")
    assert b"alice" not in changed[: changed.index(b"From:")] and b"0123" not in changed
    assert b"AUTHORIZATION : censored" in changed and b"X-Pin: **\r\n" in changed
    message = parse(changed)
    assert (message.callid, message.cseq_method, message.auth_user, message.problems) == (b"abc", b"REGISTER", b"", ())


def test_a_header_is_known_by_its_short_form_and_only_before_the_body() -> None:
    payload = b"INFO sip:a SIP/2.0\r\ns: about us\r\nContent-Length: 20\r\n\r\nSubject: of the body\r\n"
    changed, _ = censored(payload, "header:Subject")
    assert changed == payload.replace(b"about us", b"censored")


def test_a_body_is_written_over_by_its_type() -> None:
    payload = (
        b"MESSAGE sip:a SIP/2.0\r\nContent-Type: Message/CPIM;charset=x\r\nContent-Length: 14\r\n\r\nthis is secret"
    )
    changed, by = censored(payload, "body:message/cpim")
    assert changed == payload.replace(b"this is secret", b"censored******")
    assert by == ("body:message/cpim",)
    assert censored(payload, "body:text/*") == (payload, ())
    assert censored(payload, "body:*")[0] == changed


def test_a_body_without_a_type_is_text() -> None:
    payload = b"MESSAGE sip:a SIP/2.0\r\nCall-ID: a\r\n\r\nthis is secret"
    assert censored(payload, "body:text/*")[0].endswith(b"\r\n\r\ncensored******")


def test_parts_of_a_body_are_written_over_each_by_its_type() -> None:
    changed, by = censored(MULTIPART, "body:text/plain")
    assert by == ("body:text/plain",)
    assert b"secret" not in changed and b"two lines" not in changed and b"without a type" not in changed
    assert b"v=0\r\n--xx" in changed and changed.endswith(b"--xx--\r\n")
    whole, _ = censored(MULTIPART, "body:multipart/*")
    assert b"v=0" not in whole and b"--xx" not in whole


@given(st.binary(max_size=300))
def test_whatever_follows_nothing_is_raised_and_the_length_stays(noise: bytes) -> None:
    held = rules(censor="header:From body:text/* body:multipart/*")
    for payload in (noise, REGISTER[:200] + noise, MULTIPART[:150] + noise):
        assert len(held.censored(payload, b"multipart/mixed;boundary=x")[0]) == len(payload)
