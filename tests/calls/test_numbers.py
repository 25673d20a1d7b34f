import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import SUPPORTED_REGIONS

from appliance.calls.numbers import Numbering, of_international
from appliance.sip.uri import user_domain
from tests.calls.made import flow


@pytest.mark.parametrize(
    ("user", "country"),
    [
        ("+4930123456", "DE"),
        ("+49-30/123 456", "DE"),
        ("%2B37167123456", "LV"),
        ("0037167123456", "LV"),
        ("030123456", "DE"),
        ("0171 2345678", "DE"),
        ("4930123456", "DE"),
        ("442071234567", "GB"),
        ("+441481720000", "GG"),
        ("+12125551212;npdi;rn=+12125550000", "US"),
        ("+18765551212", "JM"),
        ("+79161234567", "RU"),
        ("+77071234567", "KZ"),
        ("+390612345678", "IT"),
        ("7042;phone-context=+1914555", "US"),
        ("863-1234;phone-context=+1-914-555", "US"),
        ("911;phone-context=+1", ""),
        ("911;phone-context=+1876", "JM"),
        ("112;phone-context=+49", "DE"),
        ("112;phone-context=%2B371", "LV"),
        ("7042;phone-context=+800", ""),
        ("7042;phone-context=+", ""),
        ("7042;phone-context=+0", ""),
        ("7042;phone-context=example.com", ""),
        ("7042;npdi;rn=+37167000000", "LV"),
        ("100", ""),
        ("112", ""),
        ("alice", ""),
        ("alice2030123456", ""),
        ("+8001234567", ""),
        ("+88213123456", ""),
        ("+9991000012912", ""),
        ("+0493012345", ""),
        ("٠٣٠١٢٣٤٥٦", ""),
        ("", ""),
    ],
)
def test_a_number_seen_from_germany_is_of_a_country(user: str, country: str) -> None:
    assert Numbering("DE").country(user) == country


@pytest.mark.parametrize(
    ("home", "user", "country"),
    [
        ("US", "2125551212", "US"),
        ("US", "12125551212", "US"),
        ("US", "8765551212", "JM"),
        ("US", "01137167123456", "LV"),
        ("RU", "89161234567", "RU"),
        ("RU", "81037167123456", "LV"),
        ("IT", "0612345678", "IT"),
        ("LV", "67123456", "LV"),
    ],
)
def test_what_is_dialled_depends_on_the_home(home: str, user: str, country: str) -> None:
    assert Numbering(home).country(user) == country


def test_without_a_home_only_numbers_with_a_country_code_are_known() -> None:
    nowhere = Numbering()
    assert [nowhere.country(user) for user in ("0037167123456", "01137167123456", "+37167123456")] == ["LV"] * 3
    assert [nowhere.country(user) for user in ("030123456", "4930123456", "2125551212")] == [""] * 3


def test_the_context_of_a_tel_uri_is_kept_for_its_country() -> None:
    user, _, _ = user_domain(b"tel:112;phone-context=+4420-7")
    assert Numbering("DE").country(user.decode()) == "GB"


def test_the_countries_of_a_call_are_those_of_the_caller_and_of_what_was_dialled() -> None:
    germany = Numbering("DE")
    (invite,) = flow("0 A>P INVITE from_user=+37167123456 ruri_user=030123456 to_user=+442071234567")
    assert germany.countries(invite) == ("LV", "DE")
    (hidden,) = flow("0 A>P INVITE from_user=anonymous pid_user=+37167123456 ruri_user=bob to_user=+442071234567")
    assert germany.countries(hidden) == ("LV", "GB")


@pytest.mark.parametrize("home", ["DE", "US", "AU", "BR", "JP", "RU", "IT", "SG", ""])
@given(user=st.text(alphabet="0123456789+-;=.,*#ab%", max_size=24) | st.text(max_size=12))
def test_whatever_stands_for_a_user_gives_a_country_or_none(home: str, user: str) -> None:
    assert Numbering(home).country(user) in {"", *SUPPORTED_REGIONS}


@given(st.from_regex(r"\d{0,20}", fullmatch=True))
def test_the_country_depends_on_the_beginning_alone(digits: str) -> None:
    assert len(of_international(digits)) in (0, 2)
