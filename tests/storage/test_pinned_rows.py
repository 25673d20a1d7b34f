import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.calls.fold import fold
from appliance.storage import pinned_rows, texts
from tests.calls.made import START_US, flow

ROWS = flow("0 A>B INVITE", "90 B>A 200 INVITE reason=Q.850", "5000 A>B BYE")


@given(st.binary(max_size=100), st.binary(max_size=20))
def test_a_message_comes_back_octet_for_octet(raw: bytes, name: bytes) -> None:
    row = replace(
        ROWS[0], raw=raw, from_user=name.decode("utf-8", "surrogateescape"), problems=("bad-via",), seen=(("tap", 5),)
    )
    assert pinned_rows.message(pinned_rows.packed(row)) == row


def test_one_without_octets_has_none_afterwards() -> None:
    row = replace(ROWS[0], raw=None)
    assert pinned_rows.message(pinned_rows.packed(row)) == row


def test_a_record_comes_back() -> None:
    (call,) = fold(ROWS, START_US)
    assert pinned_rows.call(pinned_rows.packed(call)) == call


def test_a_field_of_another_version_does_no_harm() -> None:
    head, raw = texts.unpack(pinned_rows.packed(ROWS[0]))
    values = {**json.loads(head), "of_tomorrow": 1}
    del values["copies"]
    body = texts.pack([json.dumps(values).encode(), raw])
    assert pinned_rows.message(body) == ROWS[0]


def test_a_damaged_copy_is_told() -> None:
    with pytest.raises(texts.DamagedBlock):
        pinned_rows.message(b"nothing")
