"""That it finds what a search of the tables finds is shown in tests/storage/search/test_in_memory.py."""

from dataclasses import replace

import pytest

from appliance.matching.filter import Call, Leg, Packet, of_calls, of_messages, reads_octets
from appliance.model.kinds import Kind
from appliance.model.rows import CallState
from appliance.query.parse import parse
from tests.calls.made import flow
from tests.storage.search.stored import a_call

(INVITE, BUSY) = (replace(row, raw=b"") for row in flow("0 A>B INVITE", "9 B>A 486 INVITE"))
LOG = replace(INVITE, kind=Kind.LOG, method="", raw=b"sofia: busy")
TWO_LEGS = Call(
    (
        Leg(a_call("one", legs=2, joined=9), (replace(INVITE, callid="one", node="sbc-1"),)),
        Leg(
            a_call("two", legs=2, leg=1, joined=9, state=CallState.BUSY, to_user="carol"),
            (replace(BUSY, callid="two", node="sbc-2"),),
        ),
    )
)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("", [INVITE, BUSY]),
        ("method:INVITE", [INVITE]),
        ("NOT method:INVITE", [BUSY]),
        ("kind:log", [LOG]),
        ("kind:log OR status:486", [BUSY, LOG]),
        ("NOT kind:call NOT kind:log", []),
        ("kind:log text:sofia", [LOG]),
        ("kind:* from:*", [INVITE, BUSY]),
    ],
)
def test_messages_are_sip_unless_another_kind_is_named(line: str, found: list[object]) -> None:
    fulfils = of_messages(parse(line).root)
    assert [row for row in (INVITE, BUSY, LOG) if fulfils(Packet(row))] == found


def test_a_call_field_asks_the_call_of_a_message() -> None:
    fulfils = of_messages(parse("state:busy").root)
    busy = a_call(INVITE.callid, state=CallState.BUSY)
    assert fulfils(Packet(INVITE, (busy,)))
    assert not fulfils(Packet(INVITE, ()))
    assert not fulfils(Packet(replace(INVITE, kind=Kind.REGISTRATION), (busy,)))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("method:INVITE", True),
        ("node:sbc-1 node:sbc-2", True),
        ("NOT node:sbc-2", False),
        ("to:carol", True),
        ("state:busy", False),
        ("state:completed", True),
        ("legs:2", True),
        ("two", True),
        ("kind:log", False),
        ("", True),
    ],
)
def test_a_message_field_is_of_any_message_of_any_leg_and_not_is_of_none(line: str, found: bool) -> None:
    assert of_calls(parse(line).root)(TWO_LEGS) is found


@pytest.mark.parametrize(
    ("line", "needed"), [("", False), ("from:a", False), ("a", False), ("from:a OR NOT text:b", True)]
)
def test_octets_are_needed_for_what_no_column_holds(line: str, needed: bool) -> None:
    assert reads_octets(parse(line).root) is needed
