import pytest

from appliance.calls.attempts import attempts
from appliance.calls.states import LOST_US, NO_ANSWER_US, answered_state, failed_state, open_state
from tests.calls.made import flow


@pytest.mark.parametrize(
    ("code", "rang", "state"),
    [
        (300, True, "redirected"), (399, False, "redirected"), (400, True, "rejected"), (401, False, "challenged"),
        (403, False, "rejected"), (407, True, "challenged"), (408, False, "noanswer"), (480, False, "noanswer"),
        (486, True, "busy"), (487, True, "noanswer"), (487, False, "rejected"), (500, True, "failed"),
        (599, False, "failed"), (600, False, "busy"), (603, True, "rejected"), (606, False, "rejected"),
        (999, False, "rejected"),
    ],
)  # fmt: skip
def test_every_failure_has_its_state(code: int, rang: bool, state: str) -> None:
    lines = ["0 A>P INVITE", *(["5 P>A 180 INVITE"] * rang), f"9 P>A {code} INVITE"]
    assert failed_state(attempts(flow(*lines))[0]) == state


def test_the_callers_cancel_goes_before_the_code() -> None:
    (attempt,) = attempts(flow("0 A>P INVITE", "5 P>A 180 INVITE", "7 A>P CANCEL", "9 P>A 480 INVITE"))
    assert failed_state(attempt) == "cancelled"


def test_an_open_attempt_waits_until_timer_c_has_run_out() -> None:
    (attempt,) = attempts(flow("0 A>P INVITE", "5 P>A 100 INVITE"))
    (ringing,) = attempts(flow("0 A>P INVITE", "5 P>A 183 INVITE"))
    assert open_state(attempt, NO_ANSWER_US - 1) == "setup"
    assert open_state(ringing, NO_ANSWER_US - 1) == "ringing"
    assert open_state(ringing, NO_ANSWER_US) == "timeout"


def test_an_answered_call_is_lost_after_half_a_day() -> None:
    assert answered_state(False, LOST_US - 1) == "answered"
    assert answered_state(False, LOST_US) == "lost"
    assert answered_state(True, LOST_US) == "completed"
