"""Made-up traffic: varied calls of nobody, for `hepbox demo` and tests.

Numbers are fictional (+1 555 01xx, and 030 23125 xxx of the German regulator's list for films), addresses those
of RFC 5737 and RFC 3849, names of example.com. The same random numbers make the same traffic.
"""

import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import replace

from appliance.capture.leg import Host, Leg, Party, Transaction
from appliance.capture.media import reports, sdp
from appliance.model.packet import Packet

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
HOME = "example.com"
CARRIER = "carrier.example.net"


def traffic(rng: random.Random, start_us: int, calls_per_second: float, seconds: float) -> Iterator[Packet]:
    """Calls, registrations and pings that begin and end within `seconds` from `start_us`, in order of time.

    Shorter spans make for quicker rings and shorter talks, so that whole calls fit.
    """
    span_us = int(seconds * SECOND)
    pace = min(1.0, seconds / 45)
    waiting: list[tuple[int, int, Packet]] = []
    serial = 0
    for number in range(max(1, round(calls_per_second * seconds))):
        begin_us = int(number / calls_per_second * SECOND)
        while waiting and waiting[0][0] < begin_us - span_us:
            yield heapq.heappop(waiting)[2]
        packets = scenario(rng, pace)
        length_us = max(packet.time_us or 0 for packet in packets)
        if begin_us + length_us > span_us:
            begin_us = rng.randrange(max(1, span_us - length_us))
        for packet in packets:
            serial += 1
            at_us = start_us + begin_us + (packet.time_us or 0)
            heapq.heappush(waiting, (at_us, serial, replace(packet, time_us=at_us)))
    while waiting:
        yield heapq.heappop(waiting)[2]


def scenario(rng: random.Random, pace: float = 1.0) -> list[Packet]:
    """The packets of one call or other dialog; times are offsets in microseconds. `pace` scales rings and talks."""
    make = rng.choices([one for one, _ in SCENARIOS], [weight for _, weight in SCENARIOS])[0]
    return make(rng, pace)


def answered(rng: random.Random, pace: float) -> list[Packet]:
    """Phone to phone over the edge: rings, is answered, talks with RTCP reports, ends."""
    leg = _leg(rng)
    invite, at_us = _rung(leg, 0, pace)
    at_us = _taken(leg, invite, at_us)
    at_us = _talk(leg, at_us, pace)
    _bye(leg, at_us)
    return leg.packets


def challenged(rng: random.Random, pace: float) -> list[Packet]:
    """As answered, but the edge first wants credentials (407)."""
    leg = _leg(rng)
    invite = leg.request(0, "INVITE", body=_offer(leg), tagged=False, hops=(0, 1))
    nonce = leg.token(16)
    wanted = f'Proxy-Authenticate: Digest realm="{HOME}", nonce="{nonce}", algorithm=MD5, qop="auth"'
    at_us = leg.respond(invite, invite.arrived_us, "407 Proxy Authentication Required", (wanted,), hops=(0, 1))
    at_us = leg.request(at_us, "ACK", like=invite, hops=(0, 1)).arrived_us
    invite, at_us = _rung(leg, at_us + 20_000, pace, (_credentials(leg, "Proxy-Authorization", "INVITE", nonce),))
    at_us = _taken(leg, invite, at_us)
    _bye(leg, _talk(leg, at_us, pace))
    return leg.packets


