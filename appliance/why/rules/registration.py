"""Registrations (RFC 3261 10): refused, too short, expired, flapping."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from appliance.sip.address import parameter
from appliance.sip.values import leading_number
from appliance.why import wording
from appliance.why.finding import Found
from appliance.why.origin import born
from appliance.why.seen import Seen
from appliance.why.transactions import Transaction
from appliance.why.view import View

FLAPPING_US = 600_000_000
FLAPS = 3
"""Bound and removed so often within ten minutes is no phone that is being restarted."""


def registers(view: View) -> list[Transaction]:
    return [one for one in view.roots if one.method == "REGISTER"]


def granted(one: Transaction) -> int | None:
    """Seconds until the binding of this 200 ends; 0 when it was removed, None when it does not say.

    A registrar lists all bindings; the one of this client is that of the Contact that it asked for (RFC 3261 10.3).
    """
    if one.final is None or not one.accepted:
        return None
    asked = one.request.contact[1] if one.request else ""
    for value in one.final.values(b"contact"):
        uri, semicolon, parameters = value.partition(b">")
        if not asked or asked.encode("utf-8", "replace") in uri:
            seconds = leading_number(parameter(parameters, b"expires")) if semicolon else None
            return seconds if seconds is not None else one.final.number(b"expires")
    if one.request is not None and _wanted(one.request) == 0:
        return 0
    return one.final.number(b"expires")


def _wanted(request: Seen) -> int | None:
    first = next(iter(request.values(b"contact")), b"")
    seconds = leading_number(parameter(b";" + first.partition(b";")[2], b"expires"))
    return seconds if seconds is not None else request.number(b"expires")


def interval_too_brief(view: View) -> Iterator[Found]:
    """423: the expiry asked for is shorter than the registrar allows (Min-Expires)."""
    for one, at in born(view, (423,)):
        asked = _wanted(one.request) if one.request else None
        least = at.response.number(b"min-expires")
        wanted = f"{wording.seconds(asked)} was asked for" if asked is not None else "The expiry is too short"
        limit = f", {wording.seconds(least)} is the least" if least is not None else ""
        yield Found(f"{wanted}{limit}.", (at.response, at.request), at.hop)


def refused(view: View) -> Iterator[Found]:
    """The registrar refused the binding for good: 403, 404 or any other failure that is no challenge."""
    for one, at in born(view, range(300, 700), "REGISTER"):
        if one.status not in (401, 407, 423, 420, 421):
            row = one.first.row
            who = wording.quoted(f"{row.to_user}@{row.to_domain}".strip("@"))
            sentence = f"{at.ip} did not register {who}: {wording.response(at.response)}."
            yield Found(sentence, (at.response, at.request), at.hop)


def expired(view: View) -> Iterator[Found]:
    """The last binding has ended and no refresh was captured: the phone is no longer reachable."""
    bound = [one for one in registers(view) if one.accepted]
    if not bound or bound[-1].final is None:
        return
    last, seconds = bound[-1].final, granted(bound[-1])
    if seconds and view.now_us > last.at_us + seconds * 1_000_000:
        over = wording.duration(view.now_us - last.at_us - seconds * 1_000_000)
        sentence = f"The registration for {wording.seconds(seconds)} ended {over} ago; no refresh was captured."
        yield Found(sentence, (last,), wording.hop(bound[-1], True))


def flapping(view: View) -> Iterator[Found]:
    """Bound and removed, or bound from ever other addresses, again and again within ten minutes."""
    groups: dict[str, list[tuple[Transaction, str]]] = defaultdict(list)
    for one in registers(view):
        if one.accepted and one.request is not None:
            place = "" if granted(one) == 0 else one.request.contact[1]
            groups[one.first.row.to_user].append((one, place))
    for user, found in groups.items():
        changes = [one for (_, before), (one, place) in pairwise(found) if before != place]
        if len(changes) >= FLAPS and changes[FLAPS - 1].first.at_us - changes[0].first.at_us <= FLAPPING_US:
            within = wording.duration(changes[-1].first.at_us - found[0][0].first.at_us)
            sentence = f"The registration of {wording.quoted(user)} changed {wording.times(len(changes))} in {within}."
            yield Found(sentence, tuple(one.request for one in changes[:8]), wording.hop(changes[0]))
