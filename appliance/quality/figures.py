"""Numbers, addresses and names as reports spell them -> values that their senders can have meant, else None or "".

Agents write numbers as strings, differences below zero as unsigned (4294967295, 16777215) and 127, 255 or 0 for "not
known"; none of these is a figure. Every function takes any value that JSON can hold.
"""

import re
from ipaddress import IPv6Address, ip_address
from math import isfinite
from typing import Any

MAX_JITTER_MS = 10_000.0
"""No jitter buffer holds more; what is above comes of a jump of the sender's time stamps or of an underflow."""
MAX_ROUND_TRIP_MS = 60_000.0
"""65535 is the underflow of RFC 3611's sixteen bits."""
MAX_LOST = 0x7FFFFF
"""Cumulative loss is signed and 24 bits wide (RFC 3550 section 6.4.1); above is a negative number read as unsigned."""
MAX_COUNT = 2**53
MAX_R_FACTOR = 120
CODEC_LENGTH = 32
TEXT_LENGTH = 255

_PERCENTS = tuple(round(share / 256 * 100, 3) for share in range(256))
_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,20})?\Z")
_CODEC_JUNK = re.compile(r"[^A-Z0-9._+-]")


def number(value: Any) -> float | None:
    """A finite number, or a text that spells one, within what a counter can hold."""
    if type(value) is int:
        return float(value) if -MAX_COUNT <= value <= MAX_COUNT else None
    if isinstance(value, str):
        value = value.strip()
        if not _NUMBER.match(value):
            return None
        value = float(value)
    if not isinstance(value, float) or abs(value) > MAX_COUNT or not isfinite(value):
        return None
    return value


def integer(value: Any) -> int | None:
    """A whole number, signed."""
    if type(value) is int:
        return value if -MAX_COUNT <= value <= MAX_COUNT else None
    found = number(value)
    return int(found) if found is not None and found.is_integer() else None


def count(value: Any) -> int | None:
    """A number of packets or octets."""
    found = integer(value)
    return found if found is not None and found >= 0 else None


def lost(value: Any) -> int | None:
    """Lost packets; "less than none", which duplicates make (RFC 3550 appendix A.3), is unknown."""
    found = count(value)
    return found if found is not None and found <= MAX_LOST else None


def percent(value: Any) -> float | None:
    """A share already in percent."""
    found = number(value)
    return round(found, 3) if found is not None and 0 <= found <= 100 else None


def fraction_percent(value: Any) -> float | None:
    """Percent of a share told in 256ths (RFC 3550 section 6.4.1, RFC 3611 section 4.7.1)."""
    found = integer(value)
    return _PERCENTS[found] if found is not None and 0 <= found <= 255 else None


def share_percent(missing: int | None, expected: int | None) -> float | None:
    """Percent of expected packets that are missing."""
    if missing is None or not expected or missing > expected:
        return None
    return round(missing / expected * 100, 3)


def jitter_ms(value: Any) -> float | None:
    """Jitter told in milliseconds."""
    found = number(value)
    return round(found, 3) if found is not None and 0 <= found <= MAX_JITTER_MS else None


def jitter_of_units(value: Any, clock_rate_hz: int) -> float | None:
    """Milliseconds of a jitter in units of the RTP time stamp."""
    found = number(value)
    return jitter_ms(found / clock_rate_hz * 1000) if found is not None else None


def round_trip_ms(value: Any) -> float | None:
    """A round trip in milliseconds; zero is how most formats say that there is none (RFC 3611 section 4.7.3)."""
    found = number(value)
    return round(found, 3) if found is not None and 0 < found <= MAX_ROUND_TRIP_MS else None


def opinion(value: Any) -> float | None:
    """A mean opinion score, 1 to 5."""
    found = number(value)
    return round(found, 2) if found is not None and 1 <= found <= 5 else None


def opinion_of(value: Any, divisor: int) -> float | None:
    """A score told as an integer: tenths in RFC 3611, hundredths in IPFIX and HEP."""
    found = number(value)
    return opinion(found / divisor) if found is not None else None


def r_factor(value: Any) -> float | None:
    """A transmission rating; 127 is "unavailable" in RFC 3611, and wide band reaches 120."""
    found = number(value)
    return round(found, 1) if found is not None and 0 <= found <= MAX_R_FACTOR else None


def r_factor_of(value: Any, divisor: int) -> float | None:
    """The same told as an integer of a smaller unit."""
    found = number(value)
    return r_factor(found / divisor) if found is not None else None


def ssrc(value: Any) -> int | None:
    """An SSRC of 32 bits, also when it was printed as a signed number."""
    found = integer(value)
    return found & 0xFFFFFFFF if found is not None and -(2**31) <= found < 2**32 else None


def hex_ssrc(text: str) -> int | None:
    """RFC 6035 writes SSRCs in hexadecimal with 0x; some leave it out, and some write decimal (more than 8 digits)."""
    digits = text.strip().lower().removeprefix("0x")
    if re.match(r"[0-9a-f]{1,8}\Z", digits):
        return int(digits, 16)
    return ssrc(digits)


def port(value: Any) -> int:
    """0 when there is none."""
    found = integer(value)
    return found if found is not None and 0 < found <= 65535 else 0


def address(value: Any) -> str:
    """The usual spelling of an IP address, "" of what is none; an IPv4-mapped IPv6 address is the IPv4 address."""
    if not isinstance(value, str) or len(value) > 64:
        return ""
    try:
        found = ip_address(value.strip().strip("[]"))
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or found)
    return "" if str(found) == "0.0.0.0" else str(found)  # noqa: S104


def words(value: Any) -> str:
    """A text as it may be stored: of one line, without control characters."""
    if not isinstance(value, str):
        return ""
    return "".join(filter(str.isprintable, value[: 4 * TEXT_LENGTH])).strip()[:TEXT_LENGTH]


def codec_name(value: Any) -> str:
    """Letters, digits and . _ + - in upper case."""
    return _CODEC_JUNK.sub("", value[:256].upper())[:CODEC_LENGTH] if isinstance(value, str) else ""
