import pytest

from appliance.sip.values import auth_user, check_length, contact_user, cseq, expires, leading_number


@pytest.mark.parametrize(
    ("value", "number", "method", "problem"),
    [
        (b" 1 INVITE", 1, b"INVITE", ""),
        (b"0009\tBYE ", 9, b"BYE", ""),
        (b"2147483647 ACK", 2147483647, b"ACK", ""),
        (b"2147483648 ACK", None, b"ACK", "bad-cseq"),
        (b"36893488147419103232 REGISTER", None, b"REGISTER", "bad-cseq"),
        (b"one INVITE", None, b"INVITE", "bad-cseq"),
        (b"INVITE", None, b"INVITE", "bad-cseq"),
        (b"7", 7, b"", "bad-cseq"),
        (b" ", None, b"", "no-cseq"),
    ],
)
def test_a_cseq_keeps_what_can_be_read_of_it(value: bytes, number: int | None, method: bytes, problem: str) -> None:
    assert cseq(value) == (number, method, problem)


@pytest.mark.parametrize(
    ("value", "size", "problems"),
    [
        (b" 10 ", 10, []),
        (b"0", 5, []),
        (b"11", 10, ["short-body"]),
        (b"4294967328", 32, ["short-body"]),
        (b"99999999999999999999", 10, ["short-body"]),
        (b"-1", 10, ["bad-content-length"]),
        (b"ten", 10, ["bad-content-length"]),
    ],
)
def test_a_body_may_be_longer_than_its_length_and_not_shorter(value: bytes, size: int, problems: list[str]) -> None:
    found: list[str] = []
    check_length(value, size, found)
    assert found == problems


def test_a_star_is_no_contact_with_a_user() -> None:
    assert contact_user(b" * ") == (b"", True)
    assert contact_user(b"<sip:alice@192.0.2.1>;expires=60") == (b"alice", True)
    assert contact_user(b"<sip:alice@192.0.2.1") == (b"alice", False)


def test_the_user_of_credentials_is_found_wherever_it_stands() -> None:
    assert auth_user(b'Digest realm="a, b", username="alice", nonce=""') == b"alice"
    assert auth_user(b"Digest username=alice") == b"alice"
    assert auth_user(b"Basic YTpi") == b""


def test_expires_is_a_number_of_32_bits() -> None:
    problems: list[str] = []
    assert expires(b" 3600 ", problems) == 3600
    assert problems == []
    assert expires(b"4294967296", problems) is None
    assert problems == ["bad-expires"]


@pytest.mark.parametrize(
    ("value", "number"), [(b"1800;x=1", 1800), (b" 5 (busy)", 5), (b"soon", None), (b"9" * 11, None), (b"", None)]
)
def test_what_follows_a_number_does_not_count(value: bytes, number: int | None) -> None:
    assert leading_number(value) == number
