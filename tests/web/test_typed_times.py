import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.web import typed_times

NOW = 1_795_435_200_000_000  # 2026-11-23 12:00 UTC


def test_a_time_without_a_zone_is_read_in_the_persons() -> None:
    found = typed_times.settled({"q": "x", "zone": "Europe/Berlin", "from": "2026-11-23 10:00", "to": "now"}, NOW)
    assert found == {"q": "x", "from": "2026-11-23T09:00:00.000000Z", "to": "now"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("-15m", "-15m"),
        ("2026-11-23T10:00Z", "2026-11-23T10:00:00.000000Z"),
        ("2026-07-01T10:00", "2026-07-01T08:00:00.000000Z"),
        ("1795435200", "2026-11-23T12:00:00.000000Z"),
        ("soon", "soon"),
    ],
)
def test_what_says_its_zone_or_moves_with_the_clock_stays(typed: str, meant: str) -> None:
    assert typed_times.settled({"zone": "Europe/Berlin", "from": typed}, NOW) == {"from": meant}


def test_the_browsers_own_field_goes_before_the_text() -> None:
    query = {"from": "-1h", "from.at": "2026-11-23T10:00", "to": "", "to.at": "", "view": "calls", "q": ""}
    assert typed_times.is_typed(query) and not typed_times.is_typed({"from": "2026-11-23T10:00"})
    assert typed_times.settled(query, NOW) == {"from": "2026-11-23T10:00:00.000000Z", "view": "calls"}


@given(st.text(), st.text(), st.text())
def test_whatever_is_typed_is_an_address(zone: str, text: str, at: str) -> None:
    typed_times.settled({"zone": zone, "from": text, "to.at": at}, NOW)
