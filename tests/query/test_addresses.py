from ipaddress import IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.query.addresses import printed_addresses, read_addresses
from appliance.query.errors import QueryError
from appliance.query.tree import Addresses


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("10.1.2.3/8", "10.0.0.0/8"),
        ("10.0.0.0..10.0.0.255", "10.0.0.0/24"),
        ("10.0.0.1..10.0.0.2", "10.0.0.1..10.0.0.2"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("10.0.0.1:5060", "10.0.0.1:5060"),
        ("[::1]:5060", "[::1]:5060"),
        ("[2001:DB8::1]", "2001:db8::1"),
        ("2001:db8::/32", "2001:db8::/32"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
    ],
)
def test_addresses_are_read_and_printed_as_short_as_they_can_be(text: str, printed: str) -> None:
    assert printed_addresses(read_addresses("src", text, 0)) == printed


@pytest.mark.parametrize(
    "text", ["", "host", "10.0.0.256", "10.0.0.0/33", "10.0.0.1..::1", "10.0.0.2..10.0.0.1", "1.2.3.4:65536", "::1%lo"]
)
def test_what_is_no_address_says_how_one_is_written(text: str) -> None:
    with pytest.raises(QueryError, match=r"write 10\.0\.0\.1"):
        read_addresses("src", text, 0)


@given(st.lists(st.ip_addresses(v=6).filter(lambda one: one.ipv4_mapped is None), min_size=2, max_size=2).map(sorted))
def test_every_range_of_ipv6_is_read_as_it_is_printed(ends: list[IPv6Address]) -> None:
    span = Addresses(ends[0], ends[1])
    assert read_addresses("ip", printed_addresses(span), 0) == span
