from appliance.why.passed_on import MOST_HOSTS, PassedOn
from appliance.why.transactions import Transaction
from appliance.why.view import View
from tests.why.written import written


def passed(near: tuple[str, ...], far: tuple[str, ...]) -> tuple[View, dict[str, Transaction]]:
    """The first transaction of each Call-ID, of two legs in the order of time."""
    rows = sorted([*written(*near, callid="near"), *written(*far, callid="far", first=100)], key=lambda row: row.ts)
    view = View(rows, None, rows[-1].ts)
    return view, {one.callid: one for one in reversed(view.transactions)}


def test_what_a_host_sends_while_it_is_asked_is_because_of_that() -> None:
    view, of = passed(("0 A>P INVITE", "90 P>A 404 INVITE"), ("5 P>B INVITE", "80 B>P 404 INVITE"))
    assert view.after(of["near"]) == [of["far"]]
    assert list(view.passed_on.causes(of["far"])) == [of["near"]]
    assert list(view.passed_on.causes(of["near"])) == []


def test_nothing_is_because_of_what_was_over_before() -> None:
    view, of = passed(("0 A>P INVITE", "3 P>A 404 INVITE"), ("5 P>B INVITE",))
    assert view.after(of["near"]) == []


def test_a_bye_is_passed_on_after_it_was_answered_but_not_much_later() -> None:
    bye = ("0 A>P BYE cseq=2", "1 P>A 200 BYE cseq=2")
    view, of = passed(bye, ("9 P>B BYE cseq=2",))
    assert view.after(of["near"]) == [of["far"]]
    view, of = passed(bye, ("2009 P>B BYE cseq=2",))
    assert view.after(of["near"]) == []


def test_another_method_or_another_place_in_the_dialog_is_something_else() -> None:
    view, of = passed(("0 A>P INVITE",), ("5 P>B OPTIONS",))
    assert view.after(of["near"]) == []
    view, of = passed(("0 A>P INVITE again=1 cseq=2",), ("5 P>B INVITE",))
    assert view.after(of["near"]) == []


def test_a_way_is_followed_through_hops_and_legs() -> None:
    view, _ = passed(("0 A>P INVITE", "5 P>Q INVITE"), ("9 Q>R INVITE", "12 R>B INVITE"))
    last = view.transactions[-1]
    assert [one.client[0] for one in view.passed_on.causes(last)] == ["10.0.0.17", "10.0.0.16", "10.0.0.1"]


def test_a_circle_is_not_followed_for_ever() -> None:
    _, of = passed(("0 A>P INVITE",), ("5 P>B INVITE",))
    one = of["near"]
    one.parent = one
    assert len(list(PassedOn([]).causes(one))) == MOST_HOSTS
