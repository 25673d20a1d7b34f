"""Stand-ins: what is written in place of a number, name, address or key.

Made by HMAC-SHA-256 with the share's own key: within one share the same value has the same stand-in everywhere, in
another share another one. They fit where the value stood: a number's stand-in is as long and begins with its country
or area, an address is an address (RFC 2544, RFC 3849), and letters tell that digits were replaced.
"""

import hashlib
import hmac
import ipaddress
from collections.abc import Callable

LETTERS = b"bcdfghjklmnpqrstvwxz"
"""No vowels, so that no word comes about; no y, which reads as one."""
HIDDEN_AT_LEAST = 6
"""Digits of a number that are replaced before any are kept."""
COUNTRY_DIGITS = 3
"""After a + as many digits are read as a country: all of them are kept, or none and the + goes too."""
SHARED_END = 8
"""Last digits by which two forms of a number (+49 30 …, 030 …) are known as one."""
SHORTEST_WORD = 4

_V4 = ipaddress.IPv4Network("198.18.0.0/15")
_V6 = ipaddress.IPv6Network("2001:db8::/32")
_TRIES = 200

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class StandIns:
    """The stand-ins of one share."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._made: dict[tuple[str, bytes], bytes] = {}

    def number(self, digits: bytes, international: bool) -> bytes:
        """`4930123456` -> `4930` and six letters. Forms of one number end in the same letters."""
        kept = max(0, min(4 if international or digits[:2] == b"00" else 3, len(digits) - HIDDEN_AT_LEAST))
        if international and kept < COUNTRY_DIGITS:
            kept = 0
        return digits[:kept] + self.letters(digits)[kept:]

    def letters(self, digits: bytes) -> bytes:
        """A letter for each digit; the n-th from the end follows from the digits behind it."""
        return bytes(self._letter(digits, place) for place in range(len(digits) - 1, -1, -1))

    def _letter(self, digits: bytes, place: int) -> int:
        end = digits[-max(SHARED_END, place + 1) :]
        octets = self._octets("number", end)
        return LETTERS[octets[min(place, SHARED_END) % len(octets)] % len(LETTERS)]

    def figures(self, digits: bytes, is_free: Callable[[bytes], bool]) -> bytes:
        """Other digits for a place that takes digits only; they begin with 1, so that they fit where `digits` did."""
        for attempt in range(_TRIES):
            octets = self._stretched("figures", b"%d:%b" % (attempt, digits), len(digits))
            made = b"1" + bytes(48 + octet % 10 for octet in octets[1:])
            if made != digits and is_free(made):
                return made
        return b"0" * len(digits)

    def word(self, word: bytes) -> bytes:
        """Letters for letters and digits, as long and in the same pattern; capitals make no difference."""
        octets = self._stretched("word", word.lower(), max(len(word), SHORTEST_WORD))
        made = bytes(
            char if char in b" .-_@" else LETTERS[octet % len(LETTERS)]
            for char, octet in zip(word, octets, strict=False)
        )
        return made + bytes(LETTERS[octet % len(LETTERS)] for octet in octets[len(word) :])

    def token(self, value: bytes) -> bytes:
        """Letters in place of a key or credential, as long."""
        octets = self._stretched("token", value, len(value))
        return bytes(LETTERS[octet % len(LETTERS)] for octet in octets)

    def hexadecimal(self, value: bytes) -> bytes:
        """Letters a to f in place of the digits of a fingerprint or nonce; all else stays."""
        octets = self._stretched("hexadecimal", value, len(value))
        return bytes(
            b"ABCDEF"[octet % 6] if char in b"0123456789abcdefABCDEF" else char
            for char, octet in zip(value, octets, strict=True)
        )

    def host(self, name: bytes) -> bytes:
        """A name that nobody can have (RFC 2606)."""
        return b"h" + self.token(b"host:" + name.lower())[:8] + b".invalid"

    def address(self, address: Address, is_free: Callable[[str], bool]) -> Address:
        """An address for benchmarks (RFC 2544) or documentation (RFC 3849)."""
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            mapped = self.address(address.ipv4_mapped, is_free)
            return ipaddress.IPv6Address(b"\0" * 10 + b"\xff\xff" + mapped.packed)
        for attempt in range(_TRIES):
            octets = self._octets("address", b"%d:%b" % (attempt, address.packed))
            made = _v4(octets) if address.version == 4 else _v6(octets)
            if is_free(str(made)):
                break
        return made

    def _octets(self, use: str, value: bytes) -> bytes:
        known = self._made.get((use, value))
        if known is None:
            known = hmac.new(self._key, use.encode() + b"\0" + value, hashlib.sha256).digest()
            self._made[use, value] = known
        return known

    def _stretched(self, use: str, value: bytes, size: int) -> bytes:
        pieces = [self._octets(use, b"%d\0%b" % (part, value)) for part in range(-(-size // 32))]
        return b"".join(pieces)[:size]


def _v4(octets: bytes) -> Address:
    """Not the network's own address."""
    return _V4[1 + int.from_bytes(octets[:4], "big") % (_V4.num_addresses - 2)]


def _v6(octets: bytes) -> Address:
    return _V6[1 + int.from_bytes(octets[:12], "big") % (_V6.num_addresses - 2)]
