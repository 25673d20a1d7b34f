"""The file of countries: whether it can be read, what it is, and how old."""

import time
from collections.abc import Iterator

from appliance.cli.checks.finding import Finding, note, ok, wrong
from appliance.geo.countries import GeoError, opened
from appliance.settings import Settings

OLD_DAYS = 180
_FETCH = "fetch a current country or city database"


def examine(settings: Settings) -> Iterator[Finding]:
    """Nothing where no file is named."""
    file = settings.paths.geoip
    if file is None:
        return
    try:
        about = opened(file).metadata()
    except GeoError as error:
        yield wrong("countries", str(error), _FETCH)
        return
    except OSError as error:
        yield wrong("countries", f"[paths] geoip {file}: cannot be read ({error.strerror})", _FETCH)
        return
    days = int(time.time() - about.build_epoch) // 86_400
    said = f"{file} is {about.database_type}, {days} days old"
    if not any(word in about.database_type.lower() for word in ("country", "city", "enterprise", "location")):
        yield note("countries", f"{said}; it seems to hold no countries", _FETCH)
    elif days > OLD_DAYS:
        yield note("countries", said, _FETCH)
    else:
        yield ok("countries", said)
