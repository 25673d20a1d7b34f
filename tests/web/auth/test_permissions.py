from dataclasses import replace

import pytest

from appliance.storage.accounts import Role, User
from appliance.web.auth.permissions import Deed, may

USER = User(1, "bob", Role.USER, "", False, False, 0, 0)
ADMIN = replace(USER, role=Role.ADMIN)
FIRST = replace(ADMIN, must_change=True)


@pytest.mark.parametrize("deed", Deed)
def test_nobody_and_disabled_may_nothing(deed: Deed) -> None:
    assert not may(None, deed)
    assert not may(replace(ADMIN, disabled=True), deed)
    assert not may(replace(ADMIN, disabled=True), deed, by_token=True)


@pytest.mark.parametrize("deed", Deed)
def test_only_an_administrator_administers(deed: Deed) -> None:
    assert may(ADMIN, deed)
    assert may(USER, deed) == (deed is not Deed.ADMINISTER)


@pytest.mark.parametrize("deed", Deed)
def test_a_first_password_changes_itself_alone(deed: Deed) -> None:
    assert may(FIRST, deed) == (deed is Deed.CHANGE_OWN_PASSWORD)


def test_a_token_reads_before_the_first_change_and_changes_no_password() -> None:
    assert may(FIRST, Deed.READ, by_token=True)
    assert not may(ADMIN, Deed.CHANGE_OWN_PASSWORD, by_token=True)
    assert not may(ADMIN, Deed.MANAGE_OWN_TOKENS, by_token=True)
    assert may(ADMIN, Deed.ADMINISTER, by_token=True)
    assert not may(USER, Deed.ADMINISTER, by_token=True)
