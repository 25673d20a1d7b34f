"""Challenges and credentials (RFC 3261 22, RFC 7616), as the one who sent the request saw them."""

from collections.abc import Iterator
from itertools import pairwise

from appliance.why import wording
from appliance.why.credentials import Try, credentials
from appliance.why.finding import Found
from appliance.why.origin import born, credentials_refused
from appliance.why.view import View

MOST_REALMS = 8
SETTLED_US = 5_000_000
"""How long one waits before saying that nobody tried again."""


def loop(view: View) -> Iterator[Found]:
    """Credentials were sent at least twice and each time answered with a new challenge: a wrong password, or a server
    that forgets its nonces."""
    for group in view.tries:
        for realm in list(dict.fromkeys(each.realm for one in group for each in one.credentials))[:MOST_REALMS]:
            refused = _since_success(group, realm)
            if len(refused) < 2:
                continue
            last = refused[-1].transaction
            codes = wording.listed(str(one.transaction.status) for one in refused)
            sentence = (
                f"{wording.server(last)} asked again each time: {len(refused)} requests with credentials"
                f'{_of(refused[-1], realm)} for realm "{wording.quoted(realm)}" were answered {codes}.'
            )
            messages = [seen for one in refused for seen in (one.transaction.request, one.transaction.final)]
            yield Found(sentence, tuple(messages[:8]), wording.hop(last, True))


def _since_success(group: list[Try], realm: str) -> list[Try]:
    """The tries whose credentials did not do, after the last one that did."""
    found: list[Try] = []
    for one in group:
        if one.transaction.accepted:
            found = []
        elif one.refused(realm):
            found.append(one)
    return found


def _of(one: Try, realm: str) -> str:
    user = next((each.user for each in one.credentials if each.realm == realm), "")
    return f' of "{wording.quoted(user)}"' if user else ""


def refused(view: View) -> Iterator[Found]:
    """403 to credentials from the server that had asked for them, before anything else came; or one challenge more and
    no further try: the password, the user or his rights are wrong."""
    for group in view.tries:
        last = group[-1]
        final = last.transaction.final
        if final is None or not last.credentials:
            continue
        once = len(_since_success(group, last.credentials[-1].realm)) == 1
        if credentials_refused(view, last.transaction) or (last.challenged and once):
            user, realm = last.credentials[-1].user, last.credentials[-1].realm
            sentence = (
                f'The credentials of "{wording.quoted(user)}" for realm "{wording.quoted(realm)}" were refused with'
                f" {wording.response(final)}: check password, user name and rights."
            )
            yield Found(sentence, (final, last.transaction.request), wording.hop(last.transaction, True))


def forbidden(view: View) -> Iterator[Found]:
    """403 that credentials have nothing to do with: a rule of the server (address, number, rights), not a password."""
    for one, at in born(view, (403,)):
        if one.request is not None and not credentials_refused(view, one):
            asked = "" if credentials(one.request) else " without asking for credentials"
            what = f"refused the {wording.verb(one)} with {wording.response(at.response)}{asked}"
            sentence = f"{at.ip} {what}: a rule of the server, not a password."
            yield Found(sentence, (at.response, at.request), at.hop)


def stale(view: View) -> Iterator[Found]:
    """A server says that only the nonce was too old (stale=true); the password is right."""
    for group in view.tries:
        for one in group:
            if any(each.stale for each in one.challenges) and one.credentials:
                sentence = f"{wording.server(one.transaction)} found the nonce too old, not the password wrong."
                yield Found(sentence, (one.transaction.final,), wording.hop(one.transaction, True))


def nonce_reused(view: View) -> Iterator[Found]:
    """The client sent credentials once more with a nonce that had just been refused, in place of the new one."""
    for group in view.tries:
        gone: dict[tuple[str, str], Try] = {}
        for one in group:
            for each in one.credentials:
                before = gone.get((each.realm, each.nonce))
                if before is not None:
                    sentence = (
                        f"{wording.client(one.transaction)} used a nonce again that had been refused: it ignores"
                        " the new challenge."
                    )
                    evidence = (one.transaction.request, before.transaction.final)
                    yield Found(sentence, evidence, wording.hop(one.transaction))
                if one.challenged and any(
                    new.realm == each.realm and new.nonce != each.nonce for new in one.challenges
                ):
                    gone[each.realm, each.nonce] = one


def wrong_realm(view: View) -> Iterator[Found]:
    """Credentials were sent for another realm than the one that asked."""
    for group in view.tries:
        for before, one in pairwise(group):
            asked = {each.realm for each in before.challenges}
            sent = {each.realm for each in one.credentials}
            if asked and sent and asked.isdisjoint(sent):
                sentence = (
                    f'Credentials were wanted for realm "{wording.quoted(min(asked))}" and sent for'
                    f' "{wording.quoted(min(sent))}".'
                )
                evidence = (one.transaction.request, before.transaction.final)
                yield Found(sentence, evidence, wording.hop(one.transaction))


def not_retried(view: View) -> Iterator[Found]:
    """A challenge that the client did not answer: it has no credentials, or none for this realm."""
    for group in view.tries:
        last = group[-1]
        final = last.transaction.final
        if final is None or not last.challenged or last.credentials or view.now_us - final.at_us < SETTLED_US:
            continue
        realm = next((each.realm for each in last.challenges), "")
        of = f' for realm "{wording.quoted(realm)}"' if realm else ""
        what = f"no {wording.verb(last.transaction)} with them was captured"
        sentence = f"{wording.sender(final)} wanted credentials{of}; {what}."
        yield Found(sentence, (final, last.transaction.request), wording.hop(last.transaction, True))
