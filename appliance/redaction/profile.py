"""How much is hidden: the profiles that whoever shares a call chooses from."""

from enum import StrEnum


class Profile(StrEnum):
    """Each hides what the one before hides, and more."""

    NOTHING = "nothing"
    NUMBERS = "numbers"
    NUMBERS_AND_ADDRESSES = "numbers-and-addresses"
    ALL = "all"

    @property
    def hides_parties(self) -> bool:
        return self is not Profile.NOTHING

    @property
    def hides_addresses(self) -> bool:
        return self in (Profile.NUMBERS_AND_ADDRESSES, Profile.ALL)

    @property
    def hides_all(self) -> bool:
        return self is Profile.ALL


WORDS: dict[Profile, str] = {
    Profile.NOTHING: "Nothing is replaced: the messages as they were on the wire.",
    Profile.NUMBERS: (
        "Numbers, names of users, display names, credentials and keys are replaced, in log lines too; bodies other "
        "than SDP, events, and log lines that cannot be read well enough are left out."
    ),
    Profile.NUMBERS_AND_ADDRESSES: (
        "The same, and IP addresses and the names of hosts in private networks are replaced."
    ),
    Profile.ALL: (
        "The same, and every host name, Call-ID, agent and header that is not SIP's own is replaced; "
        "log lines are left out."
    ),
}
"""What each does, for whoever chooses, one after the other."""

TOLD: dict[Profile, str] = {
    Profile.NOTHING: "Nothing was replaced.",
    Profile.NUMBERS: "Numbers, names, credentials and keys were replaced by stand-ins; equal ones by equal ones.",
    Profile.NUMBERS_AND_ADDRESSES: (
        "Numbers, names, addresses, credentials and keys were replaced by stand-ins; equal ones by equal ones."
    ),
    Profile.ALL: (
        "Numbers, names, addresses, hosts, Call-IDs, credentials and keys were replaced by stand-ins; "
        "equal ones by equal ones."
    ),
}
"""What each did, for whoever reads the shared call."""
