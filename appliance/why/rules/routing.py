"""The way of the request: loops, numbers, redirects, forks, servers that were tried in vain, addresses to nowhere."""

from collections.abc import Iterator
from itertools import pairwise

from appliance.sip.address import uri_parameters
from appliance.sip.uri import user_domain
from appliance.why import wording
from appliance.why.finding import Found
from appliance.why.origin import origin
from appliance.why.seen import Seen
from appliance.why.transactions import Transaction
from appliance.why.view import View

NOWHERE = ("0.0.0.0", "127.", "localhost", "::1", "169.254.")  # noqa: S104 - addresses in Contact, nothing is bound


def loop(view: View) -> Iterator[Found]:
    """482 or 483: the request went in a circle, or through more hosts than Max-Forwards allows."""
    for one in view.failures((482, 483)):
        if one.final is None:
            continue
        left = one.request.number(b"max-forwards") if one.request else None
        started = f" It set out with Max-Forwards {left}." if left is not None and left < 10 else ""
        what = "came round to a host that it had passed" if one.status == 482 else "passed too many hosts"
        born = origin(view, one)
        sentence = f"The {wording.verb(one)} {what} ({wording.response(one.final)}).{started}"
        yield Found(
            sentence, (one.final, born.response if born else None), born.hop if born else wording.hop(one, True)
        )


def circle(view: View) -> Iterator[Found]:
    """The same request with the same request URI went twice from one host to another, the second time because of the
    first: a loop. With another URI it would be a spiral, which is allowed."""
    passed: dict[int, frozenset[tuple[object, ...]]] = {}
    told = False
    for one in view.transactions:
        way = (one.client, one.server, _uri(one))
        before = passed.get(id(one.parent), frozenset()) if one.parent else frozenset()
        if way in before and not told:
            told = True
            sentence = f"The {wording.verb(one)} went round: it passed {wording.hop(one)} again, to the same address."
            yield Found(sentence, (one.request, one.parent.request if one.parent else None), wording.hop(one))
        passed[id(one)] = before if len(before) > 70 else before | {way}


def _uri(one: Transaction) -> tuple[str, str]:
    row = one.first.row
    return row.ruri_user, row.ruri_domain


def number_unknown(view: View) -> Iterator[Found]:
    """404, 410, 485 or 604: nobody of that number or name is known; the number as it was asked for there."""
    for one in view.failures((404, 410, 485, 604)):
        if one.method == "INVITE" and one.final is not None:
            born = origin(view, one)
            at = born.transaction if born else one
            sentence = f"{_number(at)} is not known {born.place if born else 'there'}: {wording.response(one.final)}."
            yield Found(sentence, (at.final, at.request), wording.hop(at, True))


def number_incomplete(view: View) -> Iterator[Found]:
    """484: digits are missing; the number as it was asked for there."""
    for one in view.failures((484,)):
        if one.method == "INVITE" and one.final is not None:
            born = origin(view, one)
            at = born.transaction if born else one
            sentence = f"{_number(at)} is incomplete in the eyes of {born.host if born else wording.server(one)}."
            yield Found(sentence, (at.final, at.request), wording.hop(at, True))


def _number(one: Transaction) -> str:
    row = one.first.row
    return f'"{wording.quoted(row.ruri_user or row.to_user or row.ruri_domain)}"'


def redirected(view: View) -> Iterator[Found]:
    """3xx: where the caller was sent, and whether an INVITE went there."""
    invited = {one.first.row.ruri_user: one for one in view.transactions if one.initial}
    for one in view.transactions:
        final = one.final
        if final is None or not 300 <= final.status < 400 or one.method != "INVITE":
            continue
        targets = [_target(value) for value in final.values(b"contact")]
        users = dict.fromkeys(user for user, _ in targets)
        onward = [invited[user] for user in users if user in invited and _uri(invited[user]) != _uri(one)]
        followed = next((each for each in onward if each.first.place > final.place), None)
        to = wording.listed(wording.quoted("@".join(part for part in target if part)) for target in targets)
        then = (
            f"; followed by an INVITE to {wording.server(followed)}" if followed else "; no INVITE there was captured"
        )
        sentence = f"{wording.response(final)} sent the call to {to or 'no address at all'}{then}."
        yield Found(sentence, (final, followed.request if followed else None), wording.hop(one, True))


def _target(value: bytes) -> tuple[str, str]:
    user, host, _ = user_domain(uri_parameters(value)[0])
    return user.decode("utf-8", "replace"), host.decode("utf-8", "replace")


