import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.query.errors import TimeError
from appliance.query.times import TimeRange, time_range, time_us

NOW = 1_795_435_200_000_000  # 2026-11-23 12:00 UTC
HOUR = 3_600_000_000


@pytest.mark.parametrize(
    ("text", "after_now"),
    [
        ("now", 0),
        ("-15m", -HOUR // 4),
        ("-3h", -3 * HOUR),
        ("-7d", -7 * 24 * HOUR),
        ("now-30s", -30_000_000),
        ("-1w", -7 * 24 * HOUR),
        ("2026-11-23", -12 * HOUR),
        ("2026-11-23T11:00", -HOUR),
        ("2026-11-23 11:00", -HOUR),
        ("2026-11-23T11:00:00.25", -HOUR + 250_000),
        ("2026-11-23T12:00Z", 0),
        ("2026-11-23T12:00+01:00", -HOUR),
        ("2026-11-23T12:00 01:00", -HOUR),
        ("2026-11-23T12:00:00 0100", -HOUR),
        ("1795435200", 0),
        ("1795435200.5", 500_000),
        (" 1795435200 ", 0),
    ],
)
def test_a_time_is_read(text: str, after_now: int) -> None:
    assert time_us(text, NOW, "from") - NOW == after_now


def test_without_times_it_is_the_last_hour() -> None:
    assert time_range(None, None, NOW) == TimeRange(NOW - HOUR, NOW)
    assert time_range("", " ", NOW) == TimeRange(NOW - HOUR, NOW)


def test_without_from_it_is_the_hour_before_to() -> None:
    assert time_range(None, "-3h", NOW) == TimeRange(NOW - 4 * HOUR, NOW - 3 * HOUR)


@pytest.mark.parametrize(
    ("from_", "to", "where", "words"),
    [
        ("yesterday", None, "from", "is not a time"),
        (None, "12:00", "to", "is not a time"),
        ("now", "-1h", "from", "ends before it begins"),
        ("now", "now", "from", "ends before it begins"),
        ("1795435200000000", None, "from", "microseconds"),
        ("1900-01-01", None, "from", "1970"),
        ("2026-11-23T25:00", None, "from", "is not a time"),
        (None, "0", "to", "ends before it begins"),
    ],
)
def test_a_time_that_cannot_be_is_one_sentence(from_: str | None, to: str | None, where: str, words: str) -> None:
    with pytest.raises(TimeError, match=words) as caught:
        time_range(from_, to, NOW)
    assert caught.value.where == where


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_raises_anything_but_an_error_of_the_time(from_: str, to: str) -> None:
    try:
        found = time_range(from_, to, NOW)
    except TimeError:
        return
    assert 0 <= found.from_us < found.to_us
