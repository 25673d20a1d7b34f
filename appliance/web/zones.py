"""The zone that somebody's pages show times in: UTC, the browser's (a cookie tells it), or one by its name."""

from datetime import UTC, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from appliance.export import moments
from appliance.web import paths
from appliance.web.state import Request

BROWSER = "browser"
COOKIE = "zone"
"""Set by app.js."""


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Every zone that this machine knows."""
    return tuple(sorted(available_timezones() - {"Factory", "localtime"}))


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(names())


def is_choice(text: str) -> bool:
    """Whether this can be kept as somebody's zone; "" is UTC."""
    return text in ("", BROWSER) or text in _known()


def named(name: str) -> tzinfo:
    """The zone of this name, UTC when there is none: names come from cookies and addresses."""
    if name in ("", "UTC") or name not in _known():
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def of(request: Request) -> tzinfo:
    """The zone of whoever asks; of files and the API it is UTC."""
    identity, path = request.state["identity"], request.url.path
    if identity is None or not identity.zone or paths.is_file(path) or paths.is_api(path):
        return UTC
    return named(request.cookies.get(COOKIE, "") if identity.zone == BROWSER else identity.zone)


def shown() -> str:
    """The name of the zone that clocks are read in now."""
    zone = moments.zone()
    return zone.key if isinstance(zone, ZoneInfo) else "UTC"
