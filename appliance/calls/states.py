"""The state of a call (INTERFACES.md "`state` of a call"), from what its caller's last attempt came to."""

from appliance.calls.attempts import Attempt
from appliance.model.rows import CallState

NO_ANSWER_US = 210_000_000
"""3 min 30 s: timer C (RFC 3261 16.6) has run out, nobody will answer any more."""
LOST_US = 12 * 3_600_000_000


def failed_state(attempt: Attempt) -> CallState:
    """Of an attempt whose final response is no 2xx."""
    status = attempt.status or 0
    if attempt.cancelled:
        return CallState.CANCELLED
    if status in (486, 600):
        return CallState.BUSY
    if status in (401, 407):
        return CallState.CHALLENGED
    if status in (408, 480) or (status == 487 and attempt.ringing):
        return CallState.NOANSWER
    if 300 <= status < 400:
        return CallState.REDIRECTED
    if 500 <= status < 600:
        return CallState.FAILED
    return CallState.REJECTED


def open_state(attempt: Attempt, silence_us: int) -> CallState:
    """Of an attempt without a final response, `silence_us` after the call's last message."""
    if attempt.cancelled:
        return CallState.CANCELLED
    if silence_us >= NO_ANSWER_US:
        return CallState.TIMEOUT
    return CallState.RINGING if attempt.ringing else CallState.SETUP


def answered_state(ended: bool, silence_us: int) -> CallState:
    """Of an answered call, with or without its BYE."""
    if ended:
        return CallState.COMPLETED
    return CallState.LOST if silence_us >= LOST_US else CallState.ANSWERED
