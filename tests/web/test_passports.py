import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.web.passports import passport


def coded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def token(payload: object, header: object = None) -> str:
    return f"{coded(header or {'alg': 'ES256', 'ppt': 'shaken', 'x5u': 'https://c'})}.{coded(payload)}.c2ln"


def test_the_claims_are_told_in_words() -> None:
    said = {"attest": "B", "dest": {"tn": ["49302"], "uri": ["sip:a"]}, "iat": 1_795_428_672, "orig": {"tn": "49301"},
            "origid": "x-1"}  # fmt: skip
    found = passport(f'{token(said)};info=<https://c>;ppt="shaken"')
    claims = dict(found.claims)
    assert claims["Attestation"].startswith("B, partial")
    assert (claims["Caller"], claims["Called"]) == ("49301", "49302, sip:a")
    assert claims["Issued"] == "2026-11-23 10:11:12 UTC"
    assert (claims["Kind"], claims["Algorithm"], claims["Certificate"]) == ("shaken", "ES256", "https://c")
    assert found.rest == 'info=<https://c>;ppt="shaken"' and not found.problem
    assert json.loads(found.payload) == said


@pytest.mark.parametrize(
    "said",
    [
        [],
        "x",
        1,
        {"attest": 5, "orig": "x", "dest": {"tn": {"a": 1}}, "iat": True},
        {"iat": -1},
        {"iat": 1e99},
        {"attest": "Z"},
    ],
)
def test_claims_of_another_form_are_left_out(said: object) -> None:
    claims = dict(passport(token(said)).claims)
    assert claims.keys() <= {"Kind", "Algorithm", "Certificate", "Attestation"}
    assert claims.get("Attestation", "Z") == "Z"


def test_a_compact_token_says_what_was_left_out() -> None:
    assert "left out" in passport("..c2ln;info=<https://c>").payload


@pytest.mark.parametrize(
    "value",
    [
        *("nonsense", "a.b.c", "!.!.!", f"{coded({})}.{'e30' * 9000}.x", "ÿ.ÿ.ÿ"),
        f"{coded({})}.{base64.urlsafe_b64encode(b'[' * 9000).decode()}.x",
    ],
)
def test_a_broken_token_says_so(value: str) -> None:
    found = passport(value)
    assert found.problem and not found.claims


@given(st.text(max_size=80))
def test_any_value_can_be_taken_apart(value: str) -> None:
    passport(value)
    passport(f"{coded({'a': value})}.{coded({'orig': {'tn': value}})}.x")
