"""Values of a call by which others are found that belong to it (FEATURES B4): sorts, which match, and the reason.

A value names another call's Call-ID, or is the same in both, or either. What stands in more than MOST_CALLS
Call-IDs is no key: a default that a vendor left, a trunk's name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xxhash

from appliance.model.ids import callid_hash
from appliance.model.octets import octets

MOST_CALLS = 20
"""Call-IDs that one value may join; and legs of one call at most."""
MOST_OF_A_CALL = 16
"""Keys of one call: more nobody makes on purpose."""
SUFFIXES = ("_b2b-1", "_b2b-2", "_b2b-3")
"""What B2BUAs put behind the Call-ID of the leg that they continue."""
_LEAST_BASE = 6
_LEAST_EQUAL = 6
"""Characters of a value that two calls may share by intent; `1`, `test` are no keys unless they name a call."""


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of key. Empty words: it cannot join so."""

    naming: str
    """The reason when the value is the other's Call-ID."""
    equal: str
    """The reason when both have the value."""


SORTS = {
    "n": Sort("Replaces, Join, Target-Dialog or Refer-To names the other leg", "both name dialog {value}"),
    "x": Sort("a correlation header names the other leg", "same correlation header {value}"),
    "h": Sort("the agent's correlation id names the other leg", "same correlation id {value}"),
    "f": Sort("one Call-ID is the other and a suffix", "same Call-ID but for the suffix"),
    "s": Sort("", "same Session-ID {value}"),
    "i": Sort("", "same icid-value {value}"),
    "g": Sort("", "same Cisco-Guid {value}"),
}
"""By the letters of sip.leg_keys, with h: the agent's correlation id (HEP chunk 0x0011), and f: suffixes."""


@dataclass(frozen=True, slots=True)
class Key:
    """One value of a call."""

    sort: str
    value: str

    @property
    def hash(self) -> int:
        """What it is looked up by: of a value that can name a call, the hash of that Call-ID."""
        if SORTS[self.sort].naming:
            return callid_hash(octets(self.value))
        return xxhash.xxh3_64_intdigest(octets(f"{self.sort}:{self.value}")) >> 8

    def names(self, callid: str) -> bool:
        return bool(SORTS[self.sort].naming) and self.value == callid

    @property
    def may_equal(self) -> bool:
        """Whether two calls that have it belong together: it is long enough to be meant."""
        return len(self.value) >= _LEAST_EQUAL


def why_named(key: Key) -> str:
    return SORTS[key.sort].naming


def why_equal(key: Key) -> str:
    return SORTS[key.sort].equal.format(value=key.value)


def keys_of(
    callid: str, lines: Iterable[str], correlation_ids: Iterable[str], suffixes: Sequence[str] = SUFFIXES
) -> tuple[Key, ...]:
    """The keys of a call: from columns `leg_keys` and `correlation_id` of its messages, and its own Call-ID."""
    found: dict[Key, None] = {}
    for line in lines:
        for word in line.split(" "):
            if word[1:2] == ":" and word[0] in SORTS and word[2:] != callid:
                found[Key(word[0], word[2:])] = None
    for value in correlation_ids:
        if value and value != callid:
            found[Key("h", value)] = None
    for suffix in suffixes:
        base = callid.removesuffix(suffix)
        if suffix and base != callid and len(base) >= _LEAST_BASE:
            found[Key("f", base)] = None
    return tuple(found)[:MOST_OF_A_CALL]
