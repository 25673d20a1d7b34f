import re

import pytest

from appliance.export.hues import HUES
from appliance.export.ladder_style import DARK, LIGHT, file_css, own, page_css, picture_css

GROUNDS = ("ground", "band", "head", "related", "hover", "chosen")


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_text_has_contrast_aa_on_every_ground() -> None:
    for colours in (LIGHT, DARK):
        for text in ("text", "faint", "request", "r1", "r2", "r3", "r4", "r5", "mark", "good", "fair", "bad"):
            for ground in GROUNDS:
                assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground, colours[ground])


@pytest.mark.parametrize("number", range(HUES))
def test_the_colours_of_transactions_have_contrast_aa_too(number: int) -> None:
    for colours in (LIGHT, DARK):
        for ground in GROUNDS:
            assert contrast(own(number, colours), colours[ground]) >= 4.5, ground


def test_both_sets_of_colours_have_the_same_names() -> None:
    assert LIGHT.keys() == DARK.keys()


def test_the_page_can_be_switched_and_the_picture_is_light() -> None:
    assert ":root[data-theme=dark] .ladder .ground" in page_css()
    assert "@media (prefers-color-scheme: dark)" in file_css()
    assert "@media" not in picture_css()
    assert DARK["request"] not in picture_css()


def test_the_pages_rules_touch_nothing_but_the_ladder() -> None:
    selectors = re.findall(r"^([^@{}\n]+) \{", page_css(), re.MULTILINE)
    assert selectors
    assert all(".ladder " in part for selector in selectors for part in selector.split(", "))
