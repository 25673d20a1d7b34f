"""The one sentence that stands first: who called whom, and how it came out. Registrations and others have theirs."""

from collections.abc import Callable

from appliance.calls.hangup import BOTH, CALLEE, CALLER, NETWORK
from appliance.model.rows import CallRow, CallState
from appliance.why import wording
from appliance.why.codes import meaning
from appliance.why.finding import SUMMARY, Finding, Severity
from appliance.why.origin import credentials_refused, origin
from appliance.why.other_dialogs import told
from appliance.why.rules.outcome import answered_elsewhere
from appliance.why.seen import Seen
from appliance.why.view import View

JOINED = (",", ";")
GRAVE = frozenset({CallState.REJECTED, CallState.FAILED, CallState.TIMEOUT, CallState.CHALLENGED})
NOTABLE = frozenset({CallState.LOST, CallState.PARTIAL, CallState.NOANSWER, CallState.BUSY})
"""States whose sentence is an error, or a warning."""


def summary(view: View) -> Finding:
    """The sentence as a finding, its evidence the message that decided."""
    if view.call is None:
        return told(view)
    state = view.call.state
    severity = Severity.ERROR if state in GRAVE else Severity.WARNING if state in NOTABLE else Severity.INFO
    ending = _ENDINGS[state](view, view.call)
    sentence = f"{view.caller} called {view.callee}{'' if ending[:1] in JOINED else ' '}{ending}."
    evidence = [view.final or view.progress, view.seen(view.attempt.invite) if view.attempt else None]
    ids = tuple(seen.row.id for seen in evidence if seen is not None)[:1]
    return Finding(SUMMARY, severity, sentence, "", ids, _hop(view))


def _hop(view: View) -> str:
    born = origin(view, view.invite) if view.invite and view.invite.failed else None
    return born.hop if born else ""


def _by(view: View) -> str:
    """`486 Busy Here from 203.0.113.5`: the deciding response and where it was born."""
    final = view.final
    if final is None:
        return "a final response"
    born = origin(view, view.invite) if view.invite else None
    by = born.response.row.source_ip if born else final.row.source_ip
    return f"{wording.response(final)} from {wording.host(by)}"


def _after(view: View, until: Seen | None) -> str:
    """`after 12.0 s of ringing`, else `120 ms after the INVITE`."""
    begun = view.seen(view.attempt.invite) if view.attempt else None
    if until is None or begun is None:
        return "later"
    heard = view.ringing or view.progress
    if heard is not None and heard.at_us <= until.at_us:
        what = "ringing" if heard.status == 180 else wording.response(heard)
        return f"after {wording.duration(until.at_us - heard.at_us)} of {what}"
    return f"{wording.duration(until.at_us - begun.at_us)} after the INVITE"


def _answered_after(call: CallRow) -> str:
    return (
        f", who answered after {wording.duration(call.setup_ms * 1000)}"
        if call.setup_ms is not None
        else ", who answered"
    )


def _completed(view: View, call: CallRow) -> str:
    talked = f"; they talked {wording.duration(call.talk_ms * 1000)}, then " if call.talk_ms is not None else "; "
    who = {
        CALLER: f"the caller ({view.caller}) hung up",
        CALLEE: f"the called side ({view.callee}) hung up",
        NETWORK: "a host between them ended the call",
        BOTH: "both hung up at once",
    }.get(call.hung_up_by or "", "somebody hung up")
    return f"{_answered_after(call)}{talked}{who}"


def _answered(view: View, call: CallRow) -> str:
    since = wording.duration(view.now_us - view.final.at_us) if view.final else "some time"
    return f"{_answered_after(call)}; no BYE so far, {since} after the answer"


def _lost(view: View, call: CallRow) -> str:
    return f"{_answered_after(call)}; no BYE was ever captured"


