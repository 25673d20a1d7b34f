"""The body of a message for SIPp: octet for octet, but in session descriptions the addresses and ports of media.

Media goes to where SIPp runs ([media_ip], -mi) and to a port of its own for each m-line ([media_port], -mp). What is
switched off (port 0) or held (0.0.0.0) stays so.
"""

import re

from appliance.export.sipp.escape import escaped, piece

_SDP = re.compile(rb"(?:\A|\n)v=0[ \t]*\r?\n")
_ADDRESS = re.compile(rb"^([co]=.*IN )IP[46] (\S+)(.*)$", re.DOTALL)
_HELD = (b"0.0.0.0", b"::")
_CANDIDATE = re.compile(rb"^(a=candidate:\S+ \S+ \S+ \S+) \S+ \d+(.*)$", re.DOTALL)
_RELATED = re.compile(rb" raddr \S+ rport \d+")
MEDIA = "IP[media_ip_type] [media_ip]"


def text(body: bytes) -> str:
    """The body as it stands in a scenario, its line ends as LF; of several at its end SIPp keeps one, as LF."""
    end = b"\r\n" if b"\r\n" in body or b"\n" not in body else b"\n"
    described = _SDP.search(body) is not None
    media = _Media()
    written = "\n".join(media.line(line) if described else escaped(line) for line in body.split(end))
    bare = written.rstrip("\n")
    ends = len(written) - len(bare)
    return bare + "\\x0D\\x0A" * (ends - 1) + "\n" * min(1, ends)


class _Media:
    """Rewrites a description line by line; counts m-lines, each of which has two ports (RTP, RTCP)."""

    def __init__(self) -> None:
        self._count = -1

    def line(self, line: bytes) -> str:
        if line.startswith(b"m="):
            return self._media(line)
        if line.startswith(b"a=rtcp:"):
            return self._rtcp(line)
        if found := _CANDIDATE.match(line):
            rest = _RELATED.sub(b"", found[2])
            return f"{piece(found[1])} [media_ip] {self._port(0)}{piece(rest)}"
        found = _ADDRESS.match(line)
        if found is None or (found[1][:1] == b"c" and found[2] in _HELD):
            return escaped(line)
        return f"{piece(found[1])}{MEDIA}{piece(found[3])}"

    def _media(self, line: bytes) -> str:
        self._count += 1
        kind, _, rest = line.partition(b" ")
        port, _, rest = rest.partition(b" ")
        if not port.partition(b"/")[0].strip(b"0"):
            return escaped(line)
        return f"{piece(kind)} {self._port(0)} {piece(rest)}"

    def _rtcp(self, line: bytes) -> str:
        given = line.partition(b" ")[2]
        return f"a=rtcp:{self._port(1)}" + (f" IN {MEDIA}" if given else "")

    def _port(self, more: int) -> str:
        offset = 2 * max(0, self._count) + more
        return f"[media_port+{offset}]" if offset else "[media_port]"
