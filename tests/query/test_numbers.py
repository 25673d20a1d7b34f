import pytest

from appliance.query.errors import QueryError
from appliance.query.numbers import (
    printed_duration,
    printed_number,
    printed_status,
    read_duration,
    read_fraction,
    read_number,
    read_status,
)


@pytest.mark.parametrize("text", ["0", "5060", "1..9", ">9", ">=9", "<9", "<=9"])
def test_a_number_is_printed_as_it_was_read(text: str) -> None:
    assert printed_number(read_number("port", text, 0)) == text


@pytest.mark.parametrize("text", ["3.5", "1..3.5", "<3.5", ">=0.25"])
def test_a_fraction_is_printed_as_it_was_read(text: str) -> None:
    assert printed_number(read_fraction("mos", text, 0)) == text


@pytest.mark.parametrize(
    ("text", "printed"), [("404", "404"), ("5XX", "5xx"), ("18x", "18x"), ("180..189", "18x"), ("4xx..5xx", "400..599")]
)
def test_codes_are_printed_short(text: str, printed: str) -> None:
    assert printed_status(read_status("status", text, 0)) == printed


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("3", "3s"),
        ("3s", "3s"),
        ("60s..120s", "1m..2m"),
        (">1.5s", ">1500ms"),
        ("0s..1us", "0s..1us"),
        ("<=24h", "<=1d"),
    ],
)
def test_a_duration_is_printed_in_its_largest_unit(text: str, printed: str) -> None:
    span = read_duration("dur", text, 0)
    assert printed_duration(span) == printed
    assert read_duration("dur", printed, 0) == span


@pytest.mark.parametrize("text", ["", "x", "3 s", "3..", "..3", "1..2..3", "٣s", ">", "1e9", "-1", "5m3s"])
def test_what_is_no_duration_says_how_one_is_written(text: str) -> None:
    with pytest.raises(QueryError, match="write 3s"):
        read_duration("dur", text, 0)
