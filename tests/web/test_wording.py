from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.export.moments import shown_in
from appliance.model.octets import text
from appliance.web import wording

NOON = 1_795_435_200_123_456


def test_times_are_utc() -> None:
    assert wording.clock(NOON) == "12:00:00.123"
    assert wording.stamp(NOON) == "2026-11-23 12:00:00.123"
    assert wording.minute(NOON) == "2026-11-23 12:00"
    assert wording.day(NOON) == "2026-11-23"
    assert wording.zoned(NOON) == "2026-11-23 12:00:00.123456 UTC"


def test_times_are_in_the_zone_that_the_page_is_in() -> None:
    with shown_in(ZoneInfo("Europe/Berlin")):
        assert wording.minute(NOON) == "2026-11-23 13:00"
        assert wording.zoned(NOON) == "2026-11-23 13:00:00.123456 CET (UTC+01:00)"


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [(None, "–"), (0, "0 ms"), (999, "999 ms"), (3420, "3.42 s"), (245_000, "4:05"), (3_723_000, "1:02:03")],
)
def test_spans_have_their_unit(milliseconds: int | None, words: str) -> None:
    assert wording.span(milliseconds) == words


@pytest.mark.parametrize(
    ("count", "words"), [(None, "–"), (512, "512 B"), (1434, "1.4 KiB"), (3 << 30, "3.0 GiB"), (5 << 40, "5.0 TiB")]
)
def test_sizes_have_their_unit(count: int | None, words: str) -> None:
    assert wording.size(count) == words


def test_numbers_are_grouped() -> None:
    assert wording.number(1234567) == "1\u202f234\u202f567"
    assert wording.number(14.25) == "14.2"
    assert wording.number(None) == "–"


def test_controls_and_marks_of_direction_are_written_out() -> None:
    assert wording.visible("a\x1b[31m\x7f\u202e\x85") == "a␛[31m␡⟨U+202E⟩⟨U+0085⟩"
    assert wording.visible(None) == ""
    assert wording.visible_lines("a\r\nb\tc\rd") == "a\nb\tc␍d"


@given(st.binary(max_size=100))
def test_whatever_came_off_the_wire_can_be_sent(octets: bytes) -> None:
    wording.visible(text(octets)).encode()
    wording.visible_lines(text(octets)).encode()


def test_methods_and_codes_have_classes() -> None:
    assert wording.reply_class("486") == "rc-4"
    assert wording.reply_class("INVITE") == "req req-invite"
    assert wording.reply_class('"><x') == "req req-x"
    assert wording.reply_class("") == "req"
    assert wording.status_class(503) == "rc-5"
    assert wording.status_class(None) == ""


def test_a_callid_keeps_its_hue() -> None:
    assert wording.hue("a@b") == wording.hue("a@b")
    assert int(wording.hue("x").removeprefix("hue-")) < wording.HUES


def test_addresses_of_ipv6_stand_in_brackets() -> None:
    assert wording.address("2001:db8::1", 5060) == "[2001:db8::1]:5060"
    assert wording.address("192.0.2.1", 5060) == "192.0.2.1:5060"
    assert wording.address("192.0.2.1") == "192.0.2.1"


@pytest.mark.parametrize(("words", "said"), [("the SVG has it", "The SVG has it."), ("Done.", "Done."), ("", ".")])
def test_a_sentence_begins_and_ends_as_one(words: str, said: str) -> None:
    assert wording.sentence(words) == said
