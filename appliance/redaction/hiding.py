"""One share's hiding: text in, the same text without numbers, names, hosts and addresses out.

Call `text` on every message twice over: in the first reading (`learning`) it notes what must not be told, in the
second it replaces it. `redaction.parties` hides what stands where a party stands; this finds the rest of it anywhere.
"""

import ipaddress
import re
from collections.abc import Iterable

from appliance.redaction.known import Known
from appliance.redaction.profile import Profile
from appliance.redaction.standins import Address, StandIns

LIBERAL_DIGITS = 6
"""In headers that nobody knows so many digits in a row are taken for a number."""

_RUN = re.compile(rb"(?:%3[0-9]|[0-9]){5,}")
_APART = re.compile(rb"[0-9]+(?:[ ()./-]{1,3}[0-9]+)+")
_ESCAPED_DIGIT = re.compile(rb"%3([0-9])")
_V4 = re.compile(rb"(?:(?<![\d.])|(?<=%[0-9A-Fa-f]{2}))\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d)")
_V6 = re.compile(
    rb"(?<![0-9A-Za-z.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}"
    rb"(?:(?<=:)\d{1,3}(?:\.\d{1,3}){3}|(?:\.\d{1,3}){3})?(?![0-9A-Fa-f:])"
)
_DASHED = re.compile(rb"(?<!\d)\d{1,3}([-_])\d{1,3}\1\d{1,3}\1\d{1,3}(?!\d)")
_TAKES_DIGITS = (b":", b"rport=", b"expires=")
"""After these stands a port or a number of seconds: letters would be malformed."""
_PRIVATE = re.compile(
    rb"(?:[^.]+|.*\.(?:local|localdomain|lan|home|home\.arpa|internal|intern|intranet|corp|private|priv))\.?",
    re.IGNORECASE,
)
"""Names that only a private network knows: without a dot, or below a domain that no registry gives away."""
_HOST = re.compile(rb"[\w.-]+")
_TOLD_HOSTS = (b"localhost", b"anonymous.invalid", b"restricted.invalid", b"unavailable.invalid")


class Hiding:
    """A profile, a key's stand-ins, and what is known of a call."""

    def __init__(self, profile: Profile, key: bytes, words: Iterable[bytes] = ()) -> None:
        self.profile = profile
        self.standins = StandIns(key)
        self.known = Known(words)
        self.learning = True

    def text(self, value: bytes, *, liberal: bool = False, numeric: bool = False, told: bool = False) -> bytes:
        """`liberal`: numbers that are not known are hidden too. `numeric`: digits stay digits.

        `told`: what a program says of itself, in which only what is known is replaced.
        """
        value = self._numbers(value, liberal, numeric)
        if not told:
            value = self._words(value)
            value = self._hosts(value)
        return self.addresses(value, only_known=told) if self.profile.hides_addresses else value

    def note_host(self, host: bytes) -> None:
        """A host as it stands in a URI or Via, its port or brackets with it."""
        name = host.strip().rstrip(b".")
        if name[:1] != b"[":
            name = name.partition(b":")[0]
        if not _HOST.fullmatch(name) or name.lower() in _TOLD_HOSTS or _V4.fullmatch(name):
            return
        if self.profile.hides_all or (self.profile.hides_addresses and _PRIVATE.fullmatch(name)):
            self.known.add_host(name)

    def _numbers(self, value: bytes, liberal: bool, numeric: bool) -> bytes:
        def of_run(found: re.Match[bytes]) -> bytes:
            digits = _ESCAPED_DIGIT.sub(rb"\1", found.group())
            guessed = liberal and len(digits) >= LIBERAL_DIGITS
            if self.learning:
                if guessed and value[max(0, found.start() - 3) : found.start()].lower().endswith((b"+", b"%2b")):
                    self.known.add_number(digits)
                return found.group()
            if not guessed and not self.known.tells(digits):
                return found.group()
            before = value[max(0, found.start() - 8) : found.start()].lower()
            if numeric or before.endswith(_TAKES_DIGITS):
                return self.standins.figures(digits, lambda made: not self.known.tells(made))
            if guessed or self.known.is_form(digits):
                return self.standins.number(digits, before.endswith((b"+", b"%2b")))
            return self.standins.letters(digits)

        if len(value) >= 5:
            value = _RUN.sub(of_run, value)
            if not numeric and not self.learning and self.known.long_windows:
                value = _APART.sub(self._apart, value)
        return value

    def _apart(self, found: re.Match[bytes]) -> bytes:
        digits = bytes(char for char in found.group() if 48 <= char <= 57)
        if not self.known.tells_apart(digits):
            return found.group()
        letters = iter(self.standins.letters(digits))
        return bytes(next(letters) if 48 <= char <= 57 else char for char in found.group())

    def _words(self, value: bytes) -> bytes:
        pattern = None if self.learning else self.known.word_pattern
        return pattern.sub(lambda found: self.standins.word(found.group()), value) if pattern else value

    def _hosts(self, value: bytes) -> bytes:
        pattern = None if self.learning else self.known.host_pattern
        return pattern.sub(lambda found: self.standins.host(found.group()), value) if pattern else value

    def addresses(self, value: bytes, *, only_known: bool = False) -> bytes:
        """Every address replaced by one of documentation; what is no host's (0.0.0.0, ::1, multicast) stays."""

        def replaced(found: re.Match[bytes]) -> bytes:
            spelt = found.group().decode("ascii")
            colon = ":" if spelt[0] == ":" and spelt[1] != ":" else ""
            address = _address(spelt.removeprefix(colon))
            if address is None or (only_known and str(address) not in self.known.addresses):
                return found.group()
            return (colon + self._stand_in(address, spelt.removeprefix(colon))).encode()

        value = _V6.sub(replaced, value) if b":" in value else value
        value = _V4.sub(replaced, value)
        return value if self.learning else self._remains(value)

    def _stand_in(self, address: Address, spelt: str) -> str:
        if address.is_unspecified or address.is_loopback or address.is_multicast:
            return spelt
        if self.learning:
            self.known.add_address(address, spelt)
            return spelt
        return str(self.standins.address(address, self.known.is_free))

    def _remains(self, value: bytes) -> bytes:
        """Known addresses with dashes for dots, and those inside something longer."""

        def dashed(found: re.Match[bytes]) -> bytes:
            plain = found.group().replace(found[1], b".").decode("ascii")
            address = _address(plain)
            if address is None or str(address) not in self.known.addresses:
                return found.group()
            return self._stand_in(address, plain).encode().replace(b".", found[1])

        value = _DASHED.sub(dashed, value)
        lower = value.lower()
        for known in self.known.addresses:
            if known.encode() in lower:
                found = re.escape(known.encode())
                value = re.sub(found, self.standins.token(known.encode()), value, flags=re.IGNORECASE)
                lower = value.lower()
        return value


def _address(spelt: str) -> Address | None:
    """Also with leading zeros, which ipaddress does not take."""
    if ":" not in spelt:
        spelt = ".".join(str(int(part)) for part in spelt.split("."))
    try:
        return ipaddress.ip_address(spelt)
    except ValueError:
        return None
