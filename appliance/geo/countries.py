"""Country of an IP address, by the .mmdb file that [paths] geoip names.

The file is read into memory whole, so that one that is written over while we look into it harms nobody; a new one is
noticed within seconds, and one that cannot be read leaves the last good one in use.
"""

import struct
import time
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import NamedTuple

import maxminddb

from appliance.log import logger

LOOK_EVERY_SECONDS = 5.0
MOST_REMEMBERED = 16_384
_FAULTS = (maxminddb.InvalidDatabaseError, ValueError, LookupError, TypeError, struct.error, RecursionError)
"""What reading a broken file may raise, by its pure Python reader."""

log = logger()


class Place(NamedTuple):
    """A country; blank when it is unknown."""

    code: str = ""
    """ISO 3166, two letters."""
    name: str = ""
    """In English, else the code."""


NOWHERE = Place()


class GeoError(Exception):
    """The file cannot be used; the text is a sentence for the operator."""


class Countries:
    """Countries by the file at `path`; None: every country is unknown."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._reader: maxminddb.Reader | None = None
        self._seen: tuple[int, int, int] | None = None
        self._look_at = 0.0
        self.problem = ""
        """Why the file as it is now cannot be used; empty when it can."""
        self._remembered = lru_cache(maxsize=MOST_REMEMBERED)(self._find)
        self._look()

    def country(self, ip: str) -> str:
        """ISO 3166 code of two letters, such as `LV`; "" when it is unknown, and for addresses of no country."""
        return self.place(ip).code

    def among(self, *ips: str) -> tuple[str, ...]:
        """The codes of these addresses, each once, in their order."""
        if self._path is None:
            return ()
        return tuple(dict.fromkeys(code for code in map(self.country, ips) if code))

    def place(self, ip: str) -> Place:
        """The country of an address."""
        if self._path is None:
            return NOWHERE
        if time.monotonic() >= self._look_at:
            self._look()
        return self._remembered(ip)

    def _look(self) -> None:
        """Read the file if it is another one than before."""
        self._look_at = time.monotonic() + LOOK_EVERY_SECONDS
        if self._path is None:
            return
        try:
            state = self._path.stat()
            seen = (state.st_mtime_ns, state.st_size, state.st_ino)
            if seen == self._seen:
                return
            self._seen = seen
            self._reader = opened(self._path)
        except (OSError, GeoError) as error:
            said = str(error) if isinstance(error, GeoError) else _unreadable(self._path, error)
            if said != self.problem:
                log.warning("geoip_unusable", error=said)
            self.problem = said
            return
        self.problem = ""
        self._remembered.cache_clear()

    def _find(self, ip: str) -> Place:
        if self._reader is None:
            return NOWHERE
        try:
            address = ip_address(ip)
        except ValueError:
            return NOWHERE
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        if not address.is_global:
            return NOWHERE
        try:
            found = self._reader.get(address)
            code = _code(found)
            return Place(code, _name(found) or code) if code else NOWHERE
        except _FAULTS:
            return NOWHERE


def opened(path: Path) -> maxminddb.Reader:
    """The file, read whole. Raises GeoError, OSError."""
    try:
        return maxminddb.open_database(path, maxminddb.MODE_MEMORY)
    except _FAULTS as error:
        raise GeoError(
            f"[paths] geoip {path}: this is no MaxMind database ({' '.join(str(error).split())}); give the .mmdb file "
            "of a country or city database"
        ) from error


def _unreadable(path: Path, error: OSError) -> str:
    return f"[paths] geoip {path}: cannot be read ({error.strerror})"


def _code(found: object) -> str:
    """MaxMind and DB-IP hold it in country.iso_code, IPinfo in country_code or country."""
    if not isinstance(found, dict):
        return ""
    country = found.get("country")
    code = country.get("iso_code") if isinstance(country, dict) else found.get("country_code", country)
    return code.upper() if isinstance(code, str) and len(code) == 2 and code.isascii() and code.isalpha() else ""


def _name(found: object) -> str:
    """MaxMind and DB-IP hold it in country.names.en, IPinfo in country_name or country."""
    if not isinstance(found, dict):
        return ""
    country = found.get("country")
    names = country.get("names") if isinstance(country, dict) else None
    name = names.get("en") if isinstance(names, dict) else found.get("country_name", country)
    return name if isinstance(name, str) else ""
