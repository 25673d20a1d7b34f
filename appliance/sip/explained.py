"""What headers, parameters and SDP lines are, in a sentence each with the RFC that says more: for the pages' hints."""

from appliance.sip.names import canonical

HEADERS: dict[str, tuple[str, str]] = {
    "accept": ("Body types that the sender understands", "RFC 3261 20.1"),
    "accept-contact": ("Which of the callee's devices the caller wants", "RFC 3841"),
    "alert-info": ("Ring tone that is to be played", "RFC 3261 20.4"),
    "allow": ("Methods that the sender supports", "RFC 3261 20.5"),
    "allow-events": ("Event packages that the sender supports", "RFC 6665"),
    "authentication-info": ("What the server says after a successful authentication", "RFC 3261 20.6"),
    "authorization": ("Credentials for the far end, in answer to a 401", "RFC 3261 20.7"),
    "call-id": ("Names the call (with both tags: the dialog)", "RFC 3261 20.8"),
    "call-info": ("More about the caller or the call: a picture, a card", "RFC 3261 20.9"),
    "contact": ("Where the next request of this dialog goes; in REGISTER the address that is bound", "RFC 3261 20.10"),
    "content-disposition": ("What the body is for: session, render, early-session", "RFC 3261 20.11"),
    "content-encoding": ("How the body was compressed", "RFC 3261 20.12"),
    "content-length": ("Octets of the body", "RFC 3261 20.14"),
    "content-type": ("What the body is", "RFC 3261 20.15"),
    "cseq": ("Number and method of the request: orders a dialog and pairs answers", "RFC 3261 20.16"),
    "date": ("When the message was sent, by the sender's clock", "RFC 3261 20.17"),
    "diversion": ("Who diverted the call, and why", "RFC 5806"),
    "error-info": ("Where more about the failure is told", "RFC 3261 20.18"),
    "event": ("Event package of a subscription", "RFC 6665"),
    "expires": ("Seconds until the registration, subscription or invitation ends", "RFC 3261 20.19"),
    "feature-caps": ("What a proxy on the way can do", "RFC 6809"),
    "from": ("Who the request is from, as the caller says it; its tag names the caller's end", "RFC 3261 20.20"),
    "geolocation": ("Where the caller is", "RFC 6442"),
    "history-info": ("Whom the request was sent to before, and why it went on", "RFC 7044"),
    "identity": ("A signed token (PASSporT) about the caller: STIR/SHAKEN", "RFC 8224"),
    "in-reply-to": ("Call-IDs that this call answers", "RFC 3261 20.21"),
    "join": ("Dialog that this call is to join", "RFC 3911"),
    "max-forwards": ("How many hops are left, against loops", "RFC 3261 20.22"),
    "min-expires": ("Shortest time that the server accepts", "RFC 3261 20.23"),
    "min-se": ("Shortest session timer that is accepted, in seconds", "RFC 4028"),
    "organization": ("Whose device it is", "RFC 3261 20.25"),
    "p-access-network-info": ("Access network and cell of the device", "RFC 7315"),
    "p-asserted-identity": ("Who the caller is, as the network vouches for it", "RFC 3325"),
    "p-charging-vector": ("Ids that join the charging records of a call (icid)", "RFC 7315"),
    "p-early-media": ("Whether early media may pass", "RFC 5009"),
    "p-preferred-identity": ("Which of its identities the device wants to show", "RFC 3325"),
    "path": ("Proxies that requests to this registration must pass", "RFC 3327"),
    "priority": ("How urgent the caller says it is", "RFC 3261 20.26"),
    "privacy": ("What of the caller is to be withheld", "RFC 3323"),
    "proxy-authenticate": ("Challenge of a proxy, with realm and nonce", "RFC 3261 20.27"),
    "proxy-authorization": ("Credentials for a proxy, in answer to a 407", "RFC 3261 20.28"),
    "proxy-require": ("What proxies must support to pass this on", "RFC 3261 20.29"),
    "rack": ("Which provisional response a PRACK acknowledges", "RFC 3262"),
    "reason": ("Why the request was sent: a SIP code or a Q.850 cause", "RFC 3326"),
    "record-route": ("Proxies that stay on the way of the dialog", "RFC 3261 20.30"),
    "refer-to": ("Whom the other end is to call", "RFC 3515"),
    "referred-by": ("Who asked for the transfer", "RFC 3892"),
    "reject-contact": ("Which of the callee's devices the caller does not want", "RFC 3841"),
    "remote-party-id": ("Who the caller is, before P-Asserted-Identity", "draft-ietf-sip-privacy"),
    "replaces": ("Dialog that this call takes the place of", "RFC 3891"),
    "reply-to": ("Where to call back", "RFC 3261 20.31"),
    "request-disposition": ("How proxies are to treat the request", "RFC 3841"),
    "require": ("What the other end must support", "RFC 3261 20.32"),
    "retry-after": ("When it may be tried again, in seconds", "RFC 3261 20.33"),
    "route": ("Proxies that the request must still pass", "RFC 3261 20.34"),
    "rseq": ("Number of a reliable provisional response", "RFC 3262"),
    "security-client": ("Security that the client offers", "RFC 3329"),
    "security-server": ("Security that the server offers", "RFC 3329"),
    "security-verify": ("What the server offered, said again so that nobody weakened it", "RFC 3329"),
    "server": ("Software of the answering end", "RFC 3261 20.35"),
    "service-route": ("Proxies that requests of this registration start with", "RFC 3608"),
    "session-expires": ("Session timer: without a refresh in these seconds the call is over", "RFC 4028"),
    "session-id": ("Names the session from end to end, through B2BUAs", "RFC 7989"),
    "sip-etag": ("Names published state", "RFC 3903"),
    "sip-if-match": ("Which published state is changed", "RFC 3903"),
    "subject": ("What the call is about", "RFC 3261 20.36"),
    "subscription-state": ("State of a subscription, and why it ended", "RFC 6665"),
    "supported": ("Extensions that the sender supports", "RFC 3261 20.37"),
    "timestamp": ("When the request was sent, for measuring the round trip", "RFC 3261 20.38"),
    "to": ("Whom the request was meant for; its tag names the callee's end", "RFC 3261 20.39"),
    "unsupported": ("Extensions that were required and are not supported", "RFC 3261 20.40"),
    "user-agent": ("Software of the sender", "RFC 3261 20.41"),
    "user-to-user": ("Data from one user's application to the other's", "RFC 7433"),
    "via": ("A hop that the request went, the last on top; answers go back along them", "RFC 3261 20.42"),
    "warning": ("More about a refusal, as code, host and words", "RFC 3261 20.43"),
    "www-authenticate": ("Challenge of the far end, with realm and nonce", "RFC 3261 20.44"),
}
"""Canonical name -> (what it is, where it is said)."""

