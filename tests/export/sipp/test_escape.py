import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.export.sipp.escape import Ends, addressed, comment, escaped

ENDS = Ends(("10.0.0.1", 5060), ("2001:db8::2", 5070))


def unescaped(text: str) -> bytes:
    """What SIPp makes of it (message.cpp): `\\xHH` is an octet."""
    return re.sub(r"\\x([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), text).encode("latin-1")


@given(st.binary())
def test_every_octet_comes_back_and_none_means_anything(octets: bytes) -> None:
    text = escaped(octets)
    assert unescaped(text) == octets
    assert text.isascii() and text.isprintable()
    assert not set("[]") & set(text) and text == text.strip()


@given(st.text())
def test_a_comment_ends_where_we_end_it(text: str) -> None:
    ElementTree.fromstring(f"<a><!--{comment(text)}--></a>")


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"<sip:100@10.0.0.1:5060>", "<sip:100@[local_ip]:[local_port]>"),
        (b"<sip:100@10.0.0.1>", "<sip:100@[local_ip]>"),
        (b"10.0.0.1:99;x=10.0.0.10", "[local_ip]:99;x=10.0.0.10"),
        (b"<sip:[2001:DB8:0::2]:5070>", "<sip:[remote_ip]:[remote_port]>"),
        (b"<sip:[2001:db8::3]>", r"<sip:\x5B2001:db8::3\x5D>"),
        (b"version 1.10.0.0.1.2", "version 1.10.0.0.1.2"),
        (b"999.0.0.1 [call_id]", r"999.0.0.1 \x5Bcall_id\x5D"),
    ],
)
def test_addresses_of_both_ends_become_keywords(octets: bytes, text: str) -> None:
    assert addressed(octets, ENDS) == text
