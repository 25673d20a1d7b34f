"""Challenges and credentials of Digest (RFC 7616) as requests and their answers carry them, one try after the other."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from appliance.sip.address import split, unquoted
from appliance.why.seen import Seen
from appliance.why.transactions import Transaction

ASKS = ((b"www-authenticate", b"authorization"), (b"proxy-authenticate", b"proxy-authorization"))


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


def tries(roots: Iterable[Transaction]) -> list[list[Try]]:
    """The requests of one client with one Call-ID and method, in their order; only those that met a challenge."""
    groups: dict[tuple[str, ...], list[Try]] = defaultdict(list)
    for one in roots:
        if one.request is not None and one.method not in ("ACK", "CANCEL"):
            key = one.callid, one.method, one.client[0]
            groups[key].append(Try(one, credentials(one.request), _challenges(one)))
    return [group for group in groups.values() if any(each.challenged for each in group)]


def _challenges(one: Transaction) -> tuple[Digest, ...]:
    if one.status not in (401, 407) or one.final is None:
        return ()
    return tuple(_digest(value) for name, _ in ASKS for value in _separate(one.final, name))


def credentials(request: Seen) -> tuple[Digest, ...]:
    """All that a request carries, for proxies and servers alike."""
    return tuple(_digest(value) for _, name in ASKS for value in _separate(request, name))


def _separate(seen: Seen, name: bytes) -> list[bytes]:
    """Several headers of one name; `Digest a=b, c=d` is one value."""
    if not seen.has(name):
        return []
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