PARAMETERS: dict[str, tuple[str, str]] = {
    "alias": ("The connection may be used for requests back", "RFC 5923"),
    "branch": ("Names the transaction on this hop; begins with z9hG4bK", "RFC 3261 8.1.1.7"),
    "cause": ("Cause of the redirection or end", "RFC 4458, 3326"),
    "comp": ("Compression of signalling", "RFC 3486"),
    "counter": ("How many diversions there were", "RFC 5806"),
    "expires": ("Seconds that this binding lasts", "RFC 3261 20.10"),
    "info": ("Where the certificate of the signature is", "RFC 8224"),
    "isub": ("ISDN subaddress", "RFC 3966"),
    "keep": ("Keep-alives are wanted on this hop", "RFC 6223"),
    "lr": ("A loose router, as all have been since RFC 3261", "RFC 3261 19.1.1"),
    "maddr": ("Address that is used in place of the host", "RFC 3261 19.1.1"),
    "method": ("Method of a request made from this URI", "RFC 3261 19.1.1"),
    "ob": ("Requests of the dialog come back on the same flow", "RFC 5626"),
    "phone-context": ("Where a local number is dialled", "RFC 3966"),
    "ppt": ("Kind of the signed token", "RFC 8224"),
    "pub-gruu": ("Public address of one device", "RFC 5627"),
    "q": ("Preference among several contacts, 0 to 1", "RFC 3261 20.10"),
    "received": ("Address that the request really came from", "RFC 3261 18.2.1"),
    "reg-id": ("Which flow of a device this registration is", "RFC 5626"),
    "rport": ("Port that the request really came from; empty: asks to be told", "RFC 3581"),
    "tag": ("Names one end of the dialog", "RFC 3261 19.3"),
    "temp-gruu": ("Anonymous address of one device", "RFC 5627"),
    "transport": ("Transport to reach this URI by", "RFC 3261 19.1.1"),
    "trunk-group": ("Trunk group of the gateway", "RFC 4904"),
    "ttl": ("Time to live of multicast", "RFC 3261 19.1.1"),
    "user": ("`phone`: the user part is a telephone number", "RFC 3261 19.1.1"),
    "+sip.instance": ("Names the device, whatever its address", "RFC 5626"),
}

SDP_LINES: dict[str, tuple[str, str]] = {
    "a": ("Attribute of the session or of the media line above", "RFC 8866 5.13"),
    "b": ("Bandwidth", "RFC 8866 5.8"),
    "c": ("Address that media is wanted at", "RFC 8866 5.7"),
    "i": ("What the session or media is about", "RFC 8866 5.4"),
    "k": ("Key; obsolete", "RFC 8866 5.12"),
    "m": ("Media: type, port, transport, formats in order of preference", "RFC 8866 5.14"),
    "o": ("Who made the description; its version grows with each change", "RFC 8866 5.2"),
    "s": ("Name of the session", "RFC 8866 5.3"),
    "t": ("When the session is on; 0 0 is always", "RFC 8866 5.9"),
    "v": ("Version of SDP", "RFC 8866 5.1"),
}


def header(name: str) -> str:
    """A sentence about a header, in any of its forms; empty when we know nothing of it."""
    return _said(HEADERS.get(canonical(name.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")))


def parameter(name: str) -> str:
    """The same of a parameter of a header or URI."""
    return _said(PARAMETERS.get(name.lower()))


def sdp_line(letter: str) -> str:
    """The same of a line of a session description."""
    return _said(SDP_LINES.get(letter))


def _said(found: tuple[str, str] | None) -> str:
    return f"{found[0]} ({found[1]})" if found else ""
