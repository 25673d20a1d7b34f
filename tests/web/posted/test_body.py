import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.web.posted.body import MOST_ITEMS, MOST_OCTETS, BadBody, items


def test_one_object_is_one_item_and_an_array_many() -> None:
    assert items(b'{"a": 1}', "application/json") == [{"a": 1}]
    assert items(b'[{"a": 1}, {"b": 2}]', "application/json; charset=utf-8") == [{"a": 1}, {"b": 2}]


def test_lines_are_items() -> None:
    assert items(b'{"a": 1}\n\n{"b": 2}\n', "application/x-ndjson") == [{"a": 1}, {"b": 2}]
    assert items(b"one\r\n\r\ntwo\n", "text/plain") == ["one", "two"]


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_what_is_packed_is_unpacked(encoding: str, pack) -> None:  # type: ignore[no-untyped-def]
    assert items(pack(b'{"a": 1}'), "application/json", encoding) == [{"a": 1}]
    with pytest.raises(BadBody, match="ends too early"):
        items(pack(b'{"a": 1}')[:-6], "application/json", encoding)
    with pytest.raises(BadBody, match="larger than"):
        items(pack(bytes(MOST_OCTETS + 1)), "application/json", encoding)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"[NaN]", b"[" * 100_000, b'{"ts": ' + b"9" * 10_000 + b"}", b'{"a": 1} {"b": 2}']
)
def test_what_is_no_json_is_said_in_a_sentence(body: bytes) -> None:
    with pytest.raises(BadBody) as caught:
        items(body, "application/json")
    assert caught.value.status == 400


def test_a_bad_line_is_named() -> None:
    with pytest.raises(BadBody) as caught:
        items(b"{}\n{", "application/x-ndjson")
    assert caught.value.where == "line 2"


def test_too_many_items_and_unknown_packing_are_refused() -> None:
    with pytest.raises(BadBody) as caught:
        items(b"[" + b"1," * MOST_ITEMS + b"1]", "")
    assert caught.value.status == 413
    with pytest.raises(BadBody) as caught:
        items(b"{}", "", "br")
    assert caught.value.status == 415


@given(
    st.binary(max_size=200), st.sampled_from(["", "text/plain", "application/x-ndjson"]), st.sampled_from(["", "gzip"])
)
def test_nothing_else_is_raised(body: bytes, kind: str, encoding: str) -> None:
    try:
        assert isinstance(items(body, kind, encoding), list)
    except BadBody as error:
        assert 400 <= error.status < 500
