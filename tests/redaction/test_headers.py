import pytest

from appliance.redaction import headers
from appliance.redaction.hiding import Hiding
from appliance.redaction.profile import Profile


def hiding(profile: Profile = Profile.NUMBERS) -> Hiding:
    found = Hiding(profile, b"k" * 32)
    found.known.add_number(b"4930123456")
    found.learning = False
    return found


@pytest.mark.parametrize("name", [b"user-to-user", b"geolocation", b"subject", b"p-access-network-info"])
def test_what_holds_a_person_s_own_is_withheld(name: bytes) -> None:
    assert headers.value(name, b"3132333435", hiding()) == b"withheld"


@pytest.mark.parametrize("name", [b"x-note", b"call-id", b"via", b"reason", b"warning", b"user-agent", b"p-unknown"])
def test_a_known_number_is_hidden_in_every_header(name: bytes) -> None:
    assert b"30123" not in headers.value(name, b"so 4930123456", hiding())


def test_unknown_headers_are_withheld_when_all_is_hidden() -> None:
    assert headers.value(b"x-note", b"hello", hiding(Profile.ALL)) == b"withheld"
    assert headers.value(b"x-note", b"hello", hiding()) == b"hello"
    assert headers.value(b"allow", b"INVITE, BYE", hiding(Profile.ALL)) == b"INVITE, BYE"


def test_cseq_and_the_like_stay_numbers() -> None:
    made = headers.value(b"cseq", b"4930123 INVITE", hiding())
    assert made.endswith(b" INVITE")
    assert made.split()[0].isdigit()
    assert made != b"4930123 INVITE"


def test_a_call_id_is_replaced_wherever_it_is_named_when_all_is_hidden() -> None:
    found = hiding(Profile.ALL)
    found.learning = True
    headers.value(b"call-id", b"abc-def", found)
    found.learning = False
    made = headers.value(b"call-id", b"abc-def", found)
    assert made != b"abc-def"
    assert headers.value(b"replaces", b"abc-def;to-tag=1", found) == made + b";to-tag=1"
