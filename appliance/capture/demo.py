"""Made-up traffic for `hepbox demo` and tests: varied calls of nobody, the same for the same random numbers."""

import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import replace

from appliance.capture.leg import Leg, Party
from appliance.capture.steps import (
    CARRIER,
    CORE,
    EDGE,
    GATEWAY,
    HOME,
    PBX,
    SECOND,
    answer,
    bye,
    cancel,
    credentials,
    inside,
    new_leg,
    offer,
    outside,
    phone,
    rung,
    taken,
    talk,
    trying,
)
from appliance.model.packet import Packet

LONGEST_SECONDS = 45
"""What most calls take at most when `pace` is 1."""


def traffic(rng: random.Random, start_us: int, calls_per_second: float, seconds: float) -> Iterator[Packet]:
    """Calls, registrations and pings that begin within `seconds` from `start_us`, in order of time.

    Towards the end they ring and talk more and more briefly, so that the last ones end a few seconds after it.
    """
    waiting: list[tuple[int, int, Packet]] = []
    serial = 0
    for number in range(max(1, round(calls_per_second * seconds))):
        begin_s = number / calls_per_second
        begin_us = start_us + int(begin_s * SECOND)
        while waiting and waiting[0][0] <= begin_us:
            yield heapq.heappop(waiting)[2]
        for packet in scenario(rng, min(1.0, (seconds - begin_s) / LONGEST_SECONDS)):
            serial += 1
            at_us = begin_us + (packet.time_us or 0)
            heapq.heappush(waiting, (at_us, serial, replace(packet, time_us=at_us)))
    while waiting:
        yield heapq.heappop(waiting)[2]


def scenario(rng: random.Random, pace: float = 1.0) -> list[Packet]:
    """The packets of one call or other dialog; times are offsets in microseconds. `pace` scales rings and talks."""
    make = rng.choices([one for one, _ in SCENARIOS], [weight for _, weight in SCENARIOS])[0]
    return make(rng, pace)


def answered(rng: random.Random, pace: float) -> list[Packet]:
    """Phone to phone over the edge: rings, is answered, talks with RTCP reports, ends."""
    leg = new_leg(rng)
    invite, at_us = rung(leg, 0, pace)
    at_us = taken(leg, invite, at_us)
    at_us = talk(leg, at_us, pace)
    bye(leg, at_us)
    return leg.packets


def challenged(rng: random.Random, pace: float) -> list[Packet]:
    """As answered, but the edge first wants credentials (407)."""
    leg = new_leg(rng)
    invite = leg.request(0, "INVITE", body=offer(leg), tagged=False, hops=(0, 1))
    nonce = leg.token(16)
    wanted = f'Proxy-Authenticate: Digest realm="{HOME}", nonce="{nonce}", algorithm=MD5, qop="auth"'
    at_us = leg.respond(invite, invite.arrived_us, "407 Proxy Authentication Required", (wanted,), hops=(0, 1))
    at_us = leg.request(at_us, "ACK", like=invite, hops=(0, 1)).arrived_us
    invite, at_us = rung(leg, at_us + 20_000, pace, (credentials(leg, "Proxy-Authorization", "INVITE", nonce),))
    at_us = taken(leg, invite, at_us)
    bye(leg, talk(leg, at_us, pace))
    return leg.packets


