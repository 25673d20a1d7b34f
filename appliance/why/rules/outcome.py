"""How the call came out, and what the final response says."""

from collections.abc import Iterator

from appliance.calls.hangup import CALLEE, CALLER, NETWORK, hangup
from appliance.model.rows import CallState
from appliance.why import wording
from appliance.why.codes import meaning
from appliance.why.finding import Found
from appliance.why.origin import origin
from appliance.why.seen import Seen
from appliance.why.view import View

CHALLENGES = (401, 407)
SAID_AT_ONCE = frozenset({CallState.REJECTED, CallState.FAILED, CallState.CANCELLED})
"""States whose first sentence has the meaning of the response, or needs none."""
OWN_WORDS = frozenset(
    {403, 404, 405, 410, 415, 420, 421, 422, 423, 428, 436, 437, 438, 481, 482, 483, 484, 485, 486, 487, 488, 489}
    | {491, 501, 503, 600, 604, 606}
)
"""Codes that another rule explains with what the messages say."""


def failure_origin(view: View) -> Iterator[Found]:
    """The hop on which the failure was seen first, which is where to look. A host that had passed the request on and
    got no such response from there made it itself; else it came from that host or from beyond what was captured."""
    one = view.invite or next((each for each in reversed(view.roots) if each.failed), None)
    if one is None or not one.failed or one.status in CHALLENGES or _taken_back(view):
        return
    born = origin(view, one)
    if born is None:
        return
    words = wording.response(born.response)
    if born.beyond:
        sentence = f"{words} was born at or beyond {born.host}: what that host did with it was not captured."
    else:
        onward = wording.listed(wording.server(each) for each in born.asked)
        sentence = (
            f"{words} was born at {born.host}: it had asked {onward} and got no {born.response.status} from there."
        )
    yield Found(sentence, (born.response, born.transaction.request), born.hop)


def status_meaning(view: View) -> Iterator[Found]:
    """What the final response means in plain words, where no other rule tells more."""
    one = view.invite or next((each for each in reversed(view.roots) if each.failed), None)
    if one is None or one.final is None or not one.failed or one.status in (*CHALLENGES, *OWN_WORDS):
        return
    if view.ringing or (view.call and view.call.state in SAID_AT_ONCE):
        return
    yield Found(f"{wording.response(one.final)} means: {meaning(one.status)}.", (one.final,), wording.hop(one, True))


def busy(view: View) -> Iterator[Found]:
    """Busy: 486 or 600, and whether it rang before, as phones do when somebody declines."""
    final, one = view.final, view.invite
    if one is None or final is None or final.status not in (486, 600) or one.request is None:
        return
    if view.ringing:
        rang = wording.duration(final.at_us - view.ringing.at_us)
        sentence = f"{wording.response(final)} came after {rang} of ringing, as when somebody declines the call."
    else:
        soon = wording.duration(final.at_us - one.request.at_us)
        sentence = f"{wording.response(final)} came {soon} after the INVITE without any ringing."
    yield Found(sentence, (final, view.ringing, one.request), wording.hop(one, True))


def no_answer(view: View) -> Iterator[Found]:
    """Rang, and nobody answered: 480, 408 or 487 without the caller's CANCEL."""
    final, one = view.final, view.invite
    if one is None or final is None or view.ringing is None or final.status not in (408, 480, 487):
        return
    if view.attempt and view.attempt.cancelled:
        return
    rang = wording.duration(final.at_us - view.ringing.at_us)
    sentence = f"It rang {rang}, then came {wording.response(final)}."
    yield Found(sentence, (view.ringing, final), wording.hop(one, True))


def _taken_back(view: View) -> bool:
    """The caller's CANCEL, confirmed by 487."""
    return bool(view.attempt and view.attempt.cancelled and view.final and view.final.status == 487)


def cancelled(view: View) -> Iterator[Found]:
    """The caller took the call back with CANCEL before anybody answered, after how long, and what had come by then."""
    one, attempt = view.invite, view.attempt
    if one is None or attempt is None or not attempt.cancelled or not one.cancels or one.request is None:
        return
    cancel = one.cancels[0]
    waited = wording.duration(cancel.at_us - one.request.at_us)
    if view.ringing and view.ringing.at_us <= cancel.at_us:
        heard = f"{wording.duration(cancel.at_us - view.ringing.at_us)} of ringing"
    elif one.provisional:
        heard = f"{wording.response(one.provisional[-1])} and no ringing"
    else:
        heard = "no response at all"
    sentence = f"{wording.sender(cancel)} sent CANCEL {waited} after the INVITE, after {heard}."
    yield Found(sentence, (cancel, view.ringing, view.final), wording.hop(one))


def completed_elsewhere(view: View) -> Iterator[Found]:
    """A CANCEL says that another phone has answered: this is no missed call."""
    for one in view.transactions:
        for cancel in one.cancels[:1]:
            if answered_elsewhere(cancel):
                sentence = f"The call to {wording.server(one)} was cancelled: another phone had answered it."
                yield Found(sentence, (cancel, one.request), wording.hop(one))


def answered_elsewhere(cancel: Seen) -> bool:
    """`Reason: SIP;cause=200;text="Call completed elsewhere"` (RFC 3326 3.1); some send one of the two."""
    reason = "".join(cancel.text(b"reason").lower().split())
    return "completedelsewhere" in reason or "sip;cause=200" in reason


def hung_up(view: View) -> Iterator[Found]:
    """Who sent the BYE, and how long they had talked."""
    call, attempt = view.call, view.attempt
    if call is None or attempt is None or call.state is not CallState.COMPLETED:
        return
    ended = hangup([seen.row for seen in view.messages if seen.row.callid == view.callid], attempt)
    bye = view.seen(ended.byes[0]) if ended else None
    if bye is None:
        return
    who = {
        CALLER: f"The caller ({view.caller})",
        CALLEE: f"The called side ({view.callee})",
        NETWORK: f"A host between them ({wording.sender(bye)})",
    }.get(call.hung_up_by or "", "Both sides" if call.hung_up_by else "A side that the tags do not tell")
    talked = f" after {wording.duration(call.talk_ms * 1000)}" if call.talk_ms is not None else ""
    yield Found(f"{who} hung up{talked}: BYE from {wording.sender(bye)}.", (bye,), wording.hop_of(bye))


def very_short(view: View) -> Iterator[Found]:
    """Answered and over within three seconds: an answering machine, a wrong number, or no sound."""
    call = view.call
    if call and call.talk_ms is not None and call.talk_ms < 3_000 and view.byes:
        sentence = f"They talked only {wording.duration(call.talk_ms * 1000)}: too short for a conversation."
        yield Found(sentence, (view.byes[0].request, view.final), wording.hop(view.byes[0]))
