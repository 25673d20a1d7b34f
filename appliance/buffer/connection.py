"""Connections to Redis; without retries of the client's own, since a repeated XADD must be ours to decide."""

from typing import Any

import redis
import redis.asyncio
from redis.backoff import NoBackoff
from redis.retry import Retry

from appliance.settings import RedisSettings

AsyncClient = redis.asyncio.Redis
BlockingClient = redis.Redis

BufferError = redis.RedisError
"""What every function of this package may raise when Redis refuses or is away (and OSError)."""

TIMEOUT_SECONDS = 5.0


def open_blocking(settings: RedisSettings) -> redis.Redis:
    """A client for threads: receivers and commands."""
    options: dict[str, Any] = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
    retry = Retry(NoBackoff(), 0)
    if settings.socket:
        return redis.Redis(unix_socket_path=str(settings.socket), retry=retry, **options)
    return redis.Redis.from_url(settings.url, retry=retry, **options)


def open_async(settings: RedisSettings) -> redis.asyncio.Redis:
    """A client for event loops: writers, scheduler, web."""
    options: dict[str, Any] = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
    retry = redis.asyncio.retry.Retry(NoBackoff(), 0)
    if settings.socket:
        return redis.asyncio.Redis(unix_socket_path=str(settings.socket), retry=retry, **options)
    return redis.asyncio.Redis.from_url(settings.url, retry=retry, **options)