def forked(view: View) -> Iterator[Found]:
    """The call rang in several places at once: who answered, who was cancelled, who failed."""
    for one in view.transactions:
        branches = [each for each in one.children if each.initial]
        hosts = {(each.server, _uri(each)) for each in branches}
        if len(hosts) < 2 or not _parallel(branches):
            continue
        answered = [each for each in branches if each.accepted]
        ended = [wording.server(each) for each in branches if each.cancels]
        who = f"{wording.listed(wording.server(each) for each in answered)} answered" if answered else "nobody answered"
        rest = f", {wording.listed(ended)} {'was' if len(set(ended)) == 1 else 'were'} cancelled" if ended else ""
        sentence = f"{wording.server(one)} tried {len(hosts)} destinations at once: {who}{rest}."
        yield Found(sentence, tuple(each.request for each in branches[:12]), wording.hop(one))


def _parallel(branches: list[Transaction]) -> bool:
    """Whether a second one began before the first had its final response."""
    return any(one.final is None or other.first.place < one.final.place for one, other in pairwise(branches))


def rerouted(view: View) -> Iterator[Found]:
    """A destination failed and the next one was tried."""
    for one in view.transactions:
        tried = [each for each in one.children if each.initial]
        for failed, onward in pairwise(tried):
            if (
                failed.final is not None
                and failed.failed
                and failed.status not in (401, 407, 487)
                and onward.first.place > failed.final.place
            ):
                sentence = (
                    f"{wording.server(failed)} failed with {wording.response(failed.final)};"
                    f" {wording.client(failed)} tried {wording.server(onward)} next."
                )
                yield Found(sentence, (failed.final, onward.request), wording.hop(failed, True))


def turned(view: View) -> Iterator[Found]:
    """A host told its client another failure than it had received; 503 becomes 500 on the way (RFC 3261 16.7)."""
    for one in view.transactions:
        final = one.final
        if final is None or not one.failed or final.status in (401, 407, 487):
            continue
        below = [each for each in view.after(one) if each.final and each.failed and each.final.place < final.place]
        if below and all(each.status not in (final.status, 487, 401, 407) for each in below):
            got = below[-1].final
            assert got is not None
            rule = ", as a proxy must" if (got.status, final.status) == (503, 500) else ""
            what = f"received {wording.response(got)} and told its caller {wording.response(final)}{rule}"
            sentence = f"{wording.server(one)} {what}."
            yield Found(sentence, (got, final), wording.hop(below[-1], True))


def overload(view: View) -> Iterator[Found]:
    """503: a server is overloaded, in maintenance, or has no route or no free line."""
    for one in view.leaves:
        if one.status == 503 and one.final is not None:
            sentence = f"{wording.server(one)} could not take the {wording.verb(one)}: {wording.response(one.final)}."
            yield Found(sentence, (one.final, one.request), wording.hop(one, True))


def contact_nowhere(view: View) -> Iterator[Found]:
    """A Contact that nobody else can reach (loopback, 0.0.0.0, link-local): later requests of the call go nowhere."""
    told: set[str] = set()
    for seen in view.messages:
        if seen.verb not in ("INVITE", "REGISTER", "SUBSCRIBE") or not _sets_target(seen):
            continue
        address, uri = seen.contact
        low = address.lower()
        outside = not seen.row.source_ip.startswith(NOWHERE)
        if low.startswith(NOWHERE) and outside and uri not in told:
            told.add(uri)
            sentence = f"{wording.sender(seen)} gives {wording.quoted(uri)} as its Contact: nobody else can reach that."
            yield Found(sentence, (seen,), wording.hop_of(seen))


def _sets_target(seen: Seen) -> bool:
    return seen.is_request or 101 <= seen.status < 300


def ack_misrouted(view: View) -> Iterator[Found]:
    """200 OK came again after an ACK that went to another host than its Contact names, with no route that says so."""
    for one in view.leaves:
        final = one.final
        if one.method != "INVITE" or final is None or not one.accepted or len(one.repeats(final)) < 2:
            continue
        address, uri = final.contact
        acks = view.acks_for(one)
        ack = next((ack for ack in acks if ack.row.source_ip == one.client[0]), None)
        if ack is None or not address or final.has(b"record-route") or ack.has(b"route"):
            continue
        if _is_address(address) and ack.row.destination_ip != address and one.repeats(final)[-1].place > ack.place:
            sentence = (
                f"The ACK went to {wording.receiver(ack)}, while the Contact of the 200 OK is {wording.quoted(uri)}."
            )
            yield Found(sentence, (ack, final), wording.hop_of(ack))


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()
