import base64
import json

import pytest

from appliance.redaction import credentials
from appliance.redaction.hiding import Hiding
from appliance.redaction.profile import Profile
from appliance.sip.values import auth_user
from tests.redaction.made import token


def hiding() -> Hiding:
    found = Hiding(Profile.NUMBERS, b"k" * 32)
    found.learning = False
    return found


def test_digest_keeps_its_form_and_loses_its_secrets() -> None:
    value = (
        b'Digest username="4930123456@ims.example", realm="x", nonce="aGVs=", uri="sip:bob@x",'
        b' response="00ff", cnonce="abc", opaque="o p", qop=auth, nc=00000001, algorithm=MD5'
    )
    made = credentials.credentials(value, hiding())
    for secret in (b"30123456", b"aGVs", b"00ff", b'"abc"', b"o p", b"sip:bob"):
        assert secret not in made
    for kept in (b'realm="x"', b"qop=auth", b"nc=00000001", b"algorithm=MD5", b"@ims.example"):
        assert kept in made
    assert auth_user(made).startswith(b"493")


@pytest.mark.parametrize("value", [b"Basic YWxpY2U6cGFzcw==", b"Bearer abc.def", b"NTLM xyz", b"abc"])
def test_other_credentials_are_withheld(value: bytes) -> None:
    made = credentials.credentials(value, hiding())
    assert credentials.WITHHELD in made
    assert value.rpartition(b" ")[2] not in made


def test_authentication_info_has_no_scheme() -> None:
    assert b"abcd" not in credentials.credentials(b'nextnonce="abcd", qop=auth', hiding())


def test_a_token_is_replaced_by_one_that_says_so() -> None:
    made = credentials.identity(token(b"4930123456") + b';info=<https://4930123456.example>;alg="ES256";ppt=shaken')
    assert b"4930123456" not in made
    payload = json.loads(base64.urlsafe_b64decode(made.split(b".")[1] + b"=="))
    assert payload["attest"] == "A"
    assert "replaced" in payload["redacted"]
    assert made.endswith(b";alg=ES256;ppt=shaken")


@pytest.mark.parametrize("value", [b"", b"a.b.c", b"...", b"\xff.\xff.\xff", b"x." + b"W10" + b".y"])
def test_a_broken_token_is_replaced_too(value: bytes) -> None:
    assert credentials.identity(value).count(b".") >= 2
