"""No number, no address, no secret of a message is left, wherever it stood; and the message reads as well as before."""

import re
from base64 import urlsafe_b64decode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.redaction.message import redacted
from appliance.redaction.profile import Profile
from appliance.sip.parse import parse
from tests.redaction.made import everywhere, hidden, hiding_of
from tests.sip.messages import INVITE, changed
from tests.torture import RFC_4475, RFC_5118, octets_of

NUMBER, ADDRESS = b"4930123456789", b"10.20.30.40"
HIDING = [profile for profile in Profile if profile.hides_parties]

numbers = st.from_regex(rb"[1-9][0-9]{6,14}", fullmatch=True)
addresses = st.ip_addresses(v=4).filter(lambda one: not (one.is_loopback or one.is_unspecified or one.is_multicast))


def windows(number: bytes, size: int = 5) -> list[bytes]:
    return [number[at : at + size] for at in range(len(number) - size + 1)]


def runs(octets: bytes) -> bytes:
    """All digit runs, escapes undone, apart from each other."""
    unescaped = re.sub(rb"%(?!3[0-9])[0-9A-Fa-f]{2}", b" ", octets)
    return b" ".join(re.findall(rb"[0-9]+", re.sub(rb"%3([0-9])", rb"\1", unescaped)))


@given(number=numbers, address=addresses, profile=st.sampled_from(HIDING))
@settings(deadline=None, max_examples=60)
def test_no_digits_of_a_number_and_no_address_is_left(number: bytes, address: object, profile: Profile) -> None:
    spelt = str(address).encode()
    payload = everywhere(number, spelt)
    made = hidden(payload, profile)
    assert made, "withheld"
    assert not [window for window in windows(number) if window in runs(made)]
    if profile.hides_addresses:
        assert spelt not in made
        assert spelt.replace(b".", b"-") not in made
        assert b"2001:db8:7::9" not in made
    assert set(parse(made).problems) <= set(parse(payload).problems)


def test_an_escaped_at_before_a_stand_in_is_no_beginning_of_a_number() -> None:
    made = hidden(everywhere(b"1040198", b"10.0.0.0"))
    assert b"%40198." in made


def test_a_message_with_everything_is_not_withheld() -> None:
    for profile in HIDING:
        assert parse(hidden(everywhere(NUMBER, ADDRESS), profile)).problems == ()


def test_the_digits_spoken_in_groups_are_hidden_too() -> None:
    made = hidden(everywhere(NUMBER, ADDRESS))
    assert b"493 012 345" not in made
    assert b"493-012-345" not in made


def test_keys_passwords_and_credentials_are_replaced() -> None:
    made = hidden(everywhere(NUMBER, ADDRESS), Profile.NUMBERS)
    for secret in (b"WVNfX19z", b"YH75Fviy", b"9uB6", b"6B:8B:F0", b"0123456789abcdef", b"f00", b":secret@"):
        assert secret not in made
    assert b"|2^20|1:4" in made


def test_an_identity_token_says_that_it_was_replaced_and_keeps_its_attestation() -> None:
    made = hidden(everywhere(NUMBER, ADDRESS))
    token = re.search(rb"\nIdentity: ([^;\r]+)", made)
    assert token is not None
    payload = urlsafe_b64decode(token[1].split(b".")[1] + b"==")
    assert b"redacted" in payload
    assert b'"attest":"A"' in payload


def test_user_agents_are_kept() -> None:
    assert b"User-Agent: Softphone/1.0\r\n" in hidden(INVITE, Profile.ALL)


def test_the_forms_of_one_number_end_alike() -> None:
    made = hidden(everywhere(NUMBER, ADDRESS))
    with_country = re.search(rb"tel:\+4930([a-z]+);cpc", made)
    with_zeros = re.search(rb"sip:0049[a-z]{2}([a-z]+)@", made)
    assert with_country is not None
    assert with_zeros is not None
    assert with_country[1].endswith(with_zeros[1])


def test_a_national_form_ends_like_the_international_one() -> None:
    one = changed(b"From", b"From: <sip:+4930123456@x>;tag=1")
    other = changed(b"From", b"From: <sip:030123456@x>;tag=1")
    hiding = hiding_of(one, other)
    ends = []
    for payload in (one, other):
        made = redacted(payload, hiding)
        assert made is not None
        ends.append(parse(made).from_user[-6:])
    assert ends[0] == ends[1]


def test_another_key_gives_other_stand_ins() -> None:
    assert hidden(INVITE, key=b"a" * 32) != hidden(INVITE, key=b"b" * 32)


def test_content_length_is_that_of_the_new_body() -> None:
    made = hidden(everywhere(NUMBER, ADDRESS))
    head, _, body = made.partition(b"\r\n\r\n")
    length = re.search(rb"\nl: (\d+)", head)
    assert length is not None
    assert int(length[1]) == len(body)


def test_a_cut_message_stays_cut() -> None:
    payload = changed(b"Content-Length", b"Content-Length: 400")
    assert parse(payload).problems == ("short-body",)
    assert parse(hidden(payload)).problems == ("short-body",)


def test_what_follows_a_message_in_its_datagram_is_part_of_the_body() -> None:
    payload = changed(b"Content-Length", b"Content-Length: 2")
    assert parse(hidden(payload)).problems == ()


@pytest.mark.parametrize("profile", HIDING)
def test_bodies_but_session_descriptions_are_withheld(profile: Profile) -> None:
    for kind in (b"text/plain", b"application/dtmf-relay", b"application/isup", b"application/pidf+xml"):
        payload = INVITE.replace(b"application/sdp", kind).replace(b"v=0\n", b"Signal=5 dial me")
        made = hidden(payload, profile)
        assert b"Signal" not in made
        assert b"[withheld: " + kind + b"]" in made
        assert b"Content-Type: text/plain" in made


@pytest.mark.parametrize("broken", [b"From: <sip:4930123456", b"Fro m: <sip:4930123456@x>\r\nFrom <a>"])
def test_a_message_that_cannot_be_read_is_withheld_whole(broken: bytes) -> None:
    assert hidden(changed(b"From", broken)) == b""
    assert hidden(b"\x16\x03 4930123456") == b""


def test_a_number_in_the_name_of_a_header_withholds_the_message() -> None:
    assert hidden(changed(b"Subject", b"X-49301234: yes")) == b""


def test_line_ends_stay_as_they_were() -> None:
    made = hidden(INVITE.replace(b"\r\n", b"\n"))
    assert b"\r" not in made
    assert parse(made).problems == ("bare-lf",)


@pytest.mark.parametrize("profile", HIDING)
@pytest.mark.parametrize("name", [*RFC_4475, *RFC_5118])
def test_a_torture_message_reads_no_worse_or_is_withheld(name: str, profile: Profile) -> None:
    payload = octets_of(name)
    made = hidden(payload, profile)
    if made:
        before, after = parse(payload), parse(made)
        assert set(after.problems) <= set(before.problems)
        assert (after.method, after.status, after.cseq) == (before.method, before.status, before.cseq)


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_any_octets_are_taken(octets: bytes) -> None:
    hidden(octets)
    hidden(INVITE[:-4] + octets)
    at = INVITE.index(b"lunch")
    hidden(INVITE[:at] + octets + INVITE[at:])
