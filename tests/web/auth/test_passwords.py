import asyncio

import pytest

from appliance.web.auth import passwords
from appliance.web.auth.passwords import WeakPassword


def test_a_hash_matches_its_password_alone() -> None:
    async def run() -> None:
        kept = await passwords.hashed("violet parrot 7")
        assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert await passwords.matches(kept, "violet parrot 7")
        assert not await passwords.matches(kept, "violet parrot 8")
        assert not await passwords.matches(None, "nobody has this one")
        assert not await passwords.matches("no hash", "x")

    asyncio.run(run())


@pytest.mark.parametrize(
    "password",
    ["password", "Password1", "P@ssw0rd!", "12345678", "test1234", "qwertyuiop", "admin2026!", "aaaaaaaa", "abcabcabc",
     "hepbox123", "letmein99", "1q2w3e4r", "87654321", "Sunshine12", "!!password!!", "asdfghjkl", "welcome2026"],
)  # fmt: skip
def test_well_known_passwords_are_common(password: str) -> None:
    assert passwords.is_common(password)


@pytest.mark.parametrize("password", ["violet parrot 7", "correct-horse-9", "Xk7#pq!v", "grünerEimer", "tzhwqmbx"])
def test_others_are_not(password: str) -> None:
    passwords.check(password, "alice")


@pytest.mark.parametrize("password", ["test123", "short", "", "x" * 1025, "alice123", "ALICE!!!"])
def test_short_long_and_named_ones_are_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        passwords.check(password, "alice")


def test_the_old_one_is_refused_as_new() -> None:
    with pytest.raises(WeakPassword, match="is the old one"):
        passwords.check("violet parrot 7", "alice", "violet parrot 7")
