import pytest
from phonenumbers import SUPPORTED_REGIONS

from appliance.model.country import country_code, country_name


@pytest.mark.parametrize(("code", "words"), [("LV", "Latvia"), ("DE", "Germany"), ("XX", "XX"), ("", "")])
def test_a_code_has_a_name_or_stands_for_itself(code: str, words: str) -> None:
    assert country_name(code) == words


def test_nearly_every_country_that_numbers_are_of_has_a_name() -> None:
    assert {code for code in SUPPORTED_REGIONS if country_name(code) == code} <= {"AC", "TA", "XK"}


def test_a_code_may_be_written_small_or_left_out() -> None:
    assert [country_code(text) for text in ("de", "LV", "")] == ["DE", "LV", ""]


@pytest.mark.parametrize("text", ["Germany", "49", "XX"])
def test_what_is_no_code_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match=f"{text} is no country; write its two letters"):
        country_code(text)
