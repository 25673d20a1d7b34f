from appliance.calls.attempts import attempts
from appliance.calls.clock import times
from appliance.calls.order import ordered
from appliance.calls.outcome import Outcome
from appliance.calls.spans import Spans
from appliance.model.rows import CallState
from tests.calls.made import flow

ANSWERED = ("0 A>P INVITE", "90 P>A 180 INVITE", "3000 P>A 200 INVITE", "3020 A>P ACK")


def outcome(*lines: str, silence_us: int = 0) -> Outcome:
    rows = ordered(flow(*lines))
    return Outcome(rows, Spans((), times(rows)), attempts(rows)[-1], silence_us)


def test_an_answered_call_has_all_its_times() -> None:
    found = outcome(*ANSWERED, "63000 A>P BYE cseq=2")
    assert (found.state, found.status, found.reply_reason) == (CallState.COMPLETED, 200, "Reason")
    assert (found.pdd_ms, found.setup_ms, found.talk_ms) == (90, 3000, 60_000)


def test_a_failed_call_has_no_setup_and_no_talk() -> None:
    found = outcome("0 A>P INVITE", "250 P>A 404 INVITE")
    assert (found.state, found.status) == (CallState.REJECTED, 404)
    assert (found.pdd_ms, found.setup_ms, found.talk_ms, found.hangup) == (250, None, None, None)


def test_a_call_without_an_answer_has_no_status() -> None:
    found = outcome("0 A>P INVITE")
    assert (found.state, found.status, found.reply_reason, found.pdd_ms) == (CallState.SETUP, None, "", None)


def test_the_talk_ends_with_the_bye_on_the_hop_of_the_answer() -> None:
    through = ("0 A>P INVITE", "1 P>B INVITE", "8 B>P 200 INVITE", "10 P>A 200 INVITE")
    found = outcome(*through, "1000 B>P BYE by=callee", "1005 P>A BYE by=callee")
    assert found.talk_ms == 995
