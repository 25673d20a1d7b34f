from dataclasses import replace

import pytest

from appliance.calls.joins.keys import Key, why_equal, why_named
from appliance.calls.joins.naming import Naming
from appliance.model.octets import text
from appliance.model.rows import MessageRow
from appliance.sip.parse import parse
from tests.calls.made import flow

CHOSEN = ("X-CID", "X-Call-ID", "Session-ID")
BY_HEADER, BY_DIALOG = why_named(Key("x", "")), why_named(Key("n", ""))


def invite(callid: str, *lines: str) -> MessageRow:
    """As stored and read again."""
    raw = "\r\n".join(["INVITE sip:b@c SIP/2.0", f"Call-ID: {callid}", *lines, "", ""]).encode()
    (row,) = flow("0 A>B INVITE", callid=callid)
    aleg = tuple(name.encode() for name in CHOSEN)
    return replace(row, raw=raw, leg_keys=text(parse(raw, aleg).leg_keys))


def told(why: str, *rows: MessageRow, leg: str = "b@x", other: str = "a@x") -> str:
    return Naming(rows, CHOSEN).reason(why, leg, other)


def test_the_header_is_named_as_the_operator_writes_it_from_either_end() -> None:
    rows = invite("a@x"), invite("b@x", "x-call-id:  a@x;reason=b2b")
    assert told(BY_HEADER, *rows) == "its X-Call-ID names a@x"
    assert told(BY_HEADER, *rows, leg="a@x", other="b@x") == "X-Call-ID of b@x names it"


def test_of_two_headers_that_say_the_same_it_is_the_first_of_the_operators() -> None:
    assert told(BY_HEADER, invite("b@x", "X-Call-ID: a@x", "X-CID: <a@x>")) == "its X-CID names a@x"


def test_another_header_with_the_value_does_not_count() -> None:
    rows = invite("b@x", "In-Reply-To: a@x", "X-CID: elsewhere@x")
    assert told(BY_HEADER, rows) == BY_HEADER


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Replaces: a@x;to-tag=1;from-tag=2", "Replaces"),
        ("Join: a@x;to-tag=1;from-tag=2", "Join"),
        ("Target-Dialog: a@x;local-tag=1;remote-tag=2", "Target-Dialog"),
        ("Refer-To: <sip:c@d?Replaces=a%40x%3Bto-tag%3D1>", "Refer-To"),
        ("r: <sip:c@d?Replaces=a%40x%3Bto-tag%3D1>", "r"),
    ],
)
def test_headers_that_name_a_dialog_are_told_apart(line: str, name: str) -> None:
    assert told(BY_DIALOG, invite("b@x", line)) == f"its {name} names a@x"


def test_an_equal_value_is_told_with_the_header_of_each_leg() -> None:
    why = why_equal(Key("x", "shared-1"))
    both = invite("a@x", "X-CID: shared-1"), invite("b@x", "X-CID: shared-1")
    assert told(why, *both) == "same X-CID shared-1"
    apart = invite("a@x", "X-CID: shared-1"), invite("b@x", "X-Call-ID: shared-1")
    assert told(why, *apart) == "its X-Call-ID is the X-CID of a@x: shared-1"


def test_what_somebody_cut_keeps_who_did_it() -> None:
    assert told(f"cut by alice; {BY_HEADER}", invite("b@x", "X-CID: a@x")) == "cut by alice; its X-CID names a@x"


@pytest.mark.parametrize("why", [BY_HEADER, BY_DIALOG, why_equal(Key("x", "shared-1")), "same icid-value x", ""])
def test_without_the_messages_the_reason_stays_as_it_is(why: str) -> None:
    assert told(why) == why
    assert told(why, replace(invite("b@x", "X-CID: a@x"), raw=None)) == why


def test_octets_that_are_not_utf8_are_compared_too() -> None:
    raw = b"INVITE sip:b@c SIP/2.0\r\nCall-ID: b@x\r\nX-CID: \xff@x\r\n\r\n"
    row = replace(invite("b@x"), raw=raw, leg_keys="x:\udcff@x")
    assert told(BY_HEADER, row, other="\udcff@x") == "its X-CID names \udcff@x"
