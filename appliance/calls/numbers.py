"""Countries of telephone numbers (FEATURES B8), by the numbering plans of libphonenumber.

In come user parts of URIs as they stand in messages: `+4930123456`, `0049…`, `030/123-456`, `7042;phone-context=+1914`,
`+12125551212;npdi;rn=+12125550000`. Out go ISO 3166 codes; "" for what is no number or has no country (extensions,
satellites, freephone). The settler asks for each call, so what decides is remembered: the beginning of a number.
"""

import re
from functools import lru_cache
from urllib.parse import unquote

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, NumberParseException, PhoneMetadata, PhoneNumber

from appliance.model.rows import MessageRow

SHORTEST, LONGEST = 7, 15
"""Digits of a number with its country code (E.164 6.2); a shorter one is an extension or a service."""
MOST_REMEMBERED = 16_384
HEAD = 8
"""Digits that tell the country of a number; what follows is the subscriber's."""
_REST = "2345678"
"""Stands for the digits behind the head."""
_WORLD = "001"
_LEAST_AREA, _SHARED_LENGTH = 3, 10
"""Digits of an area that tell the country among those that share a code, and of national numbers there: +1 and +7."""
_SEPARATORS = str.maketrans("", "", "-. ()/\t")
_INTERNATIONAL = "00|011"
"""How numbers of other countries begin where the home is not known."""


class Numbering:
    """Numbers as they are dialled in the country `home` (ISO 3166); empty: only with their country code."""

    def __init__(self, home: str = "") -> None:
        self._home = home
        plan = PhoneMetadata.metadata_for_region(home) if home else None
        self._trunk = (plan.national_prefix or "") if plan else ""
        self._international = re.compile((plan.international_prefix if plan else None) or _INTERNATIONAL)
        self.country = lru_cache(maxsize=MOST_REMEMBERED)(self._country)
        self._dialled = lru_cache(maxsize=MOST_REMEMBERED)(self._of_dialled)

    def countries(self, invite: MessageRow) -> tuple[str, str]:
        """Of the caller and of the called number of a call's first INVITE."""
        caller = self.country(invite.from_user) or (self.country(invite.pid_user) if invite.pid_user else "")
        return caller, self.country(invite.ruri_user or invite.to_user) or self.country(invite.to_user)

    def _country(self, user: str) -> str:
        number, _, parameters = unquote(user).partition(";")
        number = number.translate(_SEPARATORS)
        if number[:1] == "+":
            return of_international(number[1:])
        if not _is_number(number):
            return ""
        context = _parameter(parameters, "phone-context")
        if context[:1] == "+":
            return of_international(context[1:] + number) or _of_context(context[1:])
        return self._of_digits(number) or of_international(_parameter(parameters, "rn").removeprefix("+"))

    def _of_digits(self, digits: str) -> str:
        dialled = self._international.match(digits)
        found = of_international(digits[dialled.end() :]) if dialled and dialled.end() else ""
        if found or not self._home or not SHORTEST <= len(digits) <= LONGEST + 1:
            return found
        return self._dialled(digits[:HEAD], len(digits))

    def _of_dialled(self, head: str, length: int) -> str:
        """Of a number without an international prefix: the home's if it has such numbers, else with its country code,
        as carriers send them. Where national numbers begin with 0, those without come after that."""
        digits = (head + _REST)[:length].ljust(length, "1")
        if self._trunk == "0" and digits[0] != "0":
            return self._valid(f"+{digits}", None) or self._valid(digits, self._home)
        return self._valid(digits, self._home) or self._valid(f"+{digits}", None)

    def _valid(self, digits: str, region: str | None) -> str:
        try:
            number = phonenumbers.parse(digits, region)
        except NumberParseException:
            return ""
        found = phonenumbers.region_code_for_number(number)
        return found if found and found != _WORLD else ""


def of_international(digits: str) -> str:
    """Of a number that begins with its country code."""
    if not _is_number(digits) or not SHORTEST <= len(digits) <= LONGEST:
        return ""
    return _by_code(digits, is_area=False)


def _of_context(digits: str) -> str:
    """Where a local number is valid whose context begins so: the two together need not be a number, as with 911 in +1
    (RFC 3966 section 5.1.5). Nothing where countries share the code and the digits do not tell which."""
    return _by_code(digits, is_area=True) if _is_number(digits) else ""


def _by_code(digits: str, *, is_area: bool) -> str:
    """By the country code that the digits begin with; behind it is a national number, or the beginning of some."""
    for width in (1, 2, 3):
        regions = COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:width]))
        if regions is not None and digits[0] != "0":
            national = digits[width : width + HEAD]
            if len(regions) == 1:
                return "" if regions[0] == _WORLD else str(regions[0])
            if is_area and len(national) < _LEAST_AREA:
                return ""
            return _among(int(digits[:width]), national, _SHARED_LENGTH if is_area else len(digits) - width)
    return ""


@lru_cache(maxsize=MOST_REMEMBERED)
def _among(code: int, head: str, length: int) -> str:
    """Which of the countries that share a country code; the first of them has what none claims."""
    national = (head + _REST)[:length].ljust(length, "1")
    number = PhoneNumber(country_code=code, national_number=int(national))
    return str(phonenumbers.region_code_for_number(number) or COUNTRY_CODE_TO_REGION_CODE[code][0])


def _is_number(digits: str) -> bool:
    return digits.isascii() and digits.isdigit()


def _parameter(parameters: str, name: str) -> str:
    for parameter in parameters.split(";") if parameters else ():
        key, _, value = parameter.partition("=")
        if key.strip().lower() == name:
            return value.strip().translate(_SEPARATORS)
    return ""
