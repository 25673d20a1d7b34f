"""Values of single headers: numbers, lengths, credentials; what is wrong with one is added to `problems`."""

from appliance.sip.address import first_user, split


def cseq(value: bytes, problems: list[str]) -> tuple[int | None, bytes]:
    """Number and method of CSeq; a bad number does not lose the method, which decides the message's kind."""
    words = value.split()
    if not words:
        problems.append("no-cseq")
        return None, b""
    number = _number(words[0], 1 << 31)
    if number is None or len(words) != 2:
        problems.append("bad-cseq")
    return number, words[-1] if len(words) > 1 or (number is None and not words[0].isdigit()) else b""


def _number(digits: bytes, limit: int) -> int | None:
    """A decimal number below `limit`; else None."""
    if not digits.isdigit():
        return None
    if len(digits) > 10:
        digits = digits.lstrip(b"0") or b"0"
        if len(digits) > 10:
            return None
    number = int(digits)
    return number if number < limit else None


def check_length(value: bytes, body_size: int, problems: list[str]) -> None:
    """Content-Length: in a datagram more octets may follow (RFC 3261 section 18.3), but not fewer."""
    digits = value.strip()
    if not digits.isdigit():
        problems.append("bad-content-length")
    elif len(digits) > 10 or int(digits) > body_size:
        problems.append("short-body")


def contact_user(value: bytes, problems: list[str]) -> bytes:
    """User of the first contact; none of `*`."""
    if value.strip() == b"*":
        return b""
    user, good = first_user(value)
    if not good:
        problems.append("bad-contact")
    return user


def auth_user(credentials: bytes) -> bytes:
    """The username of Digest credentials, without its quotes."""
    for piece in split(credentials.strip().partition(b" ")[2], b","):
        name, _, user = piece.partition(b"=")
        if name.strip().lower() == b"username":
            return user.strip().strip(b'"')
    return b""


def expires(value: bytes, problems: list[str]) -> int | None:
    """Seconds of Expires."""
    seconds = _number(value.strip(), 1 << 32)
    if seconds is None:
        problems.append("bad-expires")
    return seconds
