"""What a call's messages were found to hold that must not be told: noted in a first reading, sought in a second."""

import ipaddress
import re
from collections.abc import Iterable
from functools import cached_property

WINDOW = 5
"""So many digits of a number in a row tell of it."""
LONG_WINDOW = 7
"""The same where blanks and signs stand between them."""
SHORTEST_WORD, SHORTEST_HOST = 4, 3
MOST_WORDS = 2000
_RESERVED = frozenset(
    b"sip sips tel udp tcp tls sctp wss sdp branch received rport maddr alias expires invite bye ack cancel register"
    b" options prack update refer notify subscribe message info publish digest basic realm nonce username response"
    b" algorithm opaque audio video image text application session origin transport user phone method reason cause"
    b" active terminated pending refresher uac uas true false none yes inline avp savp savpf avpf rtp pcma pcmu opus"
    b" telephone-event sendrecv sendonly recvonly inactive candidate host typ relay srflx prflx localhost ok ringing"
    b" trying isup presence dialog conference emergency".split()
)
"""Words of the protocol: a user who is called so is replaced where a user stands, but not everywhere."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Known:
    """Numbers, words, hosts and addresses; what is sought for is made when it is first asked for."""

    def __init__(self, words: Iterable[bytes] = ()) -> None:
        self.numbers: set[bytes] = set()
        self.hosts: set[bytes] = set()
        self.addresses: set[str] = set()
        """As written by ipaddress, and as they were spelt."""
        self.words: set[bytes] = set()
        for word in words:
            self.add_word(word)

    def add_number(self, digits: bytes) -> None:
        if len(digits) >= WINDOW:
            self.numbers.add(digits)

    def add_word(self, word: bytes) -> None:
        if len(word) >= SHORTEST_WORD and word.lower() not in _RESERVED and len(self.words) < MOST_WORDS:
            self.words.add(word.lower())

    def add_host(self, host: bytes) -> None:
        if len(host) >= SHORTEST_HOST and host.lower() not in _RESERVED and len(self.hosts) < MOST_WORDS:
            self.hosts.add(host.lower())

    def add_address(self, address: Address, spelt: str) -> None:
        self.addresses |= {str(address), spelt.lower()}

    @cached_property
    def windows(self) -> frozenset[bytes]:
        return _windows(self.numbers, WINDOW)

    @cached_property
    def long_windows(self) -> frozenset[bytes]:
        return _windows(self.numbers, LONG_WINDOW)

    @cached_property
    def ends(self) -> frozenset[bytes]:
        """Last digits by which a form of a number is told."""
        return frozenset(number[-LONG_WINDOW:] for number in self.numbers)

    @cached_property
    def word_pattern(self) -> re.Pattern[bytes] | None:
        return _pattern(self.words, rb"A-Za-z0-9")

    @cached_property
    def host_pattern(self) -> re.Pattern[bytes] | None:
        return _pattern(self.hosts, rb"A-Za-z0-9_-")

    def tells(self, digits: bytes) -> bool:
        """Whether these digits hold WINDOW digits of a number."""
        return any(digits[at : at + WINDOW] in self.windows for at in range(len(digits) - WINDOW + 1))

    def tells_apart(self, digits: bytes) -> bool:
        """Whether digits that were written with signs between them hold LONG_WINDOW digits of a number."""
        return any(digits[at : at + LONG_WINDOW] in self.long_windows for at in range(len(digits) - LONG_WINDOW + 1))

    def is_form(self, digits: bytes) -> bool:
        """Whether these digits are a number or a form of one: with or without its country and area."""
        return digits in self.numbers or (len(digits) >= LONG_WINDOW and digits[-LONG_WINDOW:] in self.ends)

    def is_free(self, address: str) -> bool:
        """Whether a stand-in is none of the addresses, nor holds one."""
        return not any(known in address for known in self.addresses)


def _windows(numbers: Iterable[bytes], size: int) -> frozenset[bytes]:
    return frozenset(number[at : at + size] for number in numbers for at in range(len(number) - size + 1))


def _pattern(words: Iterable[bytes], inside: bytes) -> re.Pattern[bytes] | None:
    """Any of them that stands by itself, the longest first."""
    listed = sorted(words, key=len, reverse=True)
    if not listed:
        return None
    choice = b"|".join(re.escape(word) for word in listed)
    return re.compile(b"(?<![%b])(?:%b)(?![%b])" % (inside, choice, inside), re.IGNORECASE)
