"""Users as they stand in From, To and Request-URI, made comparable: one number is written in many ways.

`+39 06 1963177`, `0039061963177` and `061963177` agree in their last digits; so do numbers behind a trunk prefix. A
local number with digits for its context (`863-1234;phone-context=+1-914-555`, RFC 3966 section 5.1.5) is read with them
before it: two of them are one number only if their contexts are one too (section 4).
"""

import re
from functools import lru_cache

TAIL = 7
"""Digits that two numbers must have in common at least, from the end."""
MOST_TAIL = 9
_NUMBER = re.compile(r"\+?[0-9 ().-]+\Z")
_CONTEXT = re.compile(r"(?:\A|;)phone-context=(?:\+|%2b)([0-9().-]+)", re.IGNORECASE)
_NOBODY = frozenset({"", "anonymous", "unavailable", "restricted", "unknown", "private", "asterisk", "-"})


@lru_cache(maxsize=65536)
def party(user: str) -> str:
    """Digits of a number without + and leading zeros, any other user in lower case, "" for nobody in particular."""
    plain, _, parameters = user.partition(";")
    plain = plain.strip().lower()
    if _NUMBER.match(plain):
        digits = "".join(filter(str.isdigit, plain))
        if parameters and plain[0] != "+" and (context := _CONTEXT.search(parameters)):
            digits = "".join(filter(str.isdigit, context[1])) + digits
        return digits.lstrip("0") or digits
    return "" if plain in _NOBODY else plain


def tail(one: str) -> str:
    """What all writings of a party have in common."""
    return one[-TAIL:] if one.isdigit() else one


def same(one: str, other: str) -> bool:
    """Whether two parties (from `party`) are one."""
    if one == other:
        return bool(one)
    if not (one.isdigit() and other.isdigit()):
        return False
    length = min(len(one), len(other), MOST_TAIL)
    return length >= TAIL and one[-length:] == other[-length:]
