import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.registrations.said import LONGEST_SECONDS, MOST_CONTACTS, Contact, Said, compared, said


def head(*lines: str) -> bytes:
    return "\r\n".join(["REGISTER sip:example.com SIP/2.0", *lines, "", ""]).encode()


def test_it_reads_contacts_with_their_device_and_flow() -> None:
    found = said(head(
        'Contact: "Al" <sip:al@10.0.0.1:5060;transport=tcp>;expires=60;reg-id=2;+sip.instance="<urn:uuid:7>"',
        "m: <sip:desk@10.0.0.2>",
        "Expires: 300",
        "Path: <sip:p1;lr>",
        "Path: <sip:p2;lr>",
    ))  # fmt: skip
    assert found.contacts == (
        Contact("sip:al@10.0.0.1:5060;transport=tcp", "urn:uuid:7", 2, 60),
        Contact("sip:desk@10.0.0.2", "", None, None),
    )
    assert (found.expires, found.everything, found.path) == (300, False, "<sip:p1;lr>, <sip:p2;lr>")


def test_a_star_is_everything() -> None:
    assert said(head("Contact: *", "Expires: 0")) == Said((), True, 0, "")


def test_folded_lines_belong_together_and_the_body_does_not_count() -> None:
    assert [one.uri for one in said(head("Contact: <sip:a@h>,", " <sip:b@h>")).contacts] == ["sip:a@h", "sip:b@h"]
    assert said(head("Contact: <sip:a@h>") + b"Contact: <sip:b@h>\r\n").contacts[1:] == ()


@pytest.mark.parametrize(
    ("written", "seconds"), [("60", 60), ("x", None), ("", None), ("99999999999", LONGEST_SECONDS)]
)
def test_seconds_are_a_number_or_unknown(written: str, seconds: int | None) -> None:
    assert said(head(f"Expires: {written}")).expires == seconds
    assert said(head(f"Contact: <sip:a@h>;expires={written}")).contacts[0].expires == seconds


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("sip:al@H.example", "SIP:al@h.EXAMPLE", True),
        ("sip:al@h;ob;x=1", "sip:al@h", True),
        ("sip:al@h:5060", "sip:al@h", False),
        ("sip:Al@h", "sip:al@h", False),
        ("sip:al@h;transport=TCP", "sip:al@h;transport=tcp", True),
        ("sip:al@h;transport=tcp", "sip:al@h", False),
        ("tel:+49301", "tel:+49301", True),
    ],
)
def test_contacts_are_compared_as_registrars_do(one: str, other: str, same: bool) -> None:
    assert (compared(one) == compared(other)) is same


def test_a_device_is_itself_wherever_it_is() -> None:
    assert Contact("sip:a@1.2.3.4:5", "urn:uuid:X", 1, 60).key == Contact("sip:a@9.9.9.9", "urn:uuid:x", 1, None).key
    assert Contact("sip:a@h", "urn:uuid:x", 1, None).key != Contact("sip:a@h", "urn:uuid:x", 2, None).key


def test_more_contacts_than_anybody_has_are_left_out() -> None:
    assert len(said(head("Contact: " + ", ".join(f"<sip:{n}@h>" for n in range(500)))).contacts) == MOST_CONTACTS


@given(st.binary(max_size=300))
def test_any_octets_may_come(octets: bytes) -> None:
    found = said(b"REGISTER sip:h SIP/2.0\r\nContact: " + octets + b"\r\nExpires: " + octets + b"\r\n\r\n")
    assert len(found.contacts) <= MOST_CONTACTS
    assert all(len(one.uri) <= 255 and isinstance(one.key, str) for one in found.contacts)
