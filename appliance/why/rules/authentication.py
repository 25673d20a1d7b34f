"""Challenges and credentials (RFC 3261 22, RFC 7616), as the one who sent the request saw them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from appliance.sip.address import split, unquoted
from appliance.why import wording
from appliance.why.finding import Found
from appliance.why.seen import Seen
from appliance.why.transactions import Transaction
from appliance.why.view import View

ASKS = ((b"www-authenticate", b"authorization"), (b"proxy-authenticate", b"proxy-authorization"))
SETTLED_US = 5_000_000
"""How long one waits before saying that nobody tried again."""


@dataclass(frozen=True, slots=True)
class Digest:
    """A challenge, or credentials."""

    realm: str
    nonce: str
    user: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Try:
    """A request with its credentials, and with the challenges of its answer."""

    transaction: Transaction
    credentials: tuple[Digest, ...]
    challenges: tuple[Digest, ...]

    @property
    def challenged(self) -> bool:
        return self.transaction.status in (401, 407)

    def refused(self, realm: str) -> bool:
        """Credentials for this realm did not do, and not only because their nonce was too old."""
        sent = any(each.realm == realm for each in self.credentials)
        return sent and any(each.realm == realm and not each.stale for each in self.challenges)


def tries(view: View) -> list[list[Try]]:
    """The requests of one client with one Call-ID and method, in their order; only those that met a challenge."""
    groups: dict[tuple[str, ...], list[Try]] = defaultdict(list)
    for one in view.roots:
        if one.request is not None and one.method not in ("ACK", "CANCEL"):
            key = one.callid, one.method, one.client[0]
            groups[key].append(Try(one, _credentials(one.request), _challenges(one)))
    return [group for group in groups.values() if any(each.challenged for each in group)]


def _challenges(one: Transaction) -> tuple[Digest, ...]:
    if one.status not in (401, 407) or one.final is None:
        return ()
    return tuple(_digest(value) for name, _ in ASKS for value in _separate(one.final, name))


def _credentials(request: Seen) -> tuple[Digest, ...]:
    return tuple(_digest(value) for _, name in ASKS for value in _separate(request, name))


def _separate(seen: Seen, name: bytes) -> list[bytes]:
    """Several headers of one name; `Digest a=b, c=d` is one value."""
    pieces = split(seen.octets(name), b",")
    found: list[bytes] = []
    for piece in pieces:
        word = piece.strip().split(b" ", 1)
        if len(word) == 2 and b"=" not in word[0] and word[0]:
            found.append(word[1])
        elif found:
            found[-1] += b"," + piece
    return found


def _digest(value: bytes) -> Digest:
    fields: dict[bytes, str] = {}
    for piece in split(value, b","):
        name, _, text = piece.partition(b"=")
        fields.setdefault(name.strip().lower(), unquoted(text.strip()).decode("utf-8", "replace"))
    return Digest(
        fields.get(b"realm", ""),
        fields.get(b"nonce", ""),
        fields.get(b"username", ""),
        fields.get(b"stale", "").lower() == "true",
    )


def loop(view: View) -> Iterator[Found]:
    """Credentials were sent at least twice and each time answered with a new challenge: a wrong password, or a server
    that forgets its nonces."""
    for group in tries(view):
        for realm in dict.fromkeys(each.realm for one in group for each in one.credentials):
            refused = _since_success(group, realm)
            if len(refused) < 2:
                continue
            last = refused[-1].transaction
            codes = wording.listed(str(one.transaction.status) for one in refused)
            sentence = (
                f"{wording.host(last.server[0])} asked again each time: {len(refused)} requests with credentials"
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
    """403 after credentials were sent, or one challenge more and no further try: the password, the user or his rights
    are wrong."""
    for group in tries(view):
        last = group[-1]
        final = last.transaction.final
        if final is None or not last.credentials:
            continue
        once = len(_since_success(group, last.credentials[-1].realm)) == 1
        if final.status == 403 or (last.challenged and once):
            user, realm = last.credentials[-1].user, last.credentials[-1].realm
            sentence = (
                f'The credentials of "{wording.quoted(user)}" for realm "{wording.quoted(realm)}" were refused with'
                f" {wording.response(final)}: check password, user name and rights."
            )
            yield Found(sentence, (final, last.transaction.request), wording.hop(last.transaction, True))


def forbidden(view: View) -> Iterator[Found]:
    """403 without any challenge: a rule of the server (address, number, rights) refused it, not a password."""
    for one in view.failures((403,)):
        if one.request is not None and one.final is not None and not _credentials(one.request):
            sentence = (
                f"{wording.host(one.server[0])} refused the {wording.quoted(one.method)} with {wording.response(one.final)}"
                " without asking for credentials: a rule of the server, not a password."
            )
            yield Found(sentence, (one.final, one.request), wording.hop(one, True))


def stale(view: View) -> Iterator[Found]:
    """A server says that only the nonce was too old (stale=true); the password is right."""
    for group in tries(view):
        for one in group:
            if any(each.stale for each in one.challenges) and one.credentials:
                sentence = f"{wording.host(one.transaction.server[0])} found the nonce too old, not the password wrong."
                yield Found(sentence, (one.transaction.final,), wording.hop(one.transaction, True))


def nonce_reused(view: View) -> Iterator[Found]:
    """The client sent credentials once more with a nonce that had just been refused, in place of the new one."""
    for group in tries(view):
        gone: dict[tuple[str, str], Try] = {}
        for one in group:
            for each in one.credentials:
                before = gone.get((each.realm, each.nonce))
                if before is not None:
                    sentence = (
                        f"{wording.host(one.transaction.client[0])} used a nonce again that had been refused: it ignores"
                        " the new challenge."
                    )
                    evidence = (one.transaction.request, before.transaction.final)
                    yield Found(sentence, evidence, wording.hop(one.transaction))
                if one.challenged and any(new.realm == each.realm and new.nonce != each.nonce for new in one.challenges):
                    gone[each.realm, each.nonce] = one


def wrong_realm(view: View) -> Iterator[Found]:
    """Credentials were sent for another realm than the one that asked."""
    for group in tries(view):
        for before, one in zip(group, group[1:], strict=False):
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
    for group in tries(view):
        last = group[-1]
        final = last.transaction.final
        if final is None or not last.challenged or last.credentials or view.now_us - final.at_us < SETTLED_US:
            continue
        realm = next((each.realm for each in last.challenges), "")
        of = f' for realm "{wording.quoted(realm)}"' if realm else ""
        sentence = (
            f"{wording.host(final.row.source_ip)} wanted credentials{of};"
            f" {wording.host(last.transaction.client[0])} did not send the {wording.quoted(last.transaction.method)} again."
        )
        yield Found(sentence, (final, last.transaction.request), wording.hop(last.transaction, True))
