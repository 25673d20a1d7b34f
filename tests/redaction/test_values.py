import pytest

from appliance.redaction.hiding import Hiding
from appliance.redaction.profile import Profile
from appliance.redaction.values import address, liberal, node, plain
from tests.redaction.made import KEY


def hiding(profile: Profile) -> Hiding:
    made = Hiding(profile, KEY)
    made.known.add_number(b"4930123456789")
    made.learning = False
    return made


def test_addresses_are_told_where_only_numbers_are_hidden() -> None:
    assert address("10.1.2.3", hiding(Profile.NUMBERS)) == "10.1.2.3"
    assert address("10.1.2.3", hiding(Profile.NUMBERS_AND_ADDRESSES)) != "10.1.2.3"


@pytest.mark.parametrize("told", [plain, liberal])
@pytest.mark.parametrize("profile", [Profile.NUMBERS, Profile.NUMBERS_AND_ADDRESSES, Profile.ALL])
def test_a_number_that_is_known_is_hidden_wherever_it_stands(told, profile: Profile) -> None:  # type: ignore[no-untyped-def]
    assert "4930123456789" not in told("relay-4930123456789", hiding(profile))


def test_the_agent_is_told_unless_all_is_hidden() -> None:
    assert node("edge", hiding(Profile.NUMBERS)) == "edge"
    assert node("edge", hiding(Profile.ALL)) == ""
