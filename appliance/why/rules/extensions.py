"""Methods and extensions that one side wants and the other does not have; signed identities; emergency calls."""

from collections.abc import Iterator

from appliance.why import wording
from appliance.why.codes import meaning
from appliance.why.finding import Found
from appliance.why.origin import born
from appliance.why.view import View

EMERGENCY = frozenset({"112", "911"})
"""Numbers that mean the same in many countries; others are told by urn:service:sos alone (RFC 5031)."""
SCANNERS = (
    "friendly-request",
    "friendly-scanner",
    "iwar",
    "mr.sip",
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
    for one, at in born(view, (420,)):
        what = _named(at.response.words(b"unsupported"))
        sentence = f"{at.ip} does not support {what}, which the {wording.verb(one)} requires."
        yield Found(sentence, (at.response, at.request), at.hop)


def required(view: View) -> Iterator[Found]:
    """421: an extension is required that the request does not offer; which one."""
    for _, at in born(view, (421,)):
        what = _named(at.response.words(b"require"))
        sentence = f"{at.ip} requires {what}, which {wording.client(at.transaction)} does not offer."
        yield Found(sentence, (at.response, at.request), at.hop)


def _named(words: list[str]) -> str:
    return wording.listed(wording.quoted(word, 30) for word in words) or "an extension that it does not name"


def method_refused(view: View) -> Iterator[Found]:
    """405 or 501: the method is not allowed or not known; which ones are."""
    for one, at in born(view, (405, 501)):
        names = [wording.quoted(word, 20) for word in at.response.words(b"allow")]
        which = f"; it allows {wording.listed(names)}" if names else ""
        yield Found(f"{at.ip} does not take {wording.verb(one)}{which}.", (at.response, at.request), at.hop)


def event_refused(view: View) -> Iterator[Found]:
    """489: the event package of a subscription or publication is not served."""
    for one, at in born(view, (489,)):
        event = wording.quoted(one.request.text(b"event")) if one.request else ""
        sentence = f"{at.ip} does not serve the event package {event or 'that was asked for'}."
        yield Found(sentence, (at.response, at.request), at.hop)


def identity_refused(view: View) -> Iterator[Found]:
    """428, 436, 437 or 438: the signed identity of the caller (STIR) is missing or was not accepted."""
    for one, at in born(view, (428, 436, 437, 438)):
        words = f"{meaning(one.status)} ({wording.response(at.response)})"
        yield Found(f"{at.ip} refused the caller's identity: {words}.", (at.response, at.request), at.hop)


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
