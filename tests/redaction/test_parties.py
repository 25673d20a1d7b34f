import pytest

from appliance.redaction import parties
from appliance.redaction.hiding import Hiding
from appliance.redaction.profile import Profile
from appliance.sip.address import party


def hiding() -> Hiding:
    found = Hiding(Profile.NUMBERS, b"k" * 32)
    found.learning = False
    return found


@pytest.mark.parametrize(
    ("value", "secret"),
    [
        (b'"Alice" <sip:alice@x>;tag=1', b"lice"),
        (b"Alice Smith <sip:a@x>", b"Smith"),
        (b'"a \\"quoted\\" name" <sip:a@x>', b"quoted"),
        (b"<sip:alice:pass@x>", b"pass"),
        (b"<tel:+49-30-1234567>", b"1234567"),
        (b"<sip:%61lice@x>", b"lice"),
        (b"sip:alice@x;tag=1", b"alice"),
        (b"<xmpp:alice@x>", b"alice"),
        (b"<h323:alice>, <mailto:bob.b@x>", b"bob.b"),
        (b"<sip:12345>", b"12345"),
        (b"<alice@x>", b"alice"),
        (b"<sip:a;rn=+4930123456@x>", b"30123"),
        (b"caf\xe9 <sip:caf%C3%A9@x>", b"caf"),
        (b'"4930123456" <sip:a@x>', b"30123"),
    ],
)
def test_users_and_names_are_replaced(value: bytes, secret: bytes) -> None:
    assert secret not in parties.values(value, hiding())


@pytest.mark.parametrize(
    "value",
    [
        b'"Anonymous" <sip:anonymous@anonymous.invalid>',
        b"<sip:host.example.com;lr>",
        b"<urn:service:sos>",
        b"*",
        b"<sip:10.0.0.1:5060;transport=udp;lr>, <sip:10.0.0.2;lr>",
    ],
)
def test_what_names_nobody_stays(value: bytes) -> None:
    assert parties.values(value, hiding()) == value


def test_parameters_and_form_stay() -> None:
    made = parties.values(b'"Al" <sip:+4930123456@h:5061;user=phone>;tag=z1;x="y, z"', hiding())
    assert made.endswith(b'@h:5061;user=phone>;tag=z1;x="y, z"')
    user, domain, tag, good = party(made)
    assert (user[:5], domain, tag, good) == (b"+4930", b"h", b"z1", True)


def test_the_plus_goes_with_the_country_code() -> None:
    assert parties.uri(b"tel:+49301234", hiding()).startswith(b"tel:x")
    assert parties.uri(b"tel:+493012345678", hiding()).startswith(b"tel:+4930")


def test_visual_separators_stay_where_they_were() -> None:
    made = parties.uri(b"tel:+49-30-123456;ext=7", hiding())
    assert made.startswith(b"tel:+49-30-")
    assert made.endswith(b";ext=7")


def test_numbers_and_users_are_noted_for_everywhere_else() -> None:
    found = hiding()
    parties.values(b'"x 990011223" <sip:%2B4930123456;rn=+4940777777@h>, <sip:alice@h>', found)
    assert {b"4930123456", b"990011223", b"4940777777"} <= found.known.numbers
    assert b"alice" in found.known.words


def test_uris_in_any_text_are_found() -> None:
    made = parties.uris(b"see sip:alice@h or tel:+4930123456, now", hiding())
    assert b"alice" not in made
    assert b"123456" not in made
