"""One message as rules look at it: its row, its time on the call's one time line, and what its octets hold.

Headers and session descriptions are read when a rule asks, and once.
"""

from functools import cached_property

from appliance.calls.vias import branches
from appliance.model.rows import MessageRow
from appliance.sip import sdp
from appliance.sip.address import parameter, split, unquoted, uri_parameters
from appliance.sip.headers import body, headers
from appliance.sip.sdp import Media, Sdp
from appliance.sip.uri import user_domain
from appliance.sip.values import leading_number

MOST_VALUES = 64
"""Values of one header that are looked at."""


class Seen:
    """A SIP message of the call; rows that are none are not made into this."""

    def __init__(self, row: MessageRow, place: int, at_us: int) -> None:
        self.row = row
        self.place = place
        """In the order in which things happened."""
        self.at_us = at_us
        self.status = int(row.method) if row.method.isdigit() else 0
        """0 of a request."""
        self.verb = row.cseq_method if self.status else row.method
        """The method; of a response that which it answers."""

    @property
    def is_request(self) -> bool:
        return not self.status

    @cached_property
    def _headers(self) -> dict[bytes, list[bytes]]:
        found: dict[bytes, list[bytes]] = {}
        for header in headers(self.row.raw or b""):
            found.setdefault(header.canonical, []).append(header.value)
        return found

    def octets(self, name: bytes) -> bytes:
        """The header (its long name in lower case), several joined by commas; empty when absent."""
        return b",".join(self._headers.get(name, ())[:MOST_VALUES])

    def text(self, name: bytes) -> str:
        return self.octets(name).decode("utf-8", "replace").strip()

    def has(self, name: bytes) -> bool:
        return name in self._headers

    def values(self, name: bytes) -> list[bytes]:
        """The comma-separated values of a header."""
        whole = self.octets(name)
        return [value.strip() for value in split(whole, b",")[:MOST_VALUES] if value.strip()] if whole else []

    def words(self, name: bytes) -> list[str]:
        """The same as text without parameters: option tags, methods, media types."""
        return [value.partition(b";")[0].strip().decode("utf-8", "replace") for value in self.values(name)]

    def number(self, name: bytes) -> int | None:
        """Seconds or a count at the beginning of a header."""
        return leading_number(self.octets(name))

    @cached_property
    def vias(self) -> tuple[str, ...]:
        """Branches, the topmost first."""
        return tuple(branches(self.row.raw)) if self.row.raw else ()

    @cached_property
    def sdp(self) -> Sdp | None:
        raw = self.row.raw
        if raw is None or b"v=0" not in raw:
            return None
        found = sdp.parse(body(raw))
        return found if found.media or found.address else None

    @property
    def audio(self) -> Media | None:
        """The first audio line."""
        return next((media for media in self.sdp.media if media.type == "audio"), None) if self.sdp else None

    @cached_property
    def contact(self) -> tuple[str, str]:
        """Host of the first Contact's URI, and the URI itself."""
        first = next(iter(self.values(b"contact")), b"")
        uri, _, _ = uri_parameters(first)
        _, host, _ = user_domain(uri)
        return host.decode("utf-8", "replace").strip("[]"), uri.decode("utf-8", "replace")


def named(value: bytes, name: bytes) -> str:
    """A parameter after the first semicolon of a value, unquoted."""
    _, semicolon, rest = value.partition(b";")
    return unquoted(parameter(semicolon + rest, name)).decode("utf-8", "replace")
