"""Passwords: hashed with argon2id (RFC 9106) outside the event loop, a few at a time; and which are no good."""

import asyncio
import re
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_LENGTH = 8
MOST_LENGTH = 1024
"""Longer ones are refused before they are hashed."""
MEMORY_KIB = 19456
AT_ONCE = 2
"""Hashes at a time: more would let sign-ins take the memory and processors that storing needs."""

_hasher = PasswordHasher(time_cost=2, memory_cost=MEMORY_KIB, parallelism=1)
_gates: dict[int, asyncio.Semaphore] = {}


class WeakPassword(ValueError):
    """A new password that is refused; the text says why."""


def check(password: str, user_name: str, old_password: str | None = None) -> None:
    """Raise WeakPassword unless `password` may become the password of `user_name`."""
    if len(password) < LEAST_LENGTH:
        raise WeakPassword(f"The new password needs at least {LEAST_LENGTH} characters.")
    if len(password) > MOST_LENGTH:
        raise WeakPassword(f"The new password may have {MOST_LENGTH} characters at most.")
    if old_password is not None and password == old_password:
        raise WeakPassword("The new password is the old one: choose another.")
    if len(user_name) > 2 and user_name.lower() in password.lower() and len(password) < len(user_name) + LEAST_LENGTH:
        raise WeakPassword("The new password is little more than the user's name: choose another.")
    if is_common(password):
        raise WeakPassword("That password is among those that are tried first: choose another.")


COMMON = frozenset((Path(__file__).parent / "common_words.txt").read_text(encoding="ascii").split())
"""What passwords are guessed with first."""
LEET = str.maketrans("0134578@$!", "oieastbasi")


def is_common(password: str) -> bool:
    """Whether it is a well-known word, sequence or repetition, with or without digits and signs around it."""
    plain = password.lower()
    core = re.sub(r"^[^a-z]+|[^a-z]+$", "", plain)
    unleeted = re.sub(r"^[^a-z]+|[^a-z]+$", "", re.sub(r"[\d\W_]+$", "", plain).translate(LEET))
    if plain in COMMON or core in COMMON or unleeted in COMMON:
        return True
    if plain.isdigit() and len(plain) < 14:
        return True
    return _repeats(plain) or any(plain in row or plain in row[::-1] for row in _ROWS)


_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
)


def _repeats(password: str) -> bool:
    """`aaaaaaaa`, `abcabcabc`: a piece of up to four characters over and over."""
    return any(password == (password[:n] * len(password))[: len(password)] for n in range(1, 5))


async def hashed(password: str) -> str:
    """The argon2id hash to keep."""
    async with _gate():
        return await asyncio.to_thread(_hasher.hash, password)


async def matches(password_hash: str | None, password: str) -> bool:
    """Compare; with None (no such user) it takes as long and is False."""
    async with _gate():
        return await asyncio.to_thread(_verify, password_hash, password)


def _verify(password_hash: str | None, password: str) -> bool:
    try:
        _hasher.verify(password_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


_NOBODY = _hasher.hash("nobody has this one")


def _gate() -> asyncio.Semaphore:
    # One a loop: a process has one, tests have many.
    return _gates.setdefault(id(asyncio.get_running_loop()), asyncio.Semaphore(AT_ONCE))
