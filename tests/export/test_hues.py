import re

import pytest

from appliance.export.hues import HUES, colour, hue, hue_of
from appliance.web import wording


def test_a_call_has_the_same_hue_on_pages_and_in_pictures() -> None:
    assert f"hue-{hue_of('c1@made')}" == wording.hue("c1@made")
    assert wording.HUES == HUES


def test_numbers_begin_anew_behind_the_last_hue() -> None:
    assert hue(0) == hue(HUES) == 0


@pytest.mark.parametrize("number", range(HUES))
def test_every_colour_is_one_that_a_screen_shows(number: int) -> None:
    for lightness in (0.1, 0.47, 0.62, 0.78, 0.99):
        assert re.fullmatch("#[0-9a-f]{6}", colour(number, lightness, 0.3))


def test_known_colours_are_converted_rightly() -> None:
    assert (colour(0, 1.0, 0.0), colour(0, 0.0, 0.0)) == ("#ffffff", "#000000")
    red, green, blue = (int(colour(0, 0.62, 0.17)[n : n + 2], 16) for n in (1, 3, 5))
    assert red > 180 and green < 120 and 80 < blue < 170


def test_neighbours_differ() -> None:
    assert len({colour(number, 0.62, 0.17) for number in range(HUES)}) == HUES
