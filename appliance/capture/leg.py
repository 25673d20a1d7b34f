"""One leg of a made-up call: SIP messages over a chain of hosts, as the agents on them would mirror each hop.

A hop between two hosts with agents is told by both: two packets of the same octets, a little apart. Times are
offsets in microseconds from the beginning of the scenario. RFC 3261: Via stack, Record-Route, tags, branches.
"""

import random
from dataclasses import dataclass

from appliance.model.packet import Packet

SIP, RTCP, LOG = 1, 5, 100
ALLOW = "INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, SUBSCRIBE, NOTIFY, INFO, PUBLISH, MESSAGE, UPDATE, PRACK"


@dataclass(frozen=True, slots=True)
class Host:
    """A machine that speaks SIP."""

    ip: str
    agent: str = ""
    """Name of the capture agent on it (chunk 0x0013); "" for none."""
    agent_id: int = 0
    """Chunk 0x000c."""
    software: str = ""
    """What it says in User-Agent or Server."""
    port: int = 5060
    transport: str = "UDP"
    clock_us: int = 0
    """How far its clock is ahead: enough of it, and stamps alone put messages in the wrong order."""

    @property
    def address(self) -> str:
        """Host and port as in a URI or Via."""
        return f"[{self.ip}]:{self.port}" if ":" in self.ip else f"{self.ip}:{self.port}"


@dataclass(frozen=True, slots=True)
class Party:
    """Who calls or is called."""

    user: str
    name: str
    domain: str

    @property
    def uri(self) -> str:
        return f"sip:{self.user}@{self.domain}"


@dataclass(slots=True)
class Transaction:
    """A request that was sent: what responses and the ACK of a refusal repeat."""

    method: str
    cseq: int
    uri: str
    chain: tuple[Host, ...]
    branches: tuple[str, ...]
    """Of the Via that each host of the chain but the last put on top."""
    routes: tuple[str, ...]
    """Record-Route of the whole way, nearest to the target first."""
    sender: str
    """From of the request, as a header's value."""
    target: str
    """To of the request."""
    arrived_us: int


