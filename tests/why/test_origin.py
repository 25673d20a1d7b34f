from appliance.why.origin import origin
from appliance.why.view import View
from tests.why.written import written

PROXIED = ("0 A>P INVITE", "1 P>Q INVITE", "2 Q>B INVITE")


def view(*lines: str) -> View:
    rows = written(*lines)
    return View(rows, None, rows[-1].ts)


def test_a_response_is_born_on_the_hop_furthest_from_the_caller() -> None:
    one = view(*PROXIED, "50 B>Q 486 INVITE ua=Phone", "51 Q>P 486 INVITE ua=Phone", "52 P>A 486 INVITE ua=Phone")
    found = origin(one, one.roots[0])
    assert found is not None
    assert (found.hop, found.place, found.beyond) == ("10.0.0.2 → 10.0.0.17", "at or beyond 10.0.0.2 (Phone)", True)
    assert found.turned is None


def test_a_host_that_asked_on_and_got_another_answer_made_this_one() -> None:
    one = view(*PROXIED, "50 B>Q 503 INVITE", "51 Q>P 500 INVITE", "52 P>A 500 INVITE")
    found = origin(one, one.roots[0])
    assert found is not None
    assert (found.place, found.beyond) == ("at 10.0.0.17", False)
    assert found.turned is not None and found.turned.status == 503


def test_what_has_no_final_response_was_born_nowhere() -> None:
    one = view(*PROXIED)
    assert origin(one, one.roots[0]) is None
