"""Session timers (RFC 4028) and calls that were cut at a telling time."""

from collections.abc import Iterator

from appliance.why import wording
from appliance.why.finding import Found
from appliance.why.origin import born
from appliance.why.seen import Seen
from appliance.why.transactions import Transaction
from appliance.why.view import View

REFRESHES = ("INVITE", "UPDATE")
ROUND_MS = (900_000, 1_800_000, 3_600_000, 7_200_000)
"""15 min, 30 min, 1 h, 2 h: what session timers and limits are set to."""
ROUND_OFF_MS = 1_500
ACK_TIMEOUT_MS = (31_000, 33_500)
"""64 * T1 after the first 200: who got no ACK gives up (RFC 3261 13.3.1.4)."""


def interval_too_small(view: View) -> Iterator[Found]:
    """422: the session timer asked for is shorter than a host on the way allows (Min-SE)."""
    for one, at in born(view, (422,)):
        asked = one.request.number(b"session-expires") if one.request else None
        least = at.response.number(b"min-se")
        wanted = f"{wording.seconds(asked)} was asked for" if asked is not None else "the session timer is too short"
        limit = f", {wording.seconds(least)} is the least" if least is not None else ""
        later = view.accepted.get((one.method, one.client[0]), -1) > at.response.place
        then = "; the next try was accepted" if later else ""
        yield Found(f"{wanted[:1].upper()}{wanted[1:]}{limit}{then}.", (at.response, at.request), at.hop)


def refresh_failed(view: View) -> Iterator[Found]:
    """The re-INVITE or UPDATE that refreshes the session got no answer, 408 or 481, and then the call ended."""
    for one in view.roots:
        if one.method not in REFRESHES or not one.in_dialog or one.request is None:
            continue
        silent = not one.responses
        if not silent and one.status not in (408, 481):
            continue
        bye = view.bye_after(one.callid, one.first.place)
        if bye is None:
            continue
        how = "got no answer" if one.final is None else f"was answered {wording.response(one.final)}"
        gap = wording.duration(bye.first.at_us - one.request.at_us)
        sentence = f"The {one.method} within the call {how}; {wording.client(bye)} hung up {gap} after it was sent."
        yield Found(sentence, (one.request, one.final, bye.request), wording.hop(one))


def expired(view: View) -> Iterator[Found]:
    """BYE at the time when the session timer ran out (Session-Expires, or 32 s or a third of it before), and no
    refresh was seen: whoever should refresh did not, or was not heard."""
    for callid, (interval, since) in _intervals(view).items():
        bye = view.bye_after(callid, since.place)
        if bye is None or bye.request is None:
            continue
        passed = (bye.request.at_us - since.at_us) / 1_000_000
        early = interval - min(32, interval / 3)
        if abs(passed - early) <= 3 or -2 <= passed - interval <= 5:
            ran = "ran out" if passed >= interval - 2 else "was about to run out"
            sentence = (
                f"{wording.client(bye)} hung up {wording.duration(bye.request.at_us - since.at_us)} after the last"
                f" refresh, when the session timer of {wording.seconds(interval)} {ran}."
            )
            yield Found(sentence, (bye.request, since), wording.hop(bye))


def _intervals(view: View) -> dict[str, tuple[int, Seen]]:
    """By Call-ID the last Session-Expires that was agreed on, and its 2xx."""
    found: dict[str, tuple[int, Seen]] = {}
    for one in view.roots:
        if one.method in REFRESHES and one.accepted and one.final is not None:
            interval = one.final.number(b"session-expires")
            if interval:
                found[one.callid] = interval, one.final
            elif one.callid in found:
                found[one.callid] = found[one.callid][0], one.final
    return found


def cut_at_32_seconds(view: View) -> Iterator[Found]:
    """Ended by BYE about 32 s after the answer, which is when a side that got no ACK gives up."""
    call = view.call
    if call and call.talk_ms is not None and ACK_TIMEOUT_MS[0] <= call.talk_ms <= ACK_TIMEOUT_MS[1]:
        bye = _last_bye(view)
        if bye is not None:
            talked = wording.duration(call.talk_ms * 1000)
            sentence = f"The call was cut {talked} after the answer, the time after which a side without ACK gives up."
            yield Found(sentence, (bye.request, view.final), wording.hop(bye))


def cut_at_round_time(view: View) -> Iterator[Found]:
    """Ended at almost exactly 15 min, 30 min, 1 h or 2 h: a session timer or a limit, hardly a person."""
    call = view.call
    if call is None or call.talk_ms is None:
        return
    near = next((limit for limit in ROUND_MS if abs(call.talk_ms - limit) <= ROUND_OFF_MS), None)
    bye = _last_bye(view)
    if near is not None and bye is not None:
        talked = wording.duration(call.talk_ms * 1000)
        sentence = (
            f"The call ended after {talked}, almost exactly {near // 60_000} min: a timer or a limit, hardly a person."
        )
        yield Found(sentence, (bye.request, view.final), wording.hop(bye))


def _last_bye(view: View) -> Transaction | None:
    own = [one for one in view.byes if one.callid == view.callid]
    return own[0] if own else None


def slow_setup(view: View) -> Iterator[Found]:
    """More than ten seconds until the caller heard anything (post-dial delay)."""
    call, one = view.call, view.invite
    if call is None or one is None or call.pdd_ms is None or call.pdd_ms < 10_000:
        return
    heard = view.progress or view.final
    what = wording.response(heard) if heard else "anything"
    sentence = (
        f"{wording.duration(call.pdd_ms * 1000)} passed from the INVITE to {what}: the caller heard nothing until then."
    )
    yield Found(sentence, (one.request, heard), wording.hop(one))
