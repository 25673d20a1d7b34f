import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.sip.uri import user_domain


@pytest.mark.parametrize(
    ("uri", "user", "domain", "readable"),
    [
        (b"sip:alice@atlanta.com", b"alice", b"atlanta.com", True),
        (b"sip:alice:pw@atlanta.com:5060;transport=tcp?Subject=a@b", b"alice", b"atlanta.com", True),
        (b"SIPS:atlanta.com", b"", b"atlanta.com", True),
        (b"sip:+49301234;npdi;rn=+4930@gw;user=phone", b"+49301234;npdi;rn=+4930", b"gw", True),
        (b"sip:*21*0301234#@gw", b"*21*0301234#", b"gw", True),
        (b"sip:a%40b@gw", b"a%40b", b"gw", True),
        (b"sip:Alice@Atlanta.COM", b"Alice", b"Atlanta.COM", True),
        (b"sip:[2001:db8::1]", b"", b"[2001:db8::1]", True),
        (b"sip:a@[2001:db8::1]:5061;lr", b"a", b"[2001:db8::1]", True),
        (b"sip:a@[2001:db8::1", b"a", b"[2001:db8::1", False),
        (b"sip:2001:db8::10", b"", b"2001:db8::10", False),
        (b"sip:a@host:port", b"a", b"host:port", False),
        (b"sip:a@", b"a", b"", False),
        (b"sip:", b"", b"", False),
        (b"sip:a b@host", b"ab", b"host", False),
        (b"sip:a@b@c", b"a", b"b@c", True),
        (b"tel:+1-201-555-0123;ext=5", b"+1-201-555-0123", b"", True),
        (b"TEL:*100#", b"*100#", b"", True),
        (b"tel:863-1234;phone-context=+1-914-555", b"863-1234;phone-context=+1-914-555", b"", True),
        (b"tel:7042;ext=5;Phone-Context=example.com", b"7042;Phone-Context=example.com", b"", True),
        (b"tel:+4930;phone-context=x", b"+4930", b"", True),
        (b"tel:7042;ext=5", b"7042", b"", True),
        (b"tel:7042;", b"7042", b"", True),
        (b"tel:;phone-context=x", b"", b"", False),
        (b"tel:;ext=5", b"", b"", False),
        (b"urn:service:sos.fire", b"service:sos.fire", b"", True),
        (b"im:bob@example.com", b"bob", b"example.com", True),
        (b"http://www.example.com:80/x?y", b"", b"www.example.com", True),
        (b"opaque:thing", b"thing", b"", True),
        (b"alice", b"", b"", False),
        (b"", b"", b"", False),
        (b"\xff:\xfe", b"\xfe", b"", True),
    ],
)
def test_user_and_domain(uri: bytes, user: bytes, domain: bytes, readable: bool) -> None:
    assert user_domain(uri) == (user, domain, readable)


PARTS = st.sampled_from(
    ["sip:", "sips:", "tel:", "urn:", "//", "a", "b.c", "@", ":", "1", ";", "?", "[", "]", "<", '"', " "]
)


@given(st.lists(PARTS).map("".join))
def test_a_user_and_a_domain_stand_in_the_uri(uri: str) -> None:
    clean = uri.translate({ord(character): None for character in ' <"'}).encode()
    user, domain, readable = user_domain(uri.encode())
    assert user in clean
    assert domain in clean
    assert not readable or user or domain


@given(st.lists(PARTS, max_size=8).map("".join))
def test_the_quick_way_and_the_thorough_way_agree(rest: str) -> None:
    assert user_domain(b"sip:" + rest.encode()) == user_domain(b"Sip:" + rest.encode())
    assert user_domain(b"sip:a@" + rest.encode()) == user_domain(b"SIP:a@" + rest.encode())
