"""The first line of a SIP message (RFC 3261 sections 7.1 and 7.2), also when it is not quite one."""

from appliance.sip.uri import has_headers, user_domain

FirstLine = tuple[bytes, bytes, bytes, bytes, int, bytes, str]
"""Method, request URI, its user and domain, status, reason phrase, problem (a word of PROBLEMS, or empty).

A request has a method, a response a status; a line that is neither has none of both.
"""

TOKEN = b"-.!%*_+`'~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_VERSION = b"SIP/2.0"


def first_line(line: bytes) -> FirstLine:
    """Read a request or status line."""
    words = line.split(b" ", 3)
    if len(words) == 3 and words[2] == _VERSION:
        return _request(words[0], words[1], "")
    if words[0] == _VERSION and len(words) > 1 and words[1]:
        return _response(words[1], line[9 + len(words[1]) :], "" if len(words) > 2 else "bad-first-line")
    return _loose(line)


def _request(method: bytes, ruri: bytes, problem: str) -> FirstLine:
    user, domain, readable = user_domain(ruri)
    if not problem:
        if not readable or (b"?" in ruri and has_headers(ruri)):
            problem = "bad-ruri"
        elif not method.isalpha() and (not method or method.translate(None, TOKEN)):
            problem = "bad-method"
    return method, ruri, user, domain, 0, b"", problem


def _response(code: bytes, phrase: bytes, problem: str) -> FirstLine:
    if len(code) == 3 and code.isdigit() and b"100" <= code < b"700":
        return b"", b"", b"", b"", int(code), phrase, problem
    return b"", b"", b"", b"", 0, phrase, "bad-status"


def _loose(line: bytes) -> FirstLine:
    """What can be told from a line with blanks in the wrong places, a wrong version or odd capitals."""
    words = line.split(None, 2)
    if len(words) > 1 and words[0][:4].upper() == b"SIP/":
        problem = _version_problem(words[0]) or "bad-first-line" * (
            line[:1].isspace() or line.split(b" ", 2)[:2] != words[:2]
        )
        return _response(words[1], words[2] if len(words) > 2 else b"", problem)
    method, _, rest = line.strip().partition(b" ")
    ruri, _, version = rest.rpartition(b" ")
    if version[:4].upper() != b"SIP/" or not ruri:
        return b"", b"", b"", b"", 0, b"", "bad-first-line"
    problem = _version_problem(version) or "bad-first-line" * (line.split(b" ") != [method, ruri, version])
    return _request(method, ruri.strip(), problem)


def _version_problem(version: bytes) -> str:
    return "" if version.upper() == _VERSION else "bad-version"
