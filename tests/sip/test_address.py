import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.sip.address import first_user, first_value, parameter, party, split, unquoted, uri_parameters
from appliance.sip.uri import user_domain


@pytest.mark.parametrize(
    ("value", "user", "domain", "tag", "good"),
    [
        (b"<sip:a@b>;tag=1", b"a", b"b", b"1", True),
        (b" Name <sip:a@b:5060;lr>;x=y;tag=1;z", b"a", b"b", b"1", True),
        (b'"N, <sip:x@y>; \\" tag=2" <sip:a@b> ; TAG = 1', b"a", b"b", b"1", True),
        (b'<sip:a@b>;x="tag=2;tag=3";tag=1', b"a", b"b", b"1", True),
        (b"<sip:a@b>;tagged=2;tag=1", b"a", b"b", b"1", True),
        (b"<sip:a@b;tag=no>", b"a", b"b", b"", True),
        (b"sip:a@b;tag=1", b"a", b"b", b"1", True),
        (b"sip:a@b", b"a", b"b", b"", True),
        (b"tel:+4930;tag=1", b"+4930", b"", b"1", True),
        (b"<tel:+4930;ext=1>;tag=1", b"+4930", b"", b"1", True),
        (b"<sip:a@[::1]:5060>;tag=1", b"a", b"[::1]", b"1", True),
        ("Zoë <sip:a@b>;tag=1".encode(), b"a", b"b", b"1", True),
        (b'""<sip:a@b>;tag=1', b"a", b"b", b"1", True),
        (b"sip:a@b?x=y;tag=1", b"a", b"b", b"1", False),
        (b'"open <sip:a@b>;tag=1', b"a", b"b", b"1", False),
        (b"a@b <sip:a@b>;tag=1", b"a", b"b", b"1", False),
        (b"<sip:a@b;tag=1", b"a", b"b", b"", False),
        (b"<>;tag=1", b"", b"", b"1", False),
    ],
)
def test_a_party(value: bytes, user: bytes, domain: bytes, tag: bytes, good: bool) -> None:
    assert party(value) == (user, domain, tag, good)


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"))


@given(NAMES, st.booleans())
def test_nothing_in_a_quoted_display_name_passes_for_the_address(name: str, fold: bool) -> None:
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    value = quoted.encode() + (b" " if fold else b"") + b"<sip:alice@atlanta>;tag=1"
    assert party(value) == (b"alice", b"atlanta", b"1", True)
    assert first_user(value) == (b"alice", True)
    assert unquoted(quoted.encode()) == name.encode()


def test_the_first_of_several_addresses() -> None:
    assert first_user(b"<sip:a@x>, <sip:b@x>") == (b"a", True)
    assert first_user(b"sip:a@x, <sip:b@x>") == (b"a", True)
    assert first_user(b"sip:a@x;expires=1, sip:b@x") == (b"a", True)
    assert first_user(b'"x, y" <sip:a,1@x>, <sip:b@x>') == (b"a,1", True)
    assert first_value(b'a;b="1,2",c') == b'a;b="1,2"'


def test_parameters_of_an_address() -> None:
    assert uri_parameters(b'"A" <sip:a@b;x>;y="1;2"; Z = 3') == (b"sip:a@b;x", b';y="1;2"; Z = 3', True)
    assert parameter(b';y="1;2"; Z = 3', b"z") == b"3"
    assert parameter(b';y="1;2"', b"y") == b'"1;2"'
    assert parameter(b";y", b"y") == parameter(b"", b"y") == b""


@given(st.lists(st.sampled_from([b'"', b"\\", b";", b",", b"a", b'"x"', b" "]), max_size=600).map(b"".join))
def test_pieces_joined_are_the_value_again(value: bytes) -> None:
    for separator in (b";", b","):
        assert separator.join(split(value, separator)) == value


ADDRESS_PARTS = (
    'a|b.c|<|>|sip:|sips:|@|:1|;tag=1|;TAG=2|;tag = 3|;x|;x=y|;tagged=1| |\t|"n"|"n;tag=4"|\\|,|?h=v|[::1]|%'
)


@given(st.lists(st.sampled_from(ADDRESS_PARTS.split("|")), max_size=8), st.booleans())
def test_the_quick_way_and_the_thorough_way_agree(parts: list[str], usual: bool) -> None:
    value = ("<sip:u@h>" * usual + "".join(parts)).encode()
    uri, parameters, good = uri_parameters(value)
    user, domain, readable = user_domain(uri)
    assert party(value) == (user, domain, parameter(parameters, b"tag"), good and readable)
    if b"," not in value:
        assert first_user(value) == (user, good and readable)
