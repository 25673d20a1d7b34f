from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from appliance.ingest.spans import Span, keys_by_day
from appliance.model.ids import HOUR_US, callid_key
from appliance.model.kinds import DAY_US, day_of, day_start_us

DAY = date(2026, 11, 23)
MIDNIGHT_US = day_start_us(DAY)
TIMES = st.integers(MIDNIGHT_US - 2 * DAY_US, MIDNIGHT_US + 2 * DAY_US)


@given(TIMES, TIMES, TIMES)
def test_every_message_within_a_span_lies_under_one_of_its_keys(one: int, other: int, inside: int) -> None:
    span = Span(min(one, other), max(one, other))
    within = min(max(inside, span.first_us), span.last_us)
    keys = keys_by_day({callid_key(b"c", 0): span})
    assert callid_key(b"c", within) in keys[day_of(within)]
    assert sum(map(len, keys.values())) == len(span.hours)


def test_keys_are_sorted_and_by_day() -> None:
    span = Span(MIDNIGHT_US - 1, MIDNIGHT_US + HOUR_US)
    keys = keys_by_day({7: span, 5: span})
    assert list(keys) == [date(2026, 11, 22), DAY]
    assert keys[date(2026, 11, 22)] == [23 << 56 | 5, 23 << 56 | 7]
    assert keys[DAY] == [5, 7, 1 << 56 | 5, 1 << 56 | 7]


@given(TIMES, TIMES, TIMES, TIMES)
def test_a_span_over_others_holds_them(a: int, b: int, c: int, d: int) -> None:
    one, other = Span(min(a, b), max(a, b)), Span(min(c, d), max(c, d))
    over = one.with_(other)
    assert (over.first_us, over.last_us) == (min(a, b, c, d), max(a, b, c, d))
    assert one.with_() == one


def test_a_wider_span_reaches_back_as_asked_and_an_hour_ahead_but_never_before_1970() -> None:
    assert Span(5 * HOUR_US, 6 * HOUR_US).wider(2 * HOUR_US) == Span(3 * HOUR_US, 7 * HOUR_US)
    assert Span(5, 6).wider(HOUR_US).first_us == 0
