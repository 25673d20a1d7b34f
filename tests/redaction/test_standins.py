import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.redaction.standins import HIDDEN_AT_LEAST, LETTERS, StandIns

MADE = StandIns(b"k" * 32)
digits = st.from_regex(rb"[0-9]{1,20}", fullmatch=True)


@given(digits, st.booleans())
def test_a_number_keeps_its_length_and_four_digits_at_most(number: bytes, international: bool) -> None:
    made = MADE.number(number, international)
    kept = len(made) - len(made.lstrip(b"0123456789"))
    assert len(made) == len(number)
    assert kept <= 4
    assert not kept or len(number) - kept >= HIDDEN_AT_LEAST
    assert set(made[kept:]) <= set(LETTERS)


def test_country_and_area_are_kept_where_enough_is_hidden() -> None:
    assert MADE.number(b"4930123456", True)[:4] == b"4930"
    assert MADE.number(b"00493012345678", False)[:4] == b"0049"
    assert MADE.number(b"030123456", False)[:3] == b"030"
    assert MADE.number(b"12345", True)[:1] in [bytes([letter]) for letter in LETTERS]


@given(digits)
def test_after_a_plus_stands_a_whole_country_code_or_none(number: bytes) -> None:
    made = MADE.number(number, True)
    assert len(made) - len(made.lstrip(b"0123456789")) in (0, 3, 4)


def test_the_same_value_has_the_same_stand_in_and_another_another() -> None:
    assert MADE.number(b"4930123456", True) == StandIns(b"k" * 32).number(b"4930123456", True)
    numbers = {MADE.number(b"4930%06d" % n, True) for n in range(2000)}
    assert len(numbers) == 2000


def test_numbers_that_differ_in_front_of_their_end_differ() -> None:
    assert MADE.letters(b"49301123456789") != MADE.letters(b"49302123456789")


@given(digits)
def test_figures_are_digits_as_many_and_fit_where_they_stood(number: bytes) -> None:
    made = MADE.figures(number, lambda _: True)
    assert made.isdigit()
    assert len(made) == len(number)


def test_figures_are_not_what_is_known() -> None:
    first = MADE.figures(b"12345", lambda _: True)
    assert MADE.figures(b"12345", lambda made: made != first) != first


@given(st.binary(min_size=1, max_size=80))
def test_words_keep_their_pattern_and_cannot_be_read(word: bytes) -> None:
    made = MADE.word(word)
    assert len(made) == max(4, len(word))
    assert not set(made) & set(b'<>"\\@;,\r\n%') - set(b"@")
    assert made == MADE.word(word.upper()) or not word.isascii()


def test_an_address_is_one_of_documentation_and_none_that_is_known() -> None:
    four, six = ipaddress.ip_address("10.0.0.1"), ipaddress.ip_address("2001:470::1")
    made = MADE.address(four, lambda _: True)
    assert made in ipaddress.ip_network("198.18.0.0/15")
    assert MADE.address(four, lambda one: one != str(made)) != made
    assert MADE.address(six, lambda _: True) in ipaddress.ip_network("2001:db8::/32")


def test_an_address_of_four_octets_in_sixteen_goes_with_its_like() -> None:
    mapped = MADE.address(ipaddress.ip_address("::ffff:10.0.0.1"), lambda _: True)
    assert isinstance(mapped, ipaddress.IPv6Address)
    assert mapped.ipv4_mapped == MADE.address(ipaddress.ip_address("10.0.0.1"), lambda _: True)


@pytest.mark.parametrize("value", [b"6B:8B:F0", b"00:11:22"])
def test_fingerprints_keep_their_form(value: bytes) -> None:
    made = MADE.hexadecimal(value)
    assert made[2::3] == value[2::3]
    assert not set(made) & set(b"0123456789")


def test_hosts_are_names_that_nobody_has() -> None:
    assert MADE.host(b"pbx.acme.example").endswith(b".invalid")
    assert MADE.host(b"PBX.acme.example") == MADE.host(b"pbx.acme.example")
