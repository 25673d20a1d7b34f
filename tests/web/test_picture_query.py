from dataclasses import replace

import pytest
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException

from appliance.calls.picture import WHOLE, Colours, Picture, Times
from appliance.web.picture_query import arguments, picture_of, query_string, usual_of, without


def asked(query: str, cookie: str = "") -> Picture:
    return picture_of(QueryParams(query), {"ladder": cookie}, "first")


def test_an_address_without_choices_shows_all() -> None:
    assert asked("") == WHOLE


def test_every_choice_can_stand_in_an_address() -> None:
    found = asked("time=delta&sdp=1&media=0&colour=transaction&hide=options,100,1XX,Retransmissions&mark=m1&apart=1")
    assert (found.time, found.sdp, found.media, found.colour) == (Times.DELTA, True, False, Colours.TRANSACTION)
    assert found.hide == {"OPTIONS", "100", "1xx", "retransmissions"}
    assert (found.mark, found.apart) == ("m1", True)


def test_hosts_are_hidden_or_merged_and_groups_that_touch_are_one() -> None:
    found = asked("hosts=-10.0.0.9,10.0.0.1~10.0.0.2&hosts=10.0.0.2~10.0.0.3&merge=a&merge=b~c")
    assert found.hidden_hosts == {"10.0.0.9"}
    assert found.merged_hosts == (("10.0.0.1", "10.0.0.2", "10.0.0.3"), ("a", "b", "c"))
    assert asked("merge=alone").merged_hosts == ()


def test_legs_are_all_one_or_named_by_their_keys() -> None:
    assert asked("legs=all").legs == asked("leg=").legs == ()
    assert asked("legs=one").legs == ("first",)
    assert asked("leg=second&leg=~Yy8x&leg=second").legs == ("second", "c/1")


@pytest.mark.parametrize("query", ["legs=x", "legs=two", "leg=~!"])
def test_a_leg_that_is_none_is_told(query: str) -> None:
    with pytest.raises(HTTPException, match="`leg"):
        asked(query)


def test_what_is_usual_in_a_browser_holds_where_the_address_is_silent() -> None:
    cookie = "time=relative&sdp=1&hide=INVITE"
    assert asked("", cookie) == replace(WHOLE, time=Times.RELATIVE, sdp=True)
    assert asked("sdp=0&time=absolute", cookie) == WHOLE
    assert usual_of({"ladder": "time=x&sdp=9&%%%=;"}) == WHOLE


def test_nonsense_is_as_if_it_were_not_there() -> None:
    assert asked("time=&sdp=2&colour=pink&hide=,,&hosts=~,-") == replace(WHOLE, hidden_hosts=frozenset({""}))


def test_a_picture_becomes_the_address_that_it_came_from() -> None:
    for query in (
        "time=delta&colour=callid&sdp=1&media=0&hide=100,OPTIONS&hosts=-10.0.0.9,a~b&legs=one&mark=m1",
        "leg=second&leg=~Yy8x",
        "apart=1",
    ):
        assert query_string(arguments(asked(query), WHOLE, "first")) == f"?{query}"


def test_what_differs_from_the_usual_stands_in_the_address_though_it_is_plain() -> None:
    usual = replace(WHOLE, sdp=True, time=Times.DELTA)
    assert arguments(WHOLE, usual) == {"sdp": "0", "time": "absolute"}
    assert arguments(usual, usual) == {"sdp": "1", "time": "delta"}


def test_nothing_hidden_leaves_the_rest_and_the_legs_as_they_are() -> None:
    found = without(asked("hide=100&hosts=-a,b~c&legs=one&sdp=1"))
    assert found == replace(WHOLE, sdp=True, merged_hosts=(("b", "c"),), legs=("first",))
