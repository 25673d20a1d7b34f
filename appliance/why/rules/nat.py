"""Private addresses where a public one is needed; judged on the first hop alone, since proxies repair the rest."""

from collections.abc import Iterator
from functools import lru_cache
from ipaddress import ip_address, ip_network

from appliance.why import wording
from appliance.why.finding import Found
from appliance.why.seen import Seen
from appliance.why.view import View

PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")))
"""RFC 1918, RFC 6598, RFC 4193."""


@lru_cache(maxsize=4096)
def is_private(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in PRIVATE)


@lru_cache(maxsize=4096)
def is_address(address: str) -> bool:
    try:
        ip_address(address)
    except ValueError:
        return False
    return True


def _first_requests(view: View) -> Iterator[Seen]:
    """Initial requests as their user agent sent them: one Via, so nobody relayed them."""
    told: set[tuple[str, str]] = set()
    for one in view.roots:
        seen = one.request
        if seen is None or one.in_dialog or len(seen.vias) != 1 or (seen.row.source_ip, one.method) in told:
            continue
        if one.method in ("INVITE", "REGISTER", "SUBSCRIBE"):
            told.add((seen.row.source_ip, one.method))
            yield seen


def _behind(seen: Seen, address: str) -> bool:
    """A private address in a packet that came from a public one."""
    source = seen.row.source_ip
    return is_private(address) and is_address(source) and not is_private(source)


def via(view: View) -> Iterator[Found]:
    """The first hop's Via names another address than the packet came from: a NAT lies between. Without `rport` the
    responses go to a port where nobody listens."""
    for seen in _first_requests(view):
        value = next(iter(seen.values(b"via")), b"")
        sent_by, _, parameters = value.partition(b";")
        address = _host(sent_by)
        if not _behind(seen, address):
            continue
        asks = (
            "it asks for rport, so responses find back"
            if b"rport" in parameters.lower()
            else "it does not ask for rport"
        )
        sentence = f"{wording.sender(seen)} calls itself {address} in Via, behind a NAT; {asks}."
        yield Found(sentence, (seen,), wording.hop_of(seen))


def _host(sent_by: bytes) -> str:
    words = sent_by.split()
    text = words[-1].decode("utf-8", "replace") if words else ""
    return text[1:].partition("]")[0] if text.startswith("[") else text.partition(":")[0]


def contact(view: View) -> Iterator[Found]:
    """The first hop's Contact is private while the packet came from a public address: unless a proxy repairs it, later
    requests (ACK, BYE, incoming calls) do not reach the phone."""
    for seen in _first_requests(view):
        address, uri = seen.contact
        if _behind(seen, address):
            sentence = (
                f"{wording.sender(seen)} gives the private {wording.quoted(uri)} as its Contact: what follows does"
                " not reach it unless a proxy repairs this."
            )
            yield Found(sentence, (seen,), wording.hop_of(seen))


def media_address(view: View) -> Iterator[Found]:
    """The first hop's SDP wants sound at a private address while the packet came from a public one: one-way sound,
    unless a media relay or symmetric RTP repairs it."""
    for seen in _first_requests(view):
        audio = seen.audio
        if audio is not None and audio.port and _behind(seen, audio.address):
            sentence = (
                f"{wording.sender(seen)} wants sound at the private address {audio.address}: it hears nothing"
                " unless a relay repairs this."
            )
            yield Found(sentence, (seen,), wording.hop_of(seen))
