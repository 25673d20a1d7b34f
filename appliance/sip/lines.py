"""The lines of a message's head, and where its body begins; also where line ends are not CR LF as they should be."""

from collections.abc import Iterator


def head_lines(payload: bytes, limit: int, problems: list[str]) -> tuple[list[bytes], int]:
    """First line and header lines, folded ones still apart, at most `limit` of them; and where the body begins.

    What is wrong is added to `problems` in the words of PROBLEMS.
    """
    start = 0
    if payload[:1] < b"!" or payload[:1] > b"~":
        start = _start(payload, problems)
    end = payload.find(b"\r\n\r\n", start)
    if end >= 0:
        head = payload[start:end]
        lines = head.split(b"\r\n", limit)
        if head.count(b"\n") < len(lines) <= limit:
            return lines, end + 4
    return _loose_lines(payload, start, limit, problems)


def _start(payload: bytes, problems: list[str]) -> int:
    """Empty lines before the first are allowed (RFC 3261 section 7.5); NULs, blanks and a byte order mark are not."""
    rest = payload.lstrip(b"\r\n")
    clean = rest.lstrip(b"\0 \t\r\n\xef\xbb\xbf")
    if clean and len(clean) != len(rest):
        problems.append("leading-junk")
    return len(payload) - len(clean)


def _loose_lines(payload: bytes, start: int, limit: int, problems: list[str]) -> tuple[list[bytes], int]:
    """A head with LF alone at the end of lines, without an end, or with more lines than `limit`."""
    ends = [(at, len(mark)) for mark in (b"\n\n", b"\n\r\n") if (at := payload.find(mark, start)) >= 0]
    end, size = min(ends, default=(len(payload), 0))
    head = payload[start:end].removesuffix(b"\r") if ends else payload[start:].rstrip(b"\r\n")
    joined = head.replace(b"\r\n", b"\n")
    lines = joined.split(b"\n", limit)
    if joined.count(b"\n") != len(head) - len(joined) or payload[end : end + 2] == b"\n\n":
        problems.append("bare-lf")
    if not ends:
        problems.append("no-end-of-headers")
    if len(lines) > limit:
        problems.append("too-many-headers")
        lines.pop()
    return lines, end + size


def unfolded(lines: list[bytes]) -> Iterator[bytes]:
    """Lines with those that begin with a blank joined to the one before (RFC 3261 section 7.3.1)."""
    pieces: list[bytes] = []
    for line in lines:
        if line[:1] in (b" ", b"\t"):
            pieces.append(line.strip())
            continue
        if pieces:
            yield b" ".join(pieces)
        pieces = [line]
    if pieces:
        yield b" ".join(pieces)
