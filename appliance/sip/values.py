"""Values of single headers: numbers, lengths, credentials; and, in a word of PROBLEMS, what is wrong with one."""

from appliance.sip.address import first_user, split


def cseq(value: bytes) -> tuple[int | None, bytes, str]:
    """Number and method of CSeq, and what is wrong with it; a bad number does not lose the method, which decides the
    message's kind."""
    words = value.split()
    if not words:
        return None, b"", "no-cseq"
    number = _number(words[0], 1 << 31)
    method = words[-1] if len(words) > 1 or (number is None and not words[0].isdigit()) else b""
    return number, method, "bad-cseq" if number is None or len(words) != 2 else ""


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


def leading_number(value: bytes) -> int | None:
    """What a value begins with: `1800;refresher=uac` -> 1800, `5 (busy)` -> 5."""
    digits = value.strip().partition(b";")[0].split(b" ")[0].strip()
    return int(digits) if digits.isdigit() and len(digits) <= 10 else None


def check_length(value: bytes, body_size: int, problems: list[str]) -> None:
    """Content-Length: in a datagram more octets may follow (RFC 3261 section 18.3), but not fewer."""
    digits = value.strip()
    if not digits.isdigit():
        problems.append("bad-content-length")
    elif len(digits) > 10 or int(digits) > body_size:
        problems.append("short-body")


def contact_user(value: bytes) -> tuple[bytes, bool]:
    """User of the first contact, none of `*`; and whether it is well-formed."""
    return (b"", True) if value.strip() == b"*" else first_user(value)


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
