"""Times as somebody typed them into the form of a search: those without a zone are of the person's own.

An address means the same for everybody, so a form that holds such a time (it says the zone in `zone`, or has a field of
the browser's own for a date and time, `from.at`, `to.at`) leads to the address with the times in UTC.
"""

from collections.abc import Mapping
from datetime import tzinfo

from appliance.query.errors import TimeError
from appliance.query.times import is_relative, time_us
from appliance.web import links, zones

ZONE = "zone"
_AT = {"from": "from.at", "to": "to.at"}


def is_typed(query: Mapping[str, str]) -> bool:
    """Whether this comes from the form."""
    return any(name in query for name in (ZONE, *_AT.values()))


def settled(query: Mapping[str, str], now_us: int) -> dict[str, str]:
    """The arguments with times that mean the same everywhere, and without what is empty."""
    zone = zones.named(query.get(ZONE, ""))
    kept = {name: value for name, value in query.items() if value and name not in (ZONE, *_AT.values())}
    for name, at in _AT.items():
        typed = query.get(at) or query.get(name, "")
        if typed.strip():
            kept[name] = _in_utc(typed, zone, now_us)
    return kept


def _in_utc(text: str, zone: tzinfo, now_us: int) -> str:
    """What is no time stays as it is: the search says what is wrong with it."""
    if is_relative(text):
        return text.strip()
    try:
        return links.moment(time_us(text, now_us, "from", zone))
    except TimeError:
        return text
