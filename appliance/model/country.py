"""Countries by their ISO 3166 codes, from the list that comes with the time zones (tzdata)."""

from functools import cache
from importlib.resources import files


def country_code(text: object) -> object:
    """The code in capitals; "" is none. Raises ValueError with a sentence for a code of no country."""
    if not isinstance(text, str) or not text or text.upper() in _names():
        return text.upper() if isinstance(text, str) else text
    raise ValueError(f"{text} is no country; write its two letters (ISO 3166), such as DE")


def country_name(code: str) -> str:
    """`Latvia` of `LV`; the code itself when it is in no list."""
    return _names().get(code, code)


@cache
def _names() -> dict[str, str]:
    lines = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if not line.startswith("#"))
