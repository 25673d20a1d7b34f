from appliance.why.origin import born, credentials_refused, origin
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


def test_failures_are_told_with_where_they_were_born() -> None:
    one = view(*PROXIED, "50 B>Q 420 INVITE", "51 Q>P 420 INVITE", "52 P>A 420 INVITE")
    ((root, at),) = born(one, (420,))
    assert (root.client[0], at.ip, at.request) == ("10.0.0.1", "10.0.0.2", at.transaction.requests[0])
    assert list(born(one, (421,))) == [] and list(born(one, (420,), "BYE")) == []


def test_a_403_is_about_credentials_only_as_the_first_word_of_who_was_asked() -> None:
    proof = 'Authorization: Digest username="u", realm="r", nonce="n"'
    at_once = view(f"0 A>B INVITE | {proof}", "5 B>A 100 INVITE", "9 B>A 403 INVITE")
    rung = view(f"0 A>B INVITE | {proof}", "5 B>A 180 INVITE", "9 B>A 403 INVITE")
    behind = view(f"0 A>P INVITE | {proof}", "1 P>B INVITE", "9 B>P 403 INVITE", "10 P>A 403 INVITE")
    without = view("0 A>B INVITE", "9 B>A 403 INVITE")
    told = [credentials_refused(one, one.roots[0]) for one in (at_once, rung, behind, without)]
    assert told == [True, False, False, False]
