import asyncio

import pytest

from appliance.redaction.profile import Profile
from appliance.storage.accounts import Role, User
from appliance.storage.shares import HOUR_US
from appliance.web import share_form
from appliance.web.auth import passwords
from appliance.web.found_call import FoundCall
from appliance.web.share_form import BadShare, ShareForm
from tests.calls.made import START_US, flow

ROWS = (*flow("0 A>B INVITE"), *flow("1 B>C INVITE", callid="c2@made"))
FOUND = FoundCall("c1@made", None, ROWS, 2, (), False)
BOB = User(1, "bob", Role.USER, "", False, False, 1, 1)


def test_an_empty_form_hides_numbers_and_addresses_for_a_week() -> None:
    form = share_form.of_form({}, [], FOUND)
    assert form == ShareForm(168, Profile.NUMBERS_AND_ADDRESSES, None)


def test_legs_are_chosen_by_their_places() -> None:
    assert share_form.of_form({"legs": "chosen"}, ["1"], FOUND).legs == ("c2@made",)
    assert share_form.of_form({"legs": "chosen"}, ["0", "1"], FOUND).legs is None


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"hours": "0"}, "hours"),
        ({"hours": "2161"}, "hours"),
        ({"hours": "x"}, "hours"),
        ({"hours": "²"}, "hours"),
        ({"redaction": "some"}, "redaction"),
        ({"note": "x" * 501}, "note"),
        ({"words": "x" * 1001}, "words"),
        ({"legs": "chosen"}, "leg"),
    ],
)
def test_what_cannot_be_is_told_with_its_field(values: dict[str, str], where: str) -> None:
    with pytest.raises(BadShare) as caught:
        share_form.of_form(values, [], FOUND)
    assert caught.value.where == where


def test_what_is_stored_has_its_end_and_only_a_hash_of_the_password() -> None:
    form = ShareForm(hours=2, password="a quiet violet owl", note="n")
    wanted = asyncio.run(share_form.wanted(form, FOUND, BOB, 1000))
    assert (wanted.callid, wanted.call_at, wanted.expires_at) == ("c1@made", START_US, 1000 + 2 * HOUR_US)
    assert wanted.password_hash is not None
    assert asyncio.run(passwords.matches(wanted.password_hash, "a quiet violet owl"))
    assert "owl" not in str(form)


def test_legs_that_are_joined_later_are_not_shown_by_it() -> None:
    assert asyncio.run(share_form.wanted(ShareForm(), FOUND, BOB, 1000)).legs == FOUND.callids


def test_a_weak_password_is_refused() -> None:
    with pytest.raises(BadShare) as caught:
        asyncio.run(share_form.wanted(ShareForm(password="password1"), FOUND, BOB, 1000))
    assert caught.value.where == "password"
