import contextlib
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from appliance.model.ids import (
    HASH_MASK,
    BadName,
    MessageId,
    call_key,
    callid_hash,
    callid_key,
    hour_of_day,
    parse_call_key,
    parse_message_id,
    payload_hash,
)
from appliance.model.kinds import DAY_US, Kind, day_of, day_start_us

SITES = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.", max_size=32)
DAYS = st.dates(date(1970, 1, 1), date(2200, 1, 1))
TEN_PAST_TEN_US = int(datetime(2026, 11, 23, 10, 10, tzinfo=UTC).timestamp()) * 1_000_000


@st.composite
def message_ids(draw: st.DrawFn) -> MessageId:
    day = draw(DAYS)
    moment = day_start_us(day) + draw(st.integers(0, DAY_US - 1))
    return MessageId(draw(SITES), draw(st.sampled_from(Kind)), day, moment, draw(st.integers(0, 2**64 - 1)))


@given(message_ids())
def test_a_message_id_is_read_as_it_was_written(message_id: MessageId) -> None:
    assert parse_message_id(str(message_id)) == message_id


@given(st.text())
@example("")
@example("site-call-20261123-")
@example("site-call-20261123--1")
@example("site-call-20261123-+1")
@example("site-call-20261123-1_0")
@example("site-call-20261123-A")
@example("site-call-20261123-01")
@example("site-call-2026112-1")
@example("site-call-20261332-1")
@example("site-nothing-20261123-1")
@example("site-call-20261123-٣")
@example("site-call-20261123-" + "z" * 5000)
def test_any_other_text_is_a_bad_name_and_nothing_else(text: str) -> None:
    with contextlib.suppress(BadName):
        assert str(parse_message_id(text)) == text


def test_a_moment_outside_of_its_day_is_a_bad_name() -> None:
    day = date(2026, 11, 23)
    outside = MessageId("site", Kind.CALL, day, day_start_us(day) + DAY_US, 1)
    with pytest.raises(BadName):
        parse_message_id(str(outside))


@given(st.binary())
@example(b"")
@example(b".")
@example(b"..")
@example(b"~abc")
@example(b"a/b?c#d%41")
@example(b"plain@example.com\n")
def test_any_callid_comes_back_from_its_key(callid: bytes) -> None:
    key = call_key(callid)
    assert parse_call_key(key) == callid
    assert key not in ("", ".", "..")
    assert all(character in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@._-~" for character in key)


def test_an_ordinary_callid_is_its_own_key() -> None:
    assert call_key(b"a84b4c76e66710@pc33.atlanta-1_x.com") == "a84b4c76e66710@pc33.atlanta-1_x.com"


@given(st.text())
@example("~")
@example("~a")
@example("~====")
@example("~é")
@example("~YQ==")
def test_any_key_gives_a_callid_or_is_a_bad_name(key: str) -> None:
    with contextlib.suppress(BadName):
        parse_call_key(key)


@given(st.binary(), st.integers(0, 2**48))
def test_the_key_of_a_message_holds_its_hour_above_the_hash(callid: bytes, time_us: int) -> None:
    key = callid_key(callid, time_us)
    assert (key >> 56, key & HASH_MASK) == (hour_of_day(time_us), callid_hash(callid))
    assert key < 2**64


def test_the_hour_is_that_of_the_utc_day() -> None:
    assert hour_of_day(TEN_PAST_TEN_US) == 10
    assert hour_of_day(day_start_us(day_of(TEN_PAST_TEN_US))) == 0


def test_equal_octets_have_one_hash_that_fits_its_column() -> None:
    assert payload_hash(b"INVITE") == payload_hash(b"INVITE") != payload_hash(b"INVITE ")
    assert 0 <= payload_hash(b"\xff" * 70_000) < 2**63
