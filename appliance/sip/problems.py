"""The words of `SipMessage.problems`, each with a sentence for whoever reads the message.

They are stored with the message and searched (`problems:bad-via`): a word is never changed or used again for
something else. What RFC 4475 calls valid has none of them, however odd it looks.
"""

PROBLEMS: dict[str, str] = {
    "not-sip": "This is no SIP message: neither its first line nor any header is SIP's.",
    "leading-junk": "Octets other than empty lines stand before the first line.",
    "bad-first-line": "The first line is neither a request line nor a status line (RFC 3261 section 7.1, 7.2).",
    "bad-version": "The version in the first line is not SIP/2.0.",
    "bad-method": "The method has characters that a token may not have.",
    "bad-status": "The response code is not a number from 100 to 699.",
    "bad-ruri": "The request URI cannot be read, stands in < >, or has headers.",
    "bare-lf": "Lines end in LF alone instead of CR LF.",
    "bad-header": "A header line has no colon or no name.",
    "too-many-headers": "There are more header lines than are looked at; the rest is only stored.",
    "no-end-of-headers": "The empty line after the headers is missing.",
    "repeated-header": "A header that may stand once (From, To, Call-ID, CSeq, Content-Length) stands more often.",
    "no-callid": "The Call-ID header is missing or empty.",
    "no-cseq": "The CSeq header is missing or empty.",
    "bad-cseq": "The CSeq header is not a number below 2^31 and a method.",
    "cseq-mismatch": "The method in CSeq is another one than in the request line.",
    "no-from": "The From header is missing or empty.",
    "bad-from": "The From header cannot be read as a name and a URI.",
    "no-to": "The To header is missing or empty.",
    "bad-to": "The To header cannot be read as a name and a URI.",
    "no-via": "The Via header is missing or empty.",
    "bad-via": "The topmost Via header has no protocol, transport and host, or has empty parameters.",
    "bad-contact": "The Contact header cannot be read as a name and a URI.",
    "bad-expires": "The Expires header is not a number below 2^32.",
    "bad-content-length": "The Content-Length header is not a number.",
    "short-body": "The body is shorter than Content-Length says: the message was cut.",
}
"""Every word that `parse.parse` can give."""
