import asyncio
from dataclasses import replace

import pytest

from appliance.calls.fold import fold
from appliance.redaction.profile import Profile
from appliance.web import shared_call
from appliance.web.found_call import FoundCall
from appliance.web.shared_call import Shown
from tests.calls.made import START_US, flow
from tests.sip_packets import sip

FIRST = [replace(row, raw=sip(row)) for row in flow("0 A>B INVITE", "90 B>A 200 INVITE", "95 A>B ACK")]
OTHER = [replace(row, id=row.id + "b", raw=sip(row)) for row in flow("1 B>C INVITE", callid="c2@made")]
FOUND = FoundCall("c1@made", fold(FIRST, START_US)[0], (*FIRST, *OTHER), 4, (), False)


def shown(legs: tuple[str, ...] | None, profile: Profile = Profile.NUMBERS) -> Shown | None:
    return asyncio.run(shared_call.shown(FOUND, legs, profile, b"k" * 32, ""))


def test_all_legs_or_the_chosen_ones_are_shown() -> None:
    whole, one = shown(None), shown(("c2@made",))
    assert whole is not None
    assert one is not None
    assert (len(whole.messages), len(one.messages)) == (4, 1)
    assert whole.call is not None
    assert one.call is None
    assert one.started == OTHER[0].ts


def test_a_leg_that_is_not_there_shows_nothing() -> None:
    assert shown(("c3@made",)) is None


def test_parties_are_those_of_the_record_else_of_the_first_message() -> None:
    whole, one = shown(None), shown(("c2@made",))
    assert whole is not None
    assert one is not None
    assert whole.from_user == one.from_user != "100"
    assert len(whole.ladder.arrows) == 4
    assert whole.as_found().messages == whole.messages


def test_of_a_long_call_the_first_messages_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_call, "MOST_SHARED", 3)
    found = shown(None)
    assert found is not None
    assert (len(found.messages), found.not_shown) == (3, 1)
