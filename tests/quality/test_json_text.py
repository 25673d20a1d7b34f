from hypothesis import given
from hypothesis import strategies as st

from appliance.quality.json_text import looks_like_json, read_json


def test_junk_around_json_is_left_out() -> None:
    assert read_json(b'\xef\xbb\xbf {"a": 1}\0\r\n junk') == {"a": 1}
    assert looks_like_json(b" \0[1]")
    assert not looks_like_json(b"VQSessionReport")


def test_depth_and_digits_without_end_are_no_json() -> None:
    assert read_json(b"[" * 65_000) is None
    assert read_json(b'{"a":' * 12_000) is None
    assert read_json(b"[" + b"9" * 60_000 + b"]") is None


@given(st.binary())
def test_any_octets_are_read_or_not(payload: bytes) -> None:
    read_json(payload)
