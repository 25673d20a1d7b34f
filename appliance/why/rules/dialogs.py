"""Requests that crossed, dialogs that one side no longer knows, and what should have come and did not."""

from collections.abc import Iterator
from itertools import pairwise

from appliance.calls.session_timer import interval_seconds, last_refresh, runs_out_us
from appliance.model.rows import CallState
from appliance.sip.problems import PROBLEMS
from appliance.why import wording
from appliance.why.finding import Found
from appliance.why.origin import born
from appliance.why.seen import Seen
from appliance.why.transactions import Transaction
from appliance.why.view import View

REPEATED_US = 500_000
"""T1: by then a reliable response would have been sent again."""
CROSSING_US = 1_000_000
"""What is further apart did not cross."""


def unknown_dialog(view: View) -> Iterator[Found]:
    """481: the other side knows no such call or transaction; when BYE or CANCEL crossed another message on the way,
    that is said."""
    for one, at in born(view, (481,)):
        here = at.transaction
        bye = view.bye_after(here.callid, -1)
        itself = bye in (here, *view.passed_on.causes(here))
        crossed = bye if bye is not None and not itself and bye.first.place < at.response.place else None
        if one.method == "CANCEL":
            why = _late(view, here, at.response)
        elif crossed is not None:
            why = f"a BYE of {wording.client(crossed)} had ended the call before"
        else:
            why = "it has forgotten the call, or never had it (restarted, another host, other tags)"
        sentence = f"{at.ip} knows nothing of what {wording.verb(one)} belongs to: {why}."
        yield Found(sentence, (at.response, at.request, crossed.request if crossed else None), at.hop)


def _late(view: View, cancel: Transaction, refusal: Seen) -> str:
    invite = view.cancelled.get(id(cancel))
    if invite is not None and invite.final is not None and invite.final.place < refusal.place:
        return f"its INVITE had been answered {wording.response(invite.final)}"
    return "no INVITE with its branch is under way there"


def cancel_crossed_answer(view: View) -> Iterator[Found]:
    """CANCEL and 200 OK crossed on the way: the call was answered although the caller had given up."""
    for one in view.roots:
        if not one.initial or not one.cancels or not one.accepted or one.final is None:
            continue
        gap = one.final.at_us - one.cancels[0].at_us
        if gap < -CROSSING_US:
            continue
        order = f"{wording.duration(gap)} after" if gap >= 0 else f"{wording.duration(-gap)} before"
        sentence = f"{wording.response(one.final)} came {order} the CANCEL: they crossed, and the call was answered."
        yield Found(sentence, (one.cancels[0], one.final), wording.hop(one))


def bye_crossing(view: View) -> Iterator[Found]:
    """Both sides sent BYE before they saw the other's."""
    roots = [one for one in view.byes if one.parent is None]
    for one, other in pairwise(roots):
        if one.callid != other.callid or one.request is None or other.request is None:
            continue
        swapped = one.request.row.from_tag == other.request.row.to_tag and one.request.row.from_tag != ""
        if swapped and (one.final is None or other.first.place < one.final.place):
            gap = wording.duration(abs(other.request.at_us - one.request.at_us))
            sentence = f"Both sides hung up within {gap}: their BYEs crossed."
            yield Found(sentence, (one.request, other.request), wording.hop(one))


def glare(view: View) -> Iterator[Found]:
    """491: both sides wanted to change the session at the same time."""
    for one in view.failures((491,)):
        later = one.final is not None and view.accepted.get((one.method, one.client[0]), -1) > one.final.place
        then = "a later try succeeded" if later else "no later try succeeded"
        sentence = f"Both sides changed the session at once (491 Request Pending); {then}."
        yield Found(sentence, (one.final, one.request), wording.hop(one, True))


def prack_missing(view: View) -> Iterator[Found]:
    """A reliable provisional response (100rel) that was repeated and never acknowledged by PRACK."""
    pracks = {(seen.row.callid, seen.row.to_tag) for seen in view.messages if seen.verb == "PRACK"}
    for one in view.leaves:
        if one.method != "INVITE":
            continue
        reliable = [seen for seen in one.provisional if "100rel" in seen.words(b"require")]
        if reliable and (one.callid, reliable[0].row.to_tag) not in pracks:
            sent = one.repeats(reliable[0])
            if len(sent) < 2 and (one.final is None or one.final.at_us - reliable[0].at_us < REPEATED_US):
                continue
            sentence = (
                f"{wording.response(reliable[0])} wants a PRACK (100rel) and was sent {wording.times(len(sent))}:"
                " none was captured."
            )
            yield Found(sentence, (reliable[0], sent[-1]), wording.hop(one, True))


def bye_missing(view: View) -> Iterator[Found]:
    """Answered, and no BYE was captured for longer than calls last: it was lost, or went another way."""
    call = view.call
    if call is not None and call.state is CallState.LOST and view.final is not None:
        answer = last_refresh(seen.row for seen in view.messages if seen.row.callid == view.callid)
        since = wording.duration(view.now_us - view.last_us)
        seen, ran = view.final, ""
        if view.last_us < (runs_out_us(answer) or 0) <= view.now_us:
            seen = view.seen(answer[-1]) or seen
            ran = f", and the session timer of {wording.seconds(interval_seconds(answer))} has run out"
        sentence = f"No BYE was captured in {since} since the last message{ran}: lost, or sent past the capture."
        yield Found(sentence, (seen,), wording.hop_of(seen))


def request_not_captured(view: View) -> Iterator[Found]:
    """Responses without their request: the capture misses one direction, or began too late."""
    without = [one for one in view.transactions if not one.requests and one.responses]
    if without:
        one = without[0]
        more = f", and {wording.counted(len(without) - 1, 'more')} such" if len(without) > 1 else ""
        sentence = f"{wording.response(one.first)} answers {wording.method(one.method)} that was not captured{more}."
        yield Found(sentence, tuple(each.first for each in without[:8]), wording.hop_of(one.first))


def malformed(view: View) -> Iterator[Found]:
    """Messages that break the grammar of SIP, which hosts may drop or misread."""
    told: set[str] = set()
    for seen in view.messages:
        for word in seen.row.problems:
            if word in told or word not in PROBLEMS:
                continue
            told.add(word)
            name = wording.quoted(seen.row.method, 20)
            yield Found(f"Malformed {name}: {PROBLEMS[word]}", (seen,), wording.hop_of(seen))
