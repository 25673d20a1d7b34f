"""Calls written down as lines, made into real SIP messages and read back as the writer reads them.

    written("0 A>P INVITE | Contact: <sip:100@10.0.0.1> | sdp PCMA,G729 10.0.0.1:4000 sendonly", "90 P>A 486 INVITE")

A line: milliseconds, hop (A is 10.0.0.1; a is 198.51.100.1, a public one), method, or code and CSeq method, then
options; after `|` headers, or `sdp CODECS ADDRESS:PORT [DIRECTION]`, `image`, `body TYPE TEXT`, `sent-by HOST`. Then
cseq= (1), from= (100), to= (200), ruri= (200), totag= (callee), by=callee, again=1 (a re-INVITE), via=1 (no Vias of
others), branch=, ua=, proto=, phrase=. A request that its sender had received before carries the Vias of that one.
"""

from collections.abc import Iterable, Sequence

from appliance.calls.fold import fold
from appliance.capture.classify import SIP
from appliance.capture.read import Captured
from appliance.export.prepared import in_order
from appliance.model.rows import CallRow, MessageRow
from appliance.why.codes import REASON_PHRASES
from appliance.why.explain import explain
from appliance.why.finding import Explanation
from tests.calls.made import START_US
from tests.calls.recorded import row

DIALOGS = ("INVITE", "REGISTER", "OPTIONS", "SUBSCRIBE", "MESSAGE", "PUBLISH", "CANCEL")
PAYLOADS = {"PCMU": 0, "PCMA": 8, "G722": 9, "G729": 18, "opus": 111, "telephone-event": 101}
PROTOCOLS = {"udp": 17, "tcp": 6}


def written(*lines: str, callid: str = "c1@written", node: str = "tap", first: int = 0) -> list[MessageRow]:
    """The messages of one Call-ID; `first` sets the ids of several Call-IDs apart."""
    before: list[_Line] = []
    rows = []
    for number, line in enumerate(lines):
        one = _Line(line, callid, before)
        before.append(one)
        rows.append(row(one.packet, first + number, node))
    return rows


def explained(rows: Sequence[MessageRow], after_ms: int = 1000) -> Explanation:
    """As the page explains them, so long after the last message; the record is that of the first Call-ID."""
    now_us = max(each.ts for each in rows) + after_ms * 1000
    return explain(in_order(rows), call_of(rows, now_us), now_us)


def call_of(rows: Sequence[MessageRow], now_us: int) -> CallRow | None:
    calls = fold([each for each in rows if each.callid == rows[0].callid], now_us)
    return calls[-1] if calls else None


def told(rule: str, rows: Sequence[MessageRow], after_ms: int = 1000) -> list[str]:
    """The sentences of one rule."""
    return [each.sentence for each in explained(rows, after_ms).all if each.rule == rule]


def address(letter: str) -> str:
    return f"198.51.100.{ord(letter) - 96}" if letter.islower() else f"10.0.0.{ord(letter) - 64}"


class _Line:
    def __init__(self, line: str, callid: str, before: Sequence["_Line"]) -> None:
        head, *self.parts = (part.strip() for part in line.split(" | "))
        time, way, method, *rest = head.split()
        self.status = int(method) if method.isdigit() else 0
        self.verb = rest.pop(0) if self.status else method
        self.options = dict(word.split("=", 1) for word in rest)
        self.at_ms, self.callid = float(time), callid
        self.source, self.destination = (address(letter) for letter in way.split(">"))
        self.cseq = int(self.options.get("cseq", 1))
        self.vias = self._vias(before)

    def _vias(self, before: Iterable["_Line"]) -> list[str]:
        of = "INVITE" if self.verb == "CANCEL" else self.verb
        known = [one for one in before if not one.status and one.cseq == self.cseq]
        if self.status:
            own = [one for one in known if one.verb == self.verb and one.source == self.destination]
            same = [one for one in own if one.destination == self.source] or own
            if "branch" in self.options:
                same = [one for one in same if one.branch == self.options["branch"]]
            return same[-1].vias if same else [f"SIP/2.0/UDP {self.destination};branch=z9hG4bK-unknown"]
        came = [one for one in known if one.verb == self.verb and one.destination == self.source]
        below = came[-1].vias if came and "via" not in self.options else []
        refused = [one for one in before if one.status >= 300 and (one.verb, one.cseq) == ("INVITE", self.cseq)]
        if self.verb == "ACK" and any(one.destination == self.source for one in refused):
            of, below = "INVITE", []
        self.branch = self.options.get("branch", f"z9hG4bK-{self.source}-{self.destination}-{self.cseq}-{of}")
        sent_by = next((part[8:] for part in self.parts if part.startswith("sent-by ")), f"{self.source}:5060")
        return [f"SIP/2.0/UDP {sent_by};branch={self.branch}", *below]

    @property
    def packet(self) -> Captured:
        at_us = START_US + round(self.at_ms * 1000)
        protocol = PROTOCOLS[self.options.get("proto", "udp")]
        return Captured(1, at_us, self.source, 5060, self.destination, 5060, protocol, SIP, self.octets)

    @property
    def octets(self) -> bytes:
        headers = [part for part in self.parts if ": " in part.split("\n", 1)[0] and not part.startswith("body ")]
        content, body = self._body()
        if content:
            headers.append(f"Content-Type: {content}")
        lines = [self._first(), *(f"Via: {via}" for via in self.vias), *self._parties(), f"Call-ID: {self.callid}"]
        lines += [f"CSeq: {self.cseq} {self.verb}", *headers, f"Content-Length: {len(body.encode())}", "", body]
        return "\r\n".join(lines).encode()

    def _first(self) -> str:
        if not self.status:
            return f"{self.verb} sip:{self.options.get('ruri', '200')}@example.com SIP/2.0"
        phrase = self.options.get("phrase", "").replace("_", " ") or REASON_PHRASES.get(self.status, "Reason")
        return f"SIP/2.0 {self.status} {phrase}"

    def _parties(self) -> list[str]:
        ours = f"<sip:{self.options.get('from', '100')}@example.com>;tag=caller"
        theirs = f"<sip:{self.options.get('to', '200')}@example.com>"
        initial = self.verb in DIALOGS and "again" not in self.options and self.options.get("by") != "callee"
        untagged = self.status == 100 or (not self.status and initial)
        theirs += "" if untagged else f";tag={self.options.get('totag', 'callee')}"
        pair = (theirs, ours) if self.options.get("by") == "callee" else (ours, theirs)
        agent = ["User-Agent: " + self.options["ua"].replace("_", " ")] if "ua" in self.options else []
        return [f"From: {pair[0]}", f"To: {pair[1]}", *agent]

    def _body(self) -> tuple[str, str]:
        for part in self.parts:
            kind, _, rest = part.partition(" ")
            if kind == "sdp":
                return "application/sdp", _sdp(*rest.split())
            if kind == "image":
                return (
                    "application/sdp",
                    "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nc=IN IP4 10.0.0.9\r\nt=0 0\r\nm=image 4000 udptl t38\r\n",
                )
            if kind == "body":
                content, _, text = rest.partition(" ")
                return content, text
        return "", ""


def _sdp(codecs: str, media: str, direction: str = "sendrecv") -> str:
    ip, _, port = media.rpartition(":")
    names = codecs.split(",")
    formats = " ".join(str(PAYLOADS[name]) for name in names)
    maps = "".join(f"a=rtpmap:{PAYLOADS[name]} {name}/8000\r\n" for name in names)
    return (
        f"v=0\r\no=- 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio {port} RTP/AVP {formats}\r\n{maps}"
        f"a={direction}\r\n"
    )