@dataclass(slots=True)
class Leg:
    """Sends requests and responses of one Call-ID into `packets`."""

    rng: random.Random
    packets: list[Packet]
    route: tuple[Host, ...]
    """Caller's side first."""
    caller: Party
    called: Party
    callid: str = ""
    from_tag: str = ""
    to_tag: str = ""
    correlation: str = ""
    """Value of X-CID: the Call-ID of the leg that this one continues."""
    cseq: int = 0

    def __post_init__(self) -> None:
        self.callid = self.callid or f"{self.token(20)}@{self.route[0].ip}"
        self.from_tag, self.to_tag = self.from_tag or self.token(10), self.to_tag or self.token(10)
        self.cseq = self.cseq or self.rng.randrange(1, 30000)

    def token(self, size: int) -> str:
        return f"{self.rng.getrandbits(size * 4):0{size}x}"

    def request(
        self,
        at_us: int,
        method: str,
        headers: tuple[str, ...] = (),
        body: str = "",
        *,
        backwards: bool = False,
        like: Transaction | None = None,
        tagged: bool = True,
        hops: tuple[int, int] | None = None,
    ) -> Transaction:
        """Send a request along the route.

        `like` makes it the ACK, the CANCEL or a repetition of that transaction, `tagged` tells that To has a tag
        already, `hops` (first, behind the last) that it does not go the whole way.
        """
        chain = like.chain if like else tuple(reversed(self.route)) if backwards else self.route
        if like is None and method != "ACK":
            self.cseq += 1
        cseq = like.cseq if like else self.cseq
        branches = like.branches if like else tuple(f"z9hG4bK{self.token(12)}" for _ in chain[1:])
        sender, target = self._ends(backwards, tagged)
        uri = like.uri if like else self._uri(method, chain, backwards, tagged)
        routes: tuple[str, ...] = ()
        for hop in range(*(hops or (0, len(chain) - 1))):
            own = like is not None and method in ("ACK", "CANCEL")  # RFC 3261 9.1, 17.1.1.3: the top Via alone
            if hop and method == "INVITE":
                routes = (f"Record-Route: <sip:{chain[hop].address};lr>", *routes)
            lines = [f"{method} {uri} SIP/2.0", *_vias(chain, branches, hop, hop if own else 0), *routes]
            lines += [f"Max-Forwards: {70 - hop}", f"From: {sender}", f"To: {target}", f"Call-ID: {self.callid}"]
            lines += [f"CSeq: {cseq} {method}", *self._said_by(chain[0], method, backwards), *headers]
            if tagged and like is None:
                lines += [f"Route: <sip:{proxy.address};lr>" for proxy in chain[hop + 1 : -1]]
            elif hop and method == "INVITE":
                lines.append(f'P-Asserted-Identity: "{self.caller.name}" <{self.caller.uri}>')
            at_us = self._tell(chain[hop], chain[hop + 1], at_us, lines, body)
        return Transaction(method, cseq, uri, chain, branches, routes, sender, target, at_us)

    def respond(
        self,
        to: Transaction,
        at_us: int,
        status: str,
        headers: tuple[str, ...] = (),
        body: str = "",
        *,
        hops: tuple[int, int] | None = None,
        by: Host | None = None,
    ) -> int:
        """Send a response back over the hops (first, behind the last) of the request; when it arrived.

        `by` made it, when that is not the host where the hops end.
        """
        first, end = hops or (0, len(to.chain) - 1)
        tagged = ";tag=" in to.target or status.startswith("100")
        target = to.target if tagged else f"{to.target};tag={self.to_tag}"
        for hop in range(end - 1, first - 1, -1):
            lines = [f"SIP/2.0 {status}", *_vias(to.chain, to.branches, hop, 0 if to.method != "CANCEL" else hop)]
            lines += to.routes if status[0] in "12" and status[:3] != "100" else ()
            lines += [f"From: {to.sender}", f"To: {target}", f"Call-ID: {self.callid}", f"CSeq: {to.cseq} {to.method}"]
            if status[:3] != "100" and to.method in ("INVITE", "OPTIONS"):
                lines += [f"Contact: <sip:{self._user(to)}@{to.chain[-1].address}>", f"Allow: {ALLOW}"]
                lines.append("Supported: replaces, timer, path")
            lines += [f"Server: {(by or to.chain[end]).software}", *headers]
            at_us = self._tell(to.chain[hop + 1], to.chain[hop], at_us, lines, body)
        return at_us

    def refuse(
        self,
        to: Transaction,
        at_us: int,
        status: str,
        headers: tuple[str, ...] = (),
        hops: tuple[int, int] | None = None,
    ) -> int:
        """A final response other than 2xx and its ACK, hop by hop."""
        first, end = hops or (0, len(to.chain) - 1)
        for hop in range(end - 1, first - 1, -1):
            at_us = self.respond(to, at_us, status, headers, hops=(hop, hop + 1), by=to.chain[end])
            self.request(at_us, "ACK", like=to, hops=(hop, hop + 1))
        return at_us

    def log(self, host: Host, at_us: int, line: str) -> None:
        """A log line of the proxy's script about this call (HEP type 100)."""
        self._packet(LOG, host, host, host, at_us, line.encode())

    def report(self, source: tuple[str, int], target: tuple[str, int], host: Host, at_us: int, payload: str) -> None:
        """An RTCP report as the media relay's agent tells it (HEP type 5, JSON)."""
        packet = self._packet(RTCP, host, host, host, at_us, payload.encode())
        packet.source_ip, packet.source_port = source
        packet.destination_ip, packet.destination_port = target

    def _ends(self, backwards: bool, tagged: bool) -> tuple[str, str]:
        caller = f'"{self.caller.name}" <{self.caller.uri}>;tag={self.from_tag}'
        called = f"<{self.called.uri}>" + (f";tag={self.to_tag}" if tagged else "")
        return (called, caller) if backwards else (caller, called)

    def _uri(self, method: str, chain: tuple[Host, ...], backwards: bool, tagged: bool) -> str:
        if method == "REGISTER":
            return f"sip:{self.called.domain}"
        party = self.caller if backwards else self.called
        return f"sip:{party.user}@{chain[-1].address}" if tagged else party.uri

    def _user(self, to: Transaction) -> str:
        return self.called.user if to.chain[0] == self.route[0] else self.caller.user

    def _said_by(self, host: Host, method: str, backwards: bool) -> list[str]:
        if method == "ACK":
            return [f"User-Agent: {host.software}"]
        lines = [f"User-Agent: {host.software}"]
        if method in ("INVITE", "REGISTER", "OPTIONS", "UPDATE"):
            user = self.called.user if backwards else self.caller.user
            lines += [f"Contact: <sip:{user}@{host.address}>", f"Allow: {ALLOW}", "Supported: replaces, timer, path"]
        if method == "INVITE" and self.correlation:
            lines.append(f"X-CID: {self.correlation}")
        return lines

    def _tell(self, source: Host, target: Host, at_us: int, lines: list[str], body: str) -> int:
        """One message over one hop, as each agent on it saw it; when it arrived."""
        octets = body.encode()
        kind = ["Content-Type: application/sdp"] if octets else []
        head = "\r\n".join([*lines, *kind, f"Content-Length: {len(octets)}", "", ""])
        arrived_us = at_us + self.rng.randrange(250, 1400)
        for host, seen_us in ((source, at_us), (target, arrived_us)):
            if host.agent:
                self._packet(SIP, source, target, host, max(0, seen_us + host.clock_us), head.encode() + octets)
        return arrived_us + self.rng.randrange(80, 500)

    def _packet(self, protocol: int, source: Host, target: Host, agent: Host, at_us: int, payload: bytes) -> Packet:
        packet = Packet(
            hep_version=3,
            protocol_type=protocol,
            ip_protocol=6 if source.transport == "TCP" or target.transport == "TCP" else 17,
            source_ip=source.ip,
            source_port=source.port,
            destination_ip=target.ip,
            destination_port=target.port,
            time_us=at_us,
            capture_id=agent.agent_id,
            node_name=agent.agent.encode(),
            correlation_id=self.callid.encode(),
            payload=payload,
        )
        self.packets.append(packet)
        return packet


def _vias(chain: tuple[Host, ...], branches: tuple[str, ...], hop: int, lowest: int) -> list[str]:
    return [
        f"Via: SIP/2.0/{chain[at].transport} {chain[at].address};branch={branches[at]};rport"
        for at in range(hop, lowest - 1, -1)
    ]
