"""Registrations written down as lines, for tests: `told("0 A>R REGISTER expires=300", "8 R>A 401", …)`.

A line: milliseconds, hop (a letter is a host: A is 10.0.0.1), REGISTER or a code, options. Options: `cseq=`, `tag=`,
`aor=`, `port=` (the device's), `expires=` (the header), `contact=` (its user, else the aor's; `*`; `none`; several by
commas), `for=` (seconds of the contact), `instance=`, `flow=` (reg-id), `path=`, `agent=`, `node=`, `proto=`.
Equal lines are equal octets.
"""

from collections.abc import Iterable, Sequence

from appliance.buffer.batch import Origin, Record
from appliance.hep.encode import encode
from appliance.model.ids import HOUR_US
from appliance.model.octets import octets, text
from appliance.model.packet import Packet
from appliance.registrations.exchanges import Seen
from appliance.registrations.said import said
from appliance.sip.parse import parse

START_US = 1_795_428_672_000_000
"""2026-11-23 10:11:12 UTC"""
HOUR = START_US // HOUR_US
_PHRASES = {"100": "Trying", "200": "OK", "401": "Unauthorized", "403": "Forbidden", "404": "Not Found"}
_PROTO = {"udp": 17, "tcp": 6, "tls": 22}


def told(*lines: str, callid: str = "r1@made", from_us: int = START_US) -> list[Packet]:
    """Packets as agents tell of them."""
    return [_packet(line.split(), callid, from_us) for line in lines]


def seen(packets: Iterable[Packet]) -> list[Seen]:
    """As they come from the tables."""
    return [_seen(number, packet) for number, packet in enumerate(packets)]


def received(packets: Iterable[Packet]) -> list[Record]:
    """As a receiver reads them, when they were sent."""
    return [Record(packet.time_us or 0, "192.0.2.99", 9060, Origin.UDP, encode(packet)) for packet in packets]


def at(ms: float) -> int:
    """Microseconds of a line's time."""
    return START_US + round(ms * 1000)


def _packet(words: Sequence[str], callid: str, from_us: int) -> Packet:
    time, hop, what, *rest = words
    options = dict(word.split("=", 1) for word in rest)
    source, destination = (f"10.0.0.{ord(letter) - 64}" for letter in hop.split(">"))
    device = int(options.get("port", "5060"))
    ports = (device, 5060) if what == "REGISTER" else (5060, device)
    proto = options.get("proto", "udp")
    payload = octets(_text(what, options, source, callid))
    node = octets(options.get("node", "tap"))
    return Packet(3, 1, _PROTO[proto], source, ports[0], destination, ports[1], from_us + round(float(time) * 1000), 7,
                  node, b"", payload)  # fmt: skip


def _text(what: str, options: dict[str, str], source: str, callid: str) -> str:
    aor = options.get("aor", "alice@example.com")
    cseq, tag = options.get("cseq", "1"), options.get("tag", "dev")
    first = "REGISTER sip:example.com SIP/2.0" if what == "REGISTER" else f"SIP/2.0 {what} {_PHRASES.get(what, 'So')}"
    lines = [
        first,
        f"Via: SIP/2.0/UDP {source};branch=z9hG4bK{cseq}{options.get('via', '')}",
        f"From: <sip:{aor}>;tag={tag}",
        f"To: <sip:{aor}>",
        f"Call-ID: {callid}",
        f"CSeq: {cseq} REGISTER",
        *_contacts(what, options, aor),
    ]
    for name, option in (("Expires", "expires"), ("Path", "path"), ("User-Agent", "agent")):
        lines += [f"{name}: {options[option]}"] if option in options else []
    return "\r\n".join([*lines, "Content-Length: 0", "", ""])


def _contacts(what: str, options: dict[str, str], aor: str) -> list[str]:
    users = options.get("contact", aor.partition("@")[0] if what in ("REGISTER", "200") else "none")
    if users == "none":
        return []
    if users == "*":
        return ["Contact: *"]
    values = []
    for user in users.split(","):
        value = f"<sip:{user}@10.0.0.1:{options.get('port', '5060')}>"
        value += f';+sip.instance="<urn:uuid:{options["instance"]}>"' if "instance" in options else ""
        value += f";reg-id={options['flow']}" if "flow" in options else ""
        value += f";expires={options['for']}" if "for" in options else ""
        values.append(value)
    return [f"Contact: {', '.join(values)}"]


def _seen(number: int, packet: Packet) -> Seen:
    message = parse(packet.payload)
    return Seen(
        number, packet.time_us or 0, message.status, text(message.reply_reason), message.cseq or 0,
        text(message.from_tag), f"{text(message.to_user)}@{text(message.to_domain)}", text(message.callid),
        (packet.source_ip, packet.source_port), (packet.destination_ip, packet.destination_port),
        {17: "udp", 6: "tcp", 22: "tls"}[packet.ip_protocol], text(message.user_agent), text(packet.node_name),
        said(packet.payload),
    )  # fmt: skip
