"""Counters of all processes, summed in Redis so that they outlive every one of them."""

import json
from collections.abc import Mapping
from typing import Any

import redis
import redis.asyncio

from appliance.buffer import keys

Sums = dict[tuple[str, ...], int]
"""(name, label …) -> sum."""

LIFE_SIGN_SECONDS = 10


def add_blocking(client: redis.Redis, sums: Mapping[str, int]) -> None:
    """Hand over what one process counted. Raises BufferError or OSError."""
    pipeline = client.pipeline(transaction=True)
    for key, amount in sums.items():
        pipeline.hincrby(keys.COUNTERS, key, amount)
    pipeline.execute()


async def add(client: redis.asyncio.Redis, sums: Mapping[str, int]) -> None:
    """`add_blocking` for event loops."""
    pipeline = client.pipeline(transaction=True)
    for key, amount in sums.items():
        pipeline.hincrby(keys.COUNTERS, key, amount)
    await pipeline.execute()


async def read(client: redis.asyncio.Redis) -> Sums:
    """All sums so far. Raises BufferError or OSError."""
    raw: Any = await client.hgetall(keys.COUNTERS)
    return {tuple(key.decode("utf-8", "replace").split("\x1f")): int(value) for key, value in raw.items()}


def life_sign_blocking(client: redis.Redis, process: str, facts: Mapping[str, Any]) -> None:
    """Say that a process lives, with facts that the health page shows."""
    client.set(keys.PROCESS + process, json.dumps(dict(facts)), ex=LIFE_SIGN_SECONDS)


async def life_sign(client: redis.asyncio.Redis, process: str, facts: Mapping[str, Any]) -> None:
    """`life_sign_blocking` for event loops."""
    await client.set(keys.PROCESS + process, json.dumps(dict(facts)), ex=LIFE_SIGN_SECONDS)


async def life_signs(client: redis.asyncio.Redis) -> dict[str, dict[str, Any]]:
    """The last facts of every process that lives."""
    names = [name async for name in client.scan_iter(match=f"{keys.PROCESS}*", count=1000)]
    values = await client.mget(names) if names else []
    return {
        name.decode()[len(keys.PROCESS) :]: json.loads(value)
        for name, value in sorted(zip(names, values, strict=True))
        if value
    }