def two_legs(rng: random.Random, pace: float) -> list[Packet]:
    """From a phone to a carrier through the PBX: two Call-IDs, the second names the first in X-CID."""
    first = _leg(rng, route=(_phone(rng), EDGE, PBX), called=_outside(rng))
    invite = first.request(0, "INVITE", body=_offer(first), tagged=False)
    _trying(first, invite)
    first.log(EDGE, invite.arrived_us, f"INFO: <script>: INVITE from {first.caller.user} to {first.called.user} -> PBX")
    second = Leg(rng, first.packets, (PBX, CORE, GATEWAY), replace(first.caller, domain=CARRIER), first.called)
    second.correlation = first.callid
    onward, at_us = _rung(second, invite.arrived_us + 12_000, pace)
    first.respond(invite, onward.arrived_us + 950_000, "183 Session Progress", body=_answer(first))
    at_us = _taken(second, onward, at_us)
    at_us = _taken(first, invite, at_us)
    at_us = _talk(first, at_us, pace)
    _bye(first, at_us)
    _bye(second, at_us + 3_000, backwards=False)
    first.log(EDGE, at_us + 9_000, f"INFO: <script>: call {first.callid} ended, reason Normal call clearing")
    return first.packets


def held(rng: random.Random, pace: float) -> list[Packet]:
    """A call that is put on hold and taken back by two re-INVITEs."""
    leg = _leg(rng)
    invite, at_us = _rung(leg, 0, pace)
    at_us = _talk(leg, _taken(leg, invite, at_us), pace / 2)
    for direction in ("sendonly", "sendrecv"):
        again = leg.request(at_us, "INVITE", body=_offer(leg, direction))
        at_us = leg.respond(again, again.arrived_us + 4_000, "200 OK", body=_answer(leg))
        at_us = leg.request(at_us + 1_000, "ACK").arrived_us
        at_us += int(rng.uniform(2, 6) * pace * SECOND)
    _bye(leg, at_us)
    return leg.packets


def refused(rng: random.Random, pace: float) -> list[Packet]:
    """Busy, declined, not found, or failed at the far end, each with its cause."""
    status, cause = rng.choices(
        [
            ("486 Busy Here", 17),
            ("600 Busy Everywhere", 17),
            ("603 Decline", 21),
            ("404 Not Found", 1),
            ("484 Address Incomplete", 28),
            ("503 Service Unavailable", 41),
            ("500 Server Internal Error", 127),
        ],
        [8, 1, 3, 3, 1, 3, 1],
    )[0]
    leg = _leg(rng)
    if cause == 17 or cause == 21:
        invite, at_us = _rung(leg, 0, pace / 3)
    else:
        invite = leg.request(0, "INVITE", body=_offer(leg), tagged=False)
        _trying(leg, invite)
        at_us = invite.arrived_us + rng.randrange(5_000, 90_000)
    leg.refuse(invite, at_us, status, (f"Reason: Q.850;cause={cause}",))
    return leg.packets


def unanswered(rng: random.Random, pace: float) -> list[Packet]:
    """It rings until the far end gives up (480), or nothing ever comes but 100 (408 by the edge)."""
    leg = _leg(rng)
    if rng.random() < 0.8:
        invite, at_us = _rung(leg, 0, pace * 2.5)
        leg.refuse(invite, at_us, "480 Temporarily Unavailable", ('Reason: Q.850;cause=19;text="No answer"',))
        return leg.packets
    offer = _offer(leg)
    invite = leg.request(0, "INVITE", body=offer, tagged=False)
    leg.respond(invite, invite.arrived_us, "100 Trying", hops=(0, 1))
    for wait in (0.5, 1.5, 3.5):
        leg.request(int(wait * SECOND), "INVITE", body=offer, tagged=False, like=invite, hops=(1, 2))
    leg.refuse(invite, int(max(4.0, 30 * pace) * SECOND), "408 Request Timeout", hops=(0, 1))
    return leg.packets


def cancelled(rng: random.Random, pace: float) -> list[Packet]:
    """The caller hangs up while it rings."""
    leg = _leg(rng)
    invite, at_us = _rung(leg, 0, pace * 1.5)
    _cancel(leg, invite, at_us, (0, 1), ('Reason: SIP;cause=487;text="ORIGINATOR_CANCEL"',))
    at_us = _cancel(leg, invite, at_us + 1_500, (1, 2))
    leg.refuse(invite, at_us + 3_000, "487 Request Terminated")
    return leg.packets


