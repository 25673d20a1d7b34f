"""What the gate does is seen in tests/web/views/test_shared.py; here is what a page does not show."""

from dataclasses import replace

from appliance.storage.shares import Share
from appliance.web import share_gate

SHARE = Share(1, b"k" * 32, 1, "bob", "c1", None, None, "all", "", "hash", "", 1, 2, None, 0, None)


class Asked:
    """A request with one cookie."""

    def __init__(self, cookie: str) -> None:
        self.cookies = {share_gate.COOKIE: cookie}


def test_the_proof_is_of_this_share_and_this_password() -> None:
    right = share_gate._proof(SHARE)
    assert share_gate.is_unlocked(Asked(right), SHARE)  # type: ignore[arg-type]
    for other in (replace(SHARE, hiding_key=b"o" * 32), replace(SHARE, password_hash="other")):
        assert not share_gate.is_unlocked(Asked(right), other)  # type: ignore[arg-type]
    for wrong in ("", "x", "é", right[:-1]):
        assert not share_gate.is_unlocked(Asked(wrong), SHARE)  # type: ignore[arg-type]


def test_the_proof_tells_nothing_of_the_password() -> None:
    assert "hash" not in share_gate._proof(SHARE)


def test_without_a_password_nothing_is_asked() -> None:
    assert share_gate.is_unlocked(Asked(""), replace(SHARE, password_hash=None))  # type: ignore[arg-type]