def _cancelled(view: View, call: CallRow) -> str:
    cancel = view.invite.cancels[0] if view.invite and view.invite.cancels else None
    if cancel is not None and answered_elsewhere(cancel):
        return f"; the call was answered elsewhere {_after(view, cancel)} here"
    request = view.invite.request if view.invite else None
    if cancel is not None and request is not None and len(request.vias) > 1:
        return f"and {wording.sender(cancel)} took the call back {_after(view, cancel)}, before anyone answered"
    return f"and gave up {_after(view, cancel)}, before anyone answered"


def _busy(view: View, call: CallRow) -> str:
    return f"and found the line busy: {_by(view)} {_after(view, view.final)}"


def _noanswer(view: View, call: CallRow) -> str:
    if view.ringing is None:
        return f"and could not be put through: {_by(view)} {_after(view, view.final)}, without ringing"
    return f"and nobody answered: {_by(view)} {_after(view, view.final)}"


def _rejected(view: View, call: CallRow) -> str:
    proved = view.invite is not None and credentials_refused(view, view.invite)
    plain = "the credentials were not accepted" if proved else meaning(call.status or 0)
    return f"and was refused: {_by(view)} {_after(view, view.final)} ({plain})"


def _failed(view: View, call: CallRow) -> str:
    return f"and the call failed: {_by(view)} {_after(view, view.final)} ({meaning(call.status or 0)})"


def _redirected(view: View, call: CallRow) -> str:
    targets = [uri for uri in (view.final.contact[1] if view.final else "",) if uri]
    to = f" to {wording.quoted(targets[0])}" if targets else ""
    return f"and was sent elsewhere{to}: {_by(view)}; no other attempt was captured"


def _challenged(view: View, call: CallRow) -> str:
    sent = view.invite is not None and view.invite.request is not None and view.invite.request.row.auth_user
    if sent:
        return f"and its credentials were not accepted: {_by(view)}; the INVITE did not come again"
    return f"and was asked for credentials: {_by(view)}; the INVITE did not come again"


def _timeout(view: View, call: CallRow) -> str:
    waited = wording.duration(view.now_us - view.last_us)
    last = view.invite.responses[-1] if view.invite and view.invite.responses else None
    heard = f"after {wording.response(last)} no more came" if last else "no response was captured"
    return f"and got no final answer: {heard}, now {waited} since the last message"


def _open(view: View, call: CallRow) -> str:
    begun = view.seen(view.attempt.invite) if view.attempt else None
    waited = wording.duration(view.now_us - begun.at_us) if begun else "some time"
    if call.state is CallState.RINGING:
        return f"and it has been ringing; no answer {waited} after the INVITE"
    last = view.invite.responses[-1] if view.invite and view.invite.responses else None
    heard = f"only {wording.response(last)}" if last else "nothing"
    return f"and {heard} came back in {waited}"


def _partial(view: View, call: CallRow) -> str:
    first = view.messages[0] if view.messages else None
    begins = f": the capture begins with {_name(first)}" if first else ""
    byes = [one for one in view.byes if one.callid == view.callid and one.request]
    ends = f" and has the BYE of {wording.client(byes[0])}" if byes else ""
    return f"; the INVITE was not captured{begins}{ends}"


def _name(seen: Seen) -> str:
    return wording.response(seen) if not seen.is_request else wording.quoted(seen.row.method, 20)


_ENDINGS: dict[CallState, Callable[[View, CallRow], str]] = {
    CallState.SETUP: _open,
    CallState.RINGING: _open,
    CallState.ANSWERED: _answered,
    CallState.COMPLETED: _completed,
    CallState.CANCELLED: _cancelled,
    CallState.BUSY: _busy,
    CallState.NOANSWER: _noanswer,
    CallState.REJECTED: _rejected,
    CallState.REDIRECTED: _redirected,
    CallState.CHALLENGED: _challenged,
    CallState.FAILED: _failed,
    CallState.TIMEOUT: _timeout,
    CallState.LOST: _lost,
    CallState.PARTIAL: _partial,
}
