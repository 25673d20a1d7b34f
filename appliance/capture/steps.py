"""Steps that made-up calls have in common, and the hosts and people who take them.

Numbers are fictional (+1 555 01xx, and 030 23125 xxx of the German regulator's list for films), addresses those
of RFC 5737 and RFC 3849, names of example.com.
"""

import random

from appliance.capture.leg import Host, Leg, Party, Transaction
from appliance.capture.media import reports, sdp

SECOND = 1_000_000
NAMES = (
    "Alice Archer",
    "Bob Baker",
    "Carol Chen",
    "Dave Diaz",
    "Erin Öztürk",
    "Frank Föhr",
    "Grace Giraud",
    "Heidi Ito",
)
PHONES = (
    "Snom D785/10.1.169.16",
    "Yealink SIP-T54W 96.86.0.70",
    "PolyVVX-VVX_450/6.4.3",
    "Linphone/5.2.4",
    "Zoiper 5.6",
)
EDGE = Host("192.0.2.10", "edge-1", 2001, "edge proxy")
CORE = Host("192.0.2.20", "core-1", 2002, "core router", clock_us=300)
PBX = Host("192.0.2.30", "pbx-1", 2003, "pbx 20.5", clock_us=-700)
GATEWAY = Host("203.0.113.5", "", 0, "carrier gateway")
MEDIA = Host("192.0.2.40", "media-1", 2004, "media relay")
MEDIA_IPV6 = "2001:db8:40::1"
HOME = "example.com"
CARRIER = "carrier.example.net"


def inside(rng: random.Random) -> Party:
    return Party(f"+493023125{rng.randrange(1000):03}", rng.choice(NAMES), HOME)


def outside(rng: random.Random) -> Party:
    return Party(f"+1{rng.choice((202, 312, 415, 617))}55501{rng.randrange(100):02}", rng.choice(NAMES), CARRIER)


def phone(rng: random.Random) -> Host:
    software = rng.choice(PHONES)
    if rng.random() < 0.12:
        return Host(f"2001:db8:20::{rng.randrange(1, 0xFFFF):x}", software=software, port=rng.randrange(5060, 5070))
    return Host(f"198.51.100.{rng.randrange(1, 255)}", software=software, port=rng.choice((5060, 5060, 5062, 12060)))


def new_leg(rng: random.Random, route: tuple[Host, ...] = (), called: Party | None = None) -> Leg:
    caller = inside(rng)
    return Leg(rng, [], route or (phone(rng), EDGE, phone(rng)), caller, called or inside(rng))


def offer(leg: Leg, direction: str = "sendrecv") -> str:
    return sdp(leg.rng, MEDIA.ip, direction)


def answer(leg: Leg) -> str:
    return sdp(leg.rng, MEDIA.ip, only=leg.rng.choice((8, 8, 8, 0, 9)))


def trying(leg: Leg, invite: Transaction, late_us: int = 0) -> None:
    """Each host but the last says 100 to the one before it."""
    for hop in range(len(invite.chain) - 1):
        leg.respond(invite, invite.arrived_us + late_us + hop * 400, "100 Trying", hops=(hop, hop + 1))


def rung(leg: Leg, at_us: int, pace: float, headers: tuple[str, ...] = ()) -> tuple[Transaction, int]:
    """An INVITE up to where the called one rings, now and then sent twice; when something happens next."""
    body = offer(leg)
    invite = leg.request(at_us, "INVITE", headers, body, tagged=False)
    late_us = 0
    if leg.rng.random() < 0.03:
        leg.request(at_us + 500_000, "INVITE", headers, body, tagged=False, like=invite, hops=(0, 1))
        late_us = 520_000
    trying(leg, invite, late_us)
    ringing_us = invite.arrived_us + late_us + leg.rng.randrange(40_000, 900_000)
    ringing_us = leg.respond(invite, ringing_us, "180 Ringing")
    return invite, ringing_us + int(leg.rng.uniform(1.5, 10) * pace * SECOND)


def taken(leg: Leg, invite: Transaction, at_us: int) -> int:
    """200 and ACK."""
    at_us = leg.respond(invite, at_us, "200 OK", body=answer(leg))
    leg.cseq = invite.cseq
    return leg.request(at_us + 900, "ACK").arrived_us


def cancel(leg: Leg, invite: Transaction, at_us: int, hops: tuple[int, int], headers: tuple[str, ...] = ()) -> int:
    """CANCEL and its 200 over one hop."""
    sent = leg.request(at_us, "CANCEL", headers, like=invite, tagged=False, hops=hops)
    return leg.respond(sent, sent.arrived_us, "200 canceling", hops=hops)


def talk(leg: Leg, at_us: int, pace: float) -> int:
    """Talk with RTCP reports of the media relay; when it ends."""
    length_us = int(min(leg.rng.lognormvariate(2.6, 0.7), 30) * pace * SECOND)
    relay, telephone = MEDIA.ip, leg.route[0].ip
    if ":" in telephone:
        relay = MEDIA_IPV6
    for offset_us, source, target, payload in reports(leg.rng, relay, telephone, length_us):
        leg.report(source, target, MEDIA, at_us + offset_us, payload)
    return at_us + length_us


def bye(leg: Leg, at_us: int, backwards: bool | None = None) -> int:
    """BYE by either side, or by the called one when `backwards`, and its 200."""
    backwards = leg.rng.random() < 0.4 if backwards is None else backwards
    sent = leg.request(at_us, "BYE", ('Reason: Q.850;cause=16;text="Normal call clearing"',), backwards=backwards)
    return leg.respond(sent, sent.arrived_us + 1_500, "200 OK")


def credentials(leg: Leg, header: str, method: str, nonce: str) -> str:
    uri = leg.called.uri if method == "INVITE" else f"sip:{HOME}"
    return (
        f'{header}: Digest username="{leg.caller.user}", realm="{HOME}", nonce="{nonce}", uri="{uri}", '
        f'response="{leg.token(32)}", algorithm=MD5, cnonce="{leg.token(8)}", qop=auth, nc=00000001'
    )
