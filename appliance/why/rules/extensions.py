"""Methods and extensions that one side wants and the other does not have; signed identities; emergency calls."""

from collections.abc import Iterator

from appliance.why import wording
from appliance.why.codes import meaning
from appliance.why.finding import Found
from appliance.why.view import View

EMERGENCY = frozenset({"112", "911"})
"""Numbers that mean the same in many countries; others are told by urn:service:sos alone (RFC 5031)."""
SCANNERS = (
    "eyebeam release 3006o",
    "friendly-request",
    "friendly-scanner",
    "iwar",
    "mr.sip",
    "nm@nm",
    "pplsip",
    "sip-scan",
    "siparmyknife",
    "sipcli",
    "sipptk",
    "sipscan",
    "sipvicious",
    "sivus",
    "smap ",
    "sundayddr",
    "vaxsipuseragent",
    "viproy",
    "warvox",
)
"""Beginnings of user agents of tools that try numbers and passwords, in lower case."""


def unsupported(view: View) -> Iterator[Found]:
    """420: an extension that the request requires is not understood; which one."""
    for one in view.failures((420,)):
        if one.final is not None:
            names = [wording.quoted(word, 30) for word in one.final.words(b"unsupported")]
            what = wording.listed(names) if names else "an extension that it does not name"
            sentence = f"{wording.sender(one.final)} does not support {what}, which the {wording.verb(one)} requires."
            yield Found(sentence, (one.final, one.request), wording.hop(one, True))


def required(view: View) -> Iterator[Found]:
    """421: an extension is required that the request does not offer; which one."""
    for one in view.failures((421,)):
        if one.final is not None:
            names = [wording.quoted(word, 30) for word in one.final.words(b"require")]
            what = wording.listed(names) if names else "an extension that it does not name"
            sentence = f"{wording.sender(one.final)} requires {what}, which {wording.client(one)} does not offer."
            yield Found(sentence, (one.final, one.request), wording.hop(one, True))


def method_refused(view: View) -> Iterator[Found]:
    """405 or 501: the method is not allowed or not known; which ones are."""
    for one in view.failures((405, 501)):
        if one.final is not None:
            names = [wording.quoted(word, 20) for word in one.final.words(b"allow")]
            which = f"; it allows {wording.listed(names)}" if names else ""
            sentence = f"{wording.sender(one.final)} does not take {wording.verb(one)}{which}."
            yield Found(sentence, (one.final, one.request), wording.hop(one, True))


def event_refused(view: View) -> Iterator[Found]:
    """489: the event package of a subscription or publication is not served."""
    for one in view.failures((489,)):
        if one.final is not None and one.request is not None:
            event = wording.quoted(one.request.text(b"event")) or "this event"
            sentence = f"{wording.sender(one.final)} does not serve the event package {event}."
            yield Found(sentence, (one.final, one.request), wording.hop(one, True))


def identity_refused(view: View) -> Iterator[Found]:
    """428, 436, 437 or 438: the signed identity of the caller (STIR) is missing or was not accepted."""
    for one in view.failures((428, 436, 437, 438)):
        if one.final is not None:
            by = wording.sender(one.final)
            sentence = f"{by} refused the caller's identity: {meaning(one.status)} ({wording.response(one.final)})."
            yield Found(sentence, (one.final, one.request), wording.hop(one, True))


def scanner(view: View) -> Iterator[Found]:
    """The user agent is one of the tools that search the net for open servers and weak passwords."""
    for seen in view.messages:
        name = seen.row.user_agent.lower()
        if seen.is_request and name.startswith(SCANNERS):
            sentence = (
                f'{wording.sender(seen)} is a scanner by its user agent "{wording.quoted(seen.row.user_agent, 40)}".'
            )
            yield Found(sentence, (seen,), wording.hop_of(seen))
            return


def emergency(view: View) -> Iterator[Found]:
    """An emergency call, by urn:service:sos or the numbers 112 and 911."""
    for one in view.transactions:
        row = one.first.row
        if one.initial and (row.ruri_user in EMERGENCY or row.ruri_user.lower().startswith("service:sos")):
            yield Found(
                f"This is an emergency call, to {wording.quoted(row.ruri_user)}.", (one.request,), wording.hop(one)
            )
            return
