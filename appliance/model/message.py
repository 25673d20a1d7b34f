"""SipMessage: what the octets of one SIP message say, and what is wrong with them."""

from dataclasses import dataclass


@dataclass(slots=True)
class SipMessage:
    """The parts of a SIP message (RFC 3261) that are searched or folded; everything is octets as received.

    Users, domains: of the URI in that header, unquoted and unescaped not at all. Domains, methods (of
    requests) are as sent; whoever compares them lower-cases. Empty means absent.
    """

    method: bytes = b""
    """Request method; empty in a response."""
    status: int = 0
    """Response code; 0 in a request."""
    reply_reason: bytes = b""
    ruri: bytes = b""
    ruri_user: bytes = b""
    ruri_domain: bytes = b""
    from_user: bytes = b""
    from_domain: bytes = b""
    from_tag: bytes = b""
    to_user: bytes = b""
    to_domain: bytes = b""
    to_tag: bytes = b""
    callid: bytes = b""
    cseq: int | None = None
    cseq_method: bytes = b""
    via_branch: bytes = b""
    """Branch of the top Via."""
    via_transport: bytes = b""
    """Transport of the top Via, lower case: udp, tcp, tls, ws, wss, sctp."""
    contact_user: bytes = b""
    pid_user: bytes = b""
    """User of P-Asserted-Identity, else of P-Preferred-Identity."""
    auth_user: bytes = b""
    """username of Authorization or Proxy-Authorization."""
    user_agent: bytes = b""
    """User-Agent, else Server."""
    reason: bytes = b""
    """The Reason header, all of them joined by a comma (RFC 3326)."""
    diversion: bytes = b""
    content_type: bytes = b""
    event: bytes = b""
    expires: int | None = None
    callid_aleg: bytes = b""
    """Value of the first correlation header found (X-CID, X-CallIDALeg, X-Call-ID, Session-ID by default)."""
    leg_keys: bytes = b""
    """Every value that joins calls, in the words of sip/leg_keys.py."""
    sdp: bytes = b""
    """The session description in one line, see sip/session.py."""
    problems: tuple[str, ...] = ()
    """Short fixed words of what is wrong, such as `no-callid`, `bad-cseq`; empty when well-formed."""
