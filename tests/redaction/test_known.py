import ipaddress

import pytest

from appliance.redaction.known import MOST_WORDS, Known


@pytest.fixture
def known() -> Known:
    found = Known([b"gold-line"])
    found.add_number(b"4930123456")
    found.add_number(b"110")
    found.add_address(ipaddress.ip_address("2001:db8::1"), "2001:DB8:0::1")
    return found


def test_five_digits_in_a_row_tell_of_a_number(known: Known) -> None:
    assert known.tells(b"930123456")
    assert known.tells(b"99999301239999")
    assert not known.tells(b"0123")
    assert not known.tells(b"9999999")


def test_with_signs_between_it_takes_seven(known: Known) -> None:
    assert known.tells_apart(b"4930123")
    assert not known.tells_apart(b"493012")


def test_forms_of_a_number_are_known_by_their_end(known: Known) -> None:
    assert known.is_form(b"030123456")
    assert known.is_form(b"00004930123456")
    assert not known.is_form(b"4930123457")


def test_short_numbers_are_not_sought_everywhere(known: Known) -> None:
    assert b"110" not in known.numbers


def test_words_are_sought_by_themselves_whatever_their_capitals(known: Known) -> None:
    pattern = known.word_pattern
    assert pattern is not None
    assert pattern.search(b"to Gold-Line.")
    assert not pattern.search(b"marigold-liner")


@pytest.mark.parametrize("word", [b"sip", b"branch", b"INVITE", b"abc"])
def test_words_of_the_protocol_and_short_ones_are_not_sought(word: bytes) -> None:
    known = Known([word])
    known.add_host(word if len(word) > 3 else b"ab")
    assert known.word_pattern is None
    assert known.host_pattern is None


def test_words_are_bounded() -> None:
    assert len(Known(b"word%d" % n for n in range(MOST_WORDS + 9)).words) == MOST_WORDS


def test_a_stand_in_holds_no_known_address(known: Known) -> None:
    assert not known.is_free("2001:db8::1")
    assert not known.is_free("2001:db8::1:5")
    assert known.is_free("2001:db8::2")
