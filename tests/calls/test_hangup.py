from appliance.calls.attempts import attempts
from appliance.calls.hangup import Hangup, hangup
from appliance.calls.order import ordered
from tests.calls.made import flow

ANSWERED = ("0 A>P INVITE", "1 P>B INVITE", "8 B>P 200 INVITE", "9 P>A 200 INVITE")


def end(*lines: str, answered: tuple[str, ...] = ANSWERED) -> Hangup | None:
    rows = ordered(flow(*answered, *lines))
    return hangup(rows, attempts(rows)[-1])


def by(*lines: str) -> str | None:
    found = end(*lines)
    assert found is not None
    return found.by


def test_a_call_without_a_bye_has_not_ended() -> None:
    assert end() is None


def test_the_side_is_told_by_tag_not_by_address() -> None:
    assert by("900 A>P BYE", "901 P>B BYE") == "caller"
    assert by("900 B>P BYE by=callee", "901 P>A BYE by=callee") == "callee"
    assert by("900 P>A BYE by=callee") != "caller"


def test_a_bye_that_goes_past_the_proxy_counts() -> None:
    assert by("900 B>A BYE by=callee") == "callee"


def test_byes_that_cross_are_both() -> None:
    assert by("900 A>P BYE", "900 B>P BYE by=callee", "901 P>B BYE", "901 P>A BYE by=callee") == "both"


def test_a_proxy_that_ends_both_sides_is_the_network() -> None:
    assert by("900 P>A BYE by=callee", "900 P>B BYE") == "network"


def test_tags_that_nobody_knows_tell_nothing() -> None:
    assert by("900 A>P BYE from_tag=x to_tag=y") is None


FORKED = ("0 A>P INVITE", "8 P>A 200 INVITE to_tag=one", "9 P>A 200 INVITE to_tag=two")


def test_the_dialog_of_the_other_fork_may_end_while_they_talk() -> None:
    assert end("20 A>P BYE to_tag=two", answered=FORKED) is None
    found = end("20 A>P BYE to_tag=two", "900 P>A BYE from_tag=one to_tag=caller", answered=FORKED)
    assert found is not None
    assert (found.by, [bye.to_tag for bye in found.byes]) == ("callee", ["caller"])
