"""Hues that tell Call-IDs and transactions apart, the same on pages, in files and in pictures.

Neighbours in number are far apart in hue (the golden angle). Given as sRGB, since what draws pictures knows no OKLCH:
converted as in B. Ottosson, "A perceptual color space for image processing", less coloured where a screen cannot
show it.
"""

import math
from functools import cache

from appliance.model.ids import callid_hash
from appliance.model.octets import octets

HUES = 24
_GOLDEN_DEGREES = 137.5


def hue(number: int) -> int:
    """Which of the hues a number has."""
    return number % HUES


def hue_of(callid: str) -> int:
    """That of a Call-ID, today and tomorrow."""
    return callid_hash(octets(callid)) % HUES


@cache
def colour(number: int, lightness: float, chroma: float) -> str:
    """`#rrggbb` of a hue; lightness 0 to 1, chroma about 0 to 0.3."""
    degrees = (number * _GOLDEN_DEGREES) % 360
    while True:
        channels = _linear(lightness, chroma, math.radians(degrees))
        if all(-0.0005 <= channel <= 1.0005 for channel in channels) or chroma <= 0:
            return "#" + "".join(f"{_encoded(channel):02x}" for channel in channels)
        chroma -= 0.005


def _linear(lightness: float, chroma: float, radians: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(radians), chroma * math.sin(radians)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _encoded(channel: float) -> int:
    """The sRGB transfer function, 0 to 255."""
    channel = min(1.0, max(0.0, channel))
    value = 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
    return round(255 * value)
