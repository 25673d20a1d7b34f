import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.redaction.hiding import Hiding
from appliance.redaction.lines import LONGEST, line
from appliance.redaction.message import redacted
from appliance.redaction.profile import Profile
from tests.redaction.made import KEY, everywhere

NUMBER, ADDRESS = b"4930123456789", b"10.1.2.3"
INVITE = everywhere(NUMBER, ADDRESS).replace(b"a@x", b"alice.miller@x")


def hidden(text: bytes, profile: Profile = Profile.NUMBERS_AND_ADDRESSES) -> bytes | None:
    """A line of the call above."""
    hiding = Hiding(profile, KEY)
    redacted(INVITE, hiding)
    line(text, hiding)
    hiding.learning = False
    return line(text, hiding)


@pytest.mark.parametrize(
    "text",
    [
        b"caller 4930123456789 is calling",
        b"4930123456789@10.1.2.3 answered",
        b"route to sip:4930123456789@10.1.2.3:5060;transport=udp",
        b"number 030 123 456 789 dialled",
        b"from=alice.miller to=bob.smith",
        b"user alice.miller: ok, sip:alice.miller@pbx.example.com",
        b"auth_user='alice.miller' src=10.1.2.3:5060",
        b'INVITE from "Alice Miller" <sip:alice.miller@x>',
        b"AOR alice.miller@pbx.example.com is gone",
        b"fU=alice.miller rU=4930123456789 tU=4930123456789",
        b"another number: 491701234567",
        b"host ip-10-1-2-3.example.com",
        b"tel:+49-30-123456789 was dialled",
    ],
)
def test_nobody_is_named_in_a_line(text: bytes) -> None:
    shown = hidden(text)
    assert shown is not None
    for secret in (b"30123456", b"456789", b"alice", b"miller", b"Alice", b"Miller", b"bob", b"smith", b"10.1.2.3",
                   b"10-1-2-3", b"1701234567"):  # fmt: skip
        assert secret not in shown, shown


def test_what_is_no_secret_stays() -> None:
    assert hidden(b"INFO [core.c:12]: took INVITE, 3 branches, timer 5000 ms, rc=-1") == (
        b"INFO [core.c:12]: took INVITE, 3 branches, timer 5000 ms, rc=-1"
    )


def test_addresses_are_told_where_the_profile_tells_them() -> None:
    assert hidden(b"from 10.9.9.9 port 5060", Profile.NUMBERS) == b"from 10.9.9.9 port 5060"
    assert b"10.9.9.9" not in (hidden(b"from 10.9.9.9 port 5060") or b"")
    assert hidden(b"took INVITE", Profile.ALL) is None


@pytest.mark.parametrize(
    "text",
    [
        b'{"event": "join"}', b" [1, 2]", b"<xml/>", b"received INVITE sip:a@b SIP/2.0", b"x\nv=0\r\no=- 1 1",
        b"password=hunter2", b"the secret is hunter2", b'"token": "abc"', b"Authorization: Digest x", b"nonce = 1",
        b"\xff\xfe", b"esc \x1b[31m", b"nul \0", b"x" * (LONGEST + 1),
    ],
)  # fmt: skip
def test_what_cannot_be_read_or_gives_a_secret_a_name_is_withheld(text: bytes) -> None:
    assert hidden(text) is None


@given(
    st.lists(
        st.one_of(
            st.sampled_from([NUMBER, b"+" + NUMBER, b"0" + NUMBER[2:], b"sip:", b"@", b":", b"<", b">", b'"', b"=",
                             b" ", b"user", b"from", ADDRESS, b"-", b".", b";", b"%2B", b"tel:"]),
            st.binary(max_size=3),
        ),
        max_size=12,
    )
)  # fmt: skip
@settings(deadline=None, max_examples=300)
def test_no_line_tells_the_number_or_the_address(pieces: list[bytes]) -> None:
    shown = hidden(b"".join(pieces)) or b""
    assert NUMBER[-7:] not in shown and ADDRESS not in shown
