"""How soon a message can be searched: single messages sent while the mix runs, and looked for until they are there."""

import asyncio
import contextlib
import secrets
import socket
import statistics
import time

from appliance.hep.encode import encode
from appliance.model.ids import callid_key
from appliance.model.kinds import DailyTable, Kind, day_of
from appliance.model.packet import Packet
from appliance.storage.connection import Database
from appliance.storage.measure import is_there

EVERY_SECONDS = 0.25
LOOK_SECONDS = 0.02
SOONEST_SHARE = 0.7
"""Of the shortest delay so far: before that nobody looks, since looking costs the server that is measured."""
GIVE_UP_SECONDS = 30.0


async def keep_probing(database: Database, port: int, stop: asyncio.Event) -> list[float]:
    """Milliseconds from sending to being found, one for each message that was sent."""
    delays_ms: list[float] = []
    with socket.socket(type=socket.SOCK_DGRAM) as sender:
        while not stop.is_set():
            begun = time.monotonic()
            delays_ms.append(await _probe(database, sender, port, SOONEST_SHARE * min(delays_ms, default=0) / 1000))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), max(0.001, EVERY_SECONDS - (time.monotonic() - begun)))
    return delays_ms


async def _probe(database: Database, sender: socket.socket, port: int, soonest: float) -> float:
    now_us, callid = time.time_ns() // 1000, f"{secrets.token_hex(8)}@probe.example.com".encode()
    sender.sendto(encode(_packet(callid, now_us)), ("127.0.0.1", port))
    table, key = DailyTable(day_of(now_us), Kind.REST), callid_key(callid, now_us)
    begun = time.monotonic()
    await asyncio.sleep(soonest)
    for _ in range(int(GIVE_UP_SECONDS / LOOK_SECONDS)):
        if await is_there(database, table, key):
            break
        await asyncio.sleep(LOOK_SECONDS)
    return (time.monotonic() - begun) * 1000


def _packet(callid: bytes, now_us: int) -> Packet:
    payload = (
        b"OPTIONS sip:probe.example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.250;branch=z9hG4bK" + callid[:16] +
        b"\r\nFrom: <sip:probe@example.com>;tag=1\r\nTo: <sip:probe.example.com>\r\nCall-ID: " + callid +
        b"\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
    )  # fmt: skip
    return Packet(3, 1, 17, "192.0.2.250", 5060, "192.0.2.251", 5060, now_us, 9, b"probe", b"", payload)


def percentiles(delays_ms: list[float]) -> dict[str, float]:
    """The median and the 99th of 100."""
    if len(delays_ms) < 2:
        return {"p50": round(sum(delays_ms), 1), "p99": round(sum(delays_ms), 1)}
    cuts = statistics.quantiles(delays_ms, n=100, method="inclusive")
    return {"p50": round(cuts[49], 1), "p99": round(cuts[98], 1)}