def forked(rng: random.Random, pace: float) -> list[Packet]:
    """The edge rings two phones with one Call-ID; one answers, the other is cancelled."""
    leg = _leg(rng)
    offer = _offer(leg)
    invite = leg.request(0, "INVITE", body=offer, tagged=False)
    _trying(leg, invite)
    other = replace(leg, route=(*leg.route[:-1], _phone(rng)), to_tag=leg.token(10))
    second = replace(invite, chain=other.route, branches=(invite.branches[0], f"z9hG4bK{leg.token(12)}"))
    other.request(invite.arrived_us, "INVITE", body=offer, like=second, tagged=False, hops=(1, 2))
    for one, transaction in ((leg, invite), (other, second)):
        one.respond(transaction, invite.arrived_us + rng.randrange(30_000, 200_000), "180 Ringing")
    at_us = _taken(leg, invite, int(rng.uniform(2, 8) * pace * SECOND) + 300_000)
    lost_us = _cancel(other, second, at_us, (1, 2))
    other.refuse(second, lost_us + 2_000, "487 Request Terminated", hops=(1, 2))
    _bye(leg, _talk(leg, at_us + 10_000, pace))
    return leg.packets


def registered(rng: random.Random, pace: float) -> list[Packet]:
    """A phone registers: challenged, then accepted, or with a wrong password refused."""
    phone, party = _phone(rng), _inside(rng)
    leg = Leg(rng, [], (phone, EDGE), party, party)
    expires = ("Expires: 600",)
    first = leg.request(0, "REGISTER", expires, tagged=False)
    nonce = leg.token(16)
    wanted = f'WWW-Authenticate: Digest realm="{HOME}", nonce="{nonce}", algorithm=MD5, qop="auth"'
    at_us = leg.respond(first, first.arrived_us + 600, "401 Unauthorized", (wanted,))
    proof = _credentials(leg, "Authorization", "REGISTER", nonce)
    again = leg.request(at_us + 15_000, "REGISTER", (*expires, proof), tagged=False)
    if rng.random() < 0.08:
        leg.respond(again, again.arrived_us + 900, "403 Forbidden")
    else:
        bound = f"Contact: <sip:{party.user}@{phone.address}>;expires=600"
        leg.respond(again, again.arrived_us + 900, "200 OK", (bound,))
    return leg.packets


def pinged(rng: random.Random, pace: float) -> list[Packet]:
    """OPTIONS between core and carrier."""
    leg = Leg(rng, [], (CORE, GATEWAY), Party("ping", "core-1", HOME), Party("ping", "", CARRIER))
    options = leg.request(0, "OPTIONS", ("Accept: application/sdp",), tagged=False)
    leg.respond(options, options.arrived_us + rng.randrange(2_000, 30_000), "200 OK", ("Accept: application/sdp",))
    return leg.packets


SCENARIOS: tuple[tuple[Callable[[random.Random, float], list[Packet]], int], ...] = (
    (answered, 24),
    (two_legs, 16),
    (challenged, 10),
    (held, 5),
    (forked, 4),
    (refused, 10),
    (unanswered, 5),
    (cancelled, 6),
    (registered, 14),
    (pinged, 6),
)
"""What happens, and how often."""


def _inside(rng: random.Random) -> Party:
    return Party(f"+493023125{rng.randrange(1000):03}", rng.choice(NAMES), HOME)


def _outside(rng: random.Random) -> Party:
    return Party(f"+1{rng.choice((202, 312, 415, 617))}55501{rng.randrange(100):02}", rng.choice(NAMES), CARRIER)


def _phone(rng: random.Random) -> Host:
    software = rng.choice(PHONES)
    if rng.random() < 0.12:
        return Host(f"2001:db8:20::{rng.randrange(1, 0xFFFF):x}", software=software, port=rng.randrange(5060, 5070))
    return Host(f"198.51.100.{rng.randrange(1, 255)}", software=software, port=rng.choice((5060, 5060, 5062, 12060)))


