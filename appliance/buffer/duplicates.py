"""Which packets were seen within a short time, by any writer: a key in Redis for each, while that is asked for.

A key holds the time of receipt and the identity (batch and place in it) of the packet that was first, so that a batch
that comes again after a fault does not take its own packets for copies of themselves; times are those of receipt, so
that a backlog that is worked off quickly does not bring retransmissions closer together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from appliance.buffer.connection import AsyncClient

PREFIX = b"hepbox:seen:"
LASTING_MS = 60_000
"""How long a key outlives its window: two copies may be worked off by two writers, one of them late."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One packet: the hash of what makes it the same as another, when it came, and which one it is."""

    digest: bytes
    received_us: int
    identity: str


async def repeated(client: AsyncClient, sightings: Sequence[Sighting], window_ms: int) -> set[str]:
    """Identities of packets that came within the window of an equal one. Raises BufferError, OSError."""
    first = await _set_where_new(client, sightings, window_ms)
    met = [sighting for sighting, is_new in zip(sightings, first, strict=True) if not is_new]
    if not met:
        return set()
    held = await client.mget([PREFIX + sighting.digest for sighting in met])
    found: set[str] = set()
    later: dict[bytes, Sighting] = {}
    for sighting, value in zip(met, held, strict=True):
        before = later.get(sighting.digest) or _read(sighting.digest, value)
        if before is None or before.identity == sighting.identity:
            continue
        if abs(sighting.received_us - before.received_us) < window_ms * 1000:
            found.add(sighting.identity)
        else:
            later[sighting.digest] = sighting
    if later:
        pipe = client.pipeline(transaction=False)
        for sighting in later.values():
            pipe.set(PREFIX + sighting.digest, _written(sighting), px=window_ms + LASTING_MS)
        await pipe.execute()
    return found


async def _set_where_new(client: AsyncClient, sightings: Sequence[Sighting], window_ms: int) -> list[bool]:
    pipe = client.pipeline(transaction=False)
    for sighting in sightings:
        pipe.set(PREFIX + sighting.digest, _written(sighting), nx=True, px=window_ms + LASTING_MS)
    return [bool(done) for done in await pipe.execute()]


def _written(sighting: Sighting) -> bytes:
    return f"{sighting.received_us} {sighting.identity}".encode()


def _read(digest: bytes, value: bytes | str | None) -> Sighting | None:
    if not isinstance(value, bytes):
        return None
    received_us, _, identity = value.decode().partition(" ")
    return Sighting(digest, int(received_us), identity)