def two_legs(rng: random.Random, pace: float) -> list[Packet]:
    """From a phone to a carrier through the PBX: two Call-IDs, the second names the first in X-CID."""
    first = new_leg(rng, route=(phone(rng), EDGE, PBX), called=outside(rng))
    invite = first.request(0, "INVITE", body=offer(first), tagged=False)
    trying(first, invite)
    first.log(EDGE, invite.arrived_us, f"INFO: <script>: INVITE from {first.caller.user} to {first.called.user} -> PBX")
    second = Leg(rng, first.packets, (PBX, CORE, GATEWAY), replace(first.caller, domain=CARRIER), first.called)
    second.correlation = first.callid
    onward, at_us = rung(second, invite.arrived_us + 12_000, pace)
    early_us = min(950_000, (at_us - onward.arrived_us) // 2)
    first.respond(invite, onward.arrived_us + early_us, "183 Session Progress", body=answer(first))
    at_us = taken(second, onward, at_us)
    at_us = taken(first, invite, at_us)
    at_us = talk(first, at_us, pace)
    bye(first, at_us)
    bye(second, at_us + 3_000, backwards=False)
    first.log(EDGE, at_us + 9_000, f"INFO: <script>: call {first.callid} ended, reason Normal call clearing")
    return first.packets


def held(rng: random.Random, pace: float) -> list[Packet]:
    """A call that is put on hold and taken back by two re-INVITEs."""
    leg = new_leg(rng)
    invite, at_us = rung(leg, 0, pace)
    at_us = talk(leg, taken(leg, invite, at_us), pace / 2)
    for direction in ("sendonly", "sendrecv"):
        again = leg.request(at_us, "INVITE", body=offer(leg, direction))
        at_us = leg.respond(again, again.arrived_us + 4_000, "200 OK", body=answer(leg))
        at_us = leg.request(at_us + 1_000, "ACK").arrived_us
        at_us += int(rng.uniform(2, 6) * pace * SECOND)
    bye(leg, at_us)
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
    leg = new_leg(rng)
    if cause == 17 or cause == 21:
        invite, at_us = rung(leg, 0, pace / 3)
    else:
        invite = leg.request(0, "INVITE", body=offer(leg), tagged=False)
        trying(leg, invite)
        at_us = invite.arrived_us + rng.randrange(5_000, 90_000)
    leg.refuse(invite, at_us, status, (f"Reason: Q.850;cause={cause}",))
    return leg.packets


def unanswered(rng: random.Random, pace: float) -> list[Packet]:
    """It rings until the far end gives up (480), or nothing ever comes but 100 (408 by the edge)."""
    leg = new_leg(rng)
    if rng.random() < 0.8:
        invite, at_us = rung(leg, 0, pace * 2.5)
        leg.refuse(invite, at_us, "480 Temporarily Unavailable", ('Reason: Q.850;cause=19;text="No answer"',))
        return leg.packets
    body = offer(leg)
    invite = leg.request(0, "INVITE", body=body, tagged=False)
    leg.respond(invite, invite.arrived_us, "100 Trying", hops=(0, 1))
    for wait in (0.5, 1.5, 3.5):
        leg.request(int(wait * SECOND), "INVITE", body=body, tagged=False, like=invite, hops=(1, 2))
    leg.refuse(invite, int(max(4.0, 30 * pace) * SECOND), "408 Request Timeout", hops=(0, 1))
    return leg.packets


def cancelled(rng: random.Random, pace: float) -> list[Packet]:
    """The caller hangs up while it rings."""
    leg = new_leg(rng)
    invite, at_us = rung(leg, 0, pace * 1.5)
    cancel(leg, invite, at_us, (0, 1), ('Reason: SIP;cause=487;text="ORIGINATOR_CANCEL"',))
    at_us = cancel(leg, invite, at_us + 1_500, (1, 2))
    leg.refuse(invite, at_us + 3_000, "487 Request Terminated")
    return leg.packets


def forked(rng: random.Random, pace: float) -> list[Packet]:
    """The edge rings two phones with one Call-ID; one answers, the other is cancelled."""
    leg = new_leg(rng)
    body = offer(leg)
    invite = leg.request(0, "INVITE", body=body, tagged=False)
    trying(leg, invite)
    other = replace(leg, route=(*leg.route[:-1], phone(rng)), to_tag=leg.token(10))
    second = replace(invite, chain=other.route, branches=(invite.branches[0], f"z9hG4bK{leg.token(12)}"))
    other.request(invite.arrived_us, "INVITE", body=body, like=second, tagged=False, hops=(1, 2))
    for one, transaction in ((leg, invite), (other, second)):
        one.respond(transaction, invite.arrived_us + rng.randrange(30_000, 200_000), "180 Ringing")
    at_us = taken(leg, invite, int(rng.uniform(2, 8) * pace * SECOND) + 300_000)
    lost_us = cancel(other, second, at_us, (1, 2))
    other.refuse(second, lost_us + 2_000, "487 Request Terminated", hops=(1, 2))
    bye(leg, talk(leg, at_us + 10_000, pace))
    return leg.packets


def registered(rng: random.Random, pace: float) -> list[Packet]:
    """A phone registers: challenged, then accepted, or with a wrong password refused."""
    telephone, party = phone(rng), inside(rng)
    leg = Leg(rng, [], (telephone, EDGE), party, party)
    expires = ("Expires: 600",)
    first = leg.request(0, "REGISTER", expires, tagged=False)
    nonce = leg.token(16)
    wanted = f'WWW-Authenticate: Digest realm="{HOME}", nonce="{nonce}", algorithm=MD5, qop="auth"'
    at_us = leg.respond(first, first.arrived_us + 600, "401 Unauthorized", (wanted,))
    proof = credentials(leg, "Authorization", "REGISTER", nonce)
    again = leg.request(at_us + 15_000, "REGISTER", (*expires, proof), tagged=False)
    if rng.random() < 0.08:
        leg.respond(again, again.arrived_us + 900, "403 Forbidden")
    else:
        bound = f"Contact: <sip:{party.user}@{telephone.address}>;expires=600"
        leg.respond(again, again.arrived_us + 900, "200 OK", (bound,))
    return leg.packets


def pinged(rng: random.Random, pace: float) -> list[Packet]:
    """OPTIONS between core and carrier."""
    leg = Leg(rng, [], (CORE, GATEWAY), Party("ping", "core-1", HOME), Party("ping", "", CARRIER))
    options = leg.request(0, "OPTIONS", ("Accept: application/sdp",), tagged=False)
    leg.respond(options, options.arrived_us + rng.randrange(2_000, 30_000), "200 OK", ("Accept: application/sdp",))
    return leg.packets


Scenario = Callable[[random.Random, float], list[Packet]]

SCENARIOS: tuple[tuple[Scenario, int], ...] = (
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