def _leg(rng: random.Random, route: tuple[Host, ...] = (), called: Party | None = None) -> Leg:
    caller = _inside(rng)
    return Leg(rng, [], route or (_phone(rng), EDGE, _phone(rng)), caller, called or _inside(rng))


def _offer(leg: Leg, direction: str = "sendrecv") -> str:
    return sdp(leg.rng, MEDIA.ip, direction)


def _answer(leg: Leg) -> str:
    return sdp(leg.rng, MEDIA.ip, only=leg.rng.choice((8, 8, 8, 0, 9)))


def _trying(leg: Leg, invite: Transaction, late_us: int = 0) -> None:
    """Each host but the last says 100 to the one before it."""
    for hop in range(len(invite.chain) - 1):
        leg.respond(invite, invite.arrived_us + late_us + hop * 400, "100 Trying", hops=(hop, hop + 1))


def _rung(leg: Leg, at_us: int, pace: float, headers: tuple[str, ...] = ()) -> tuple[Transaction, int]:
    """An INVITE up to where the called one rings, now and then sent twice; when something happens next."""
    offer = _offer(leg)
    invite = leg.request(at_us, "INVITE", headers, offer, tagged=False)
    late_us = 0
    if leg.rng.random() < 0.03:
        leg.request(at_us + 500_000, "INVITE", headers, offer, tagged=False, like=invite, hops=(0, 1))
        late_us = 520_000
    _trying(leg, invite, late_us)
    ringing_us = invite.arrived_us + late_us + leg.rng.randrange(40_000, 900_000)
    ringing_us = leg.respond(invite, ringing_us, "180 Ringing")
    return invite, ringing_us + int(leg.rng.uniform(1.5, 10) * pace * SECOND)


def _taken(leg: Leg, invite: Transaction, at_us: int) -> int:
    """200 and ACK."""
    at_us = leg.respond(invite, at_us, "200 OK", body=_answer(leg))
    leg.cseq = invite.cseq
    return leg.request(at_us + 900, "ACK").arrived_us


def _cancel(leg: Leg, invite: Transaction, at_us: int, hops: tuple[int, int], headers: tuple[str, ...] = ()) -> int:
    """CANCEL and its 200 over one hop."""
    cancel = leg.request(at_us, "CANCEL", headers, like=invite, tagged=False, hops=hops)
    return leg.respond(cancel, cancel.arrived_us, "200 canceling", hops=hops)


def _talk(leg: Leg, at_us: int, pace: float) -> int:
    """Talk with RTCP reports of the media relay; when it ends."""
    length_us = int(min(leg.rng.lognormvariate(2.6, 0.7), 30) * pace * SECOND)
    for offset_us, source, target, payload in reports(leg.rng, MEDIA.ip, leg.route[0].ip, length_us):
        leg.report(source, target, MEDIA, at_us + offset_us, payload)
    return at_us + length_us


def _bye(leg: Leg, at_us: int, backwards: bool | None = None) -> int:
    backwards = leg.rng.random() < 0.4 if backwards is None else backwards
    bye = leg.request(at_us, "BYE", ('Reason: Q.850;cause=16;text="Normal call clearing"',), backwards=backwards)
    return leg.respond(bye, bye.arrived_us + 1_500, "200 OK")


def _credentials(leg: Leg, header: str, method: str, nonce: str) -> str:
    uri = leg.called.uri if method == "INVITE" else f"sip:{HOME}"
    return (
        f'{header}: Digest username="{leg.caller.user}", realm="{HOME}", nonce="{nonce}", uri="{uri}", '
        f'response="{leg.token(32)}", algorithm=MD5, cnonce="{leg.token(8)}", qop=auth, nc=00000001'
    )
